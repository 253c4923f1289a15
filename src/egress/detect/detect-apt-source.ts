import { isSourcesPath, readSources, sourceLocation } from '../world/apt-sources.ts';
import { DEBIAN_DOMAIN } from '../world/default-hosts.ts';
import type { Call, Site } from '../world/call.ts';
import { anchorAt, splitOptions, unknownCall } from '../world/call.ts';
import { resolvePath } from '../values/paths.ts';
import { mapChoices } from '../values/value.ts';
import type { Origin, Value } from '../values/value.ts';
import { writes } from '../world/written-texts.ts';
import type { Piece } from '../world/written-texts.ts';

/** A command that writes a file: the world keeps its text, and one that apt reads adds sources. */
export function detectSourceWrite(call: Call, site: Site): void {
  for (const { path, append, content } of writes(call)) {
    site.world.write(path, content, append);
    if (!isSourcesPath(path)) continue;
    const found = content.flatMap((piece) =>
      readSources(piece.text.replaceAll(/\\n/g, '\n')).map((source) => ({ ...source, piece })),
    );
    if (found.length === 0) {
      // `echo > FILE` empties it; what other commands write there is not read here.
      const isOpen =
        content.length === 0 ? !/^(?:echo|printf|true|:)$/.test(call.name) : !content.every(({ sure }) => sure);
      if (isOpen || content.some((piece) => /deb|URIs/.test(piece.text)))
        unknownCall(call, site, `the source written to ${path} is not known`);
      continue;
    }
    for (const { base, suite, piece } of found) {
      site.points.add({
        file: call.source.file,
        line: piece.line,
        netLine: call.line,
        kind: 'apt-source',
        ...sourceLocation(base, (file) => site.world.read(file)),
        suite,
        anchor: anchorAt(within(piece, base), 'apt-url', site.world.tree),
        key: `${base}\0${suite}`,
      });
    }
    // Written anew, the stage's own list is no longer what apt reads.
    if (!append && (path === '/etc/apt/sources.list' || path.endsWith('/debian.sources')))
      site.world.apt.put(path, found, site.world.branches > 0);
  }
}

/** The URL's own range inside the piece: only where the file says it letter by letter. */
function within(piece: Piece, base: string): Origin | null {
  const at = piece.written.indexOf(base);
  if (piece.origin === null || at === -1) return null;
  // An escape before the URL would shift it; `anchorOf` compares with the file, so a shifted range is seen and dropped.
  return { ...piece.origin, start: piece.origin.start + at, end: piece.origin.start + at + base.length };
}

/** `rm` of sources, and `sed` that changes their host: what the tree's APT_MIRROR does. */
export function detectSourceChange(call: Call, site: Site): void {
  const { world } = site;
  const maybe = world.branches > 0;
  if (call.name === 'rm') {
    for (const operand of splitOptions(call.args, new Set()).operands) {
      const paths = operand.choices ?? [];
      for (const path of paths.map((text) => resolvePath(call.state.cwd, text)))
        if (path.startsWith('/etc/apt/')) world.apt.remove(path, maybe || paths.length > 1);
    }
    return;
  }
  // Without -i it prints.
  if (!call.args.some((arg) => isSourcesPath(arg.text)) || !call.args.some((arg) => IN_PLACE.test(arg.text))) return;
  for (const script of sedScripts(call.args)) {
    const texts = script.choices ?? [withoutOpen(script.text, world.openArgs)];
    const changes = texts.map((text) => (text === null ? null : hostsAfter(text)));
    const outcomes = changes.flatMap((change) => change ?? []);
    const hosts = outcomes.filter((host) => host !== OWN_HOST);
    if (changes.includes(null)) unknownCall(call, site, 'what sed puts into a list of sources is not known');
    else if (hosts.length > 0) world.apt.replaceDefaultHost(hosts, maybe || outcomes.includes(OWN_HOST));
  }
}

/** A script in which nothing but arguments without a value are not known: in this build they are empty. Null for another one. */
function withoutOpen(text: string, openArgs: ReadonlySet<string>): string | null {
  const filled = text.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (written, plain?: string, braced?: string) =>
    openArgs.has(plain ?? braced ?? '') ? '' : written,
  );
  return /[$`]/.test(filled) ? null : filled;
}

/** A line of the image's own list. */
const OWN_SOURCE = `deb http://deb${DEBIAN_DOMAIN}/debian`;
const IN_PLACE = /^(?:-[A-Za-z]*i|--in-place)/;

/** The scripts of a sed: the values of -e, or its first operand. Rule: sed(1). */
function sedScripts(args: readonly Value[]): Value[] {
  const given = args.flatMap(
    ({ text }, index) => (/^(?:-[A-Za-z]*e|--expression)$/.test(text) ? args[index + 1] : undefined) ?? [],
  );
  const attached = args.flatMap((arg) => {
    const [prefix = ''] = /^--expression=/.exec(arg.text) ?? [];
    return prefix === '' ? [] : [mapChoices(arg, arg.text, (text) => text.slice(prefix.length))];
  });
  const all = [...given, ...attached];
  return all.length > 0 ? all : args.filter(({ text }) => !text.startsWith('-')).slice(0, 1);
}

/** Stands for the host that the image's own list names. */
const OWN_HOST = '';
/** What may stand before a command of sed: lines by number or pattern. Rule: sed(1), addresses. */
const ADDRESS = /^\s*((?:(?:\d+|\$|\/(?:\\.|[^/\\])*\/)[,~+]?\s*)+!?)?\s*/;
/** A host, or where one would stand. */
const HOST = /[\w-]\.[a-z]{2,}(?:\/|$)|:\/\/[^/]/i;
const QUIET_COMMAND = /^(?:[dDpP=qQ]|$)/;

/**
 * The hosts that may stand in the place of Debian's own in a list of sources, after a script of sed: `OWN_HOST` where it may stay. null
 * where the script may put a host there in another way.
 */
function hostsAfter(script: string): readonly string[] | null {
  let found: readonly string[] = [OWN_HOST];
  for (const command of script.split(/[;\n]/)) {
    const address = ADDRESS.exec(command);
    const bare = command.slice(address?.[0].length ?? 0);
    const parts = /^s(\W)((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)/.exec(bare);
    if (parts === null) {
      if (QUIET_COMMAND.test(bare) || !HOST.test(bare)) continue;
      return null;
    }
    const [, , pattern = '', replacement = ''] = parts;
    const host = hostAfter(pattern.replaceAll('\\', ''), replacement);
    if (host === null) return null;
    if (host !== OWN_HOST) found = address?.[1] === undefined ? [host] : [...found, host];
  }
  return found;
}

/** The same of one `s` command. `expression`: without backslashes. */
function hostAfter(expression: string, replacement: string): string | null {
  // What it finds stays as it is: APT_MIRROR with its default.
  if (expression === replacement.replaceAll('\\', '')) return OWN_HOST;
  const host = replacement.replace(/^https?:\\?\/\\?\//, '').replace(/[/\\].*$/, '');
  if (!expression.includes('debian.org')) return HOST.test(replacement.replaceAll('\\', '')) ? null : OWN_HOST;
  // Debian's security updates have a host of their own, which is not looked at apart.
  if (expression.includes('security') && !fits(expression, OWN_SOURCE)) return OWN_HOST;
  if (/[$`&*]/.test(host)) return null;
  return host.endsWith(DEBIAN_DOMAIN) ? OWN_HOST : host;
}

/** Whether a regular expression fits; one that cannot be read does. */
function fits(expression: string, text: string): boolean {
  try {
    return new RegExp(expression).test(text);
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}
