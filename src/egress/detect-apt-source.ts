import { isSourcesPath, readSources } from './apt-sources.ts';
import type { Call, Site } from './call.ts';
import { anchorAt, splitOptions, unknownCall } from './call.ts';
import { aptLocation } from './default-hosts.ts';
import { resolvePath } from './paths.ts';
import { certain } from './value.ts';
import type { Origin, Value } from './value.ts';

/** A command that writes a sources file: `echo … > FILE`, a here-document, `… | tee FILE`. */
export function detectSourceWrite(call: Call, site: Site): void {
  for (const { path, append, content } of writes(call)) {
    if (!isSourcesPath(path)) continue;
    const found = content.flatMap((piece) =>
      readSources(piece.text.replaceAll(/\\n/g, '\n')).map((source) => ({ ...source, piece })),
    );
    if (found.length === 0) {
      if (content.some((piece) => /deb|URIs/.test(piece.text)))
        unknownCall(call, site, `the source written to ${path} is not known`);
      continue;
    }
    for (const { base, suite, piece } of found) {
      site.points.add({
        file: call.source.file,
        line: piece.line,
        netLine: call.line,
        kind: 'apt-source',
        ...aptLocation(base),
        suite,
        anchor: anchorAt(within(piece, base), 'apt-url', site.world.tree),
        key: `${base}\0${suite}`,
      });
    }
    // Written anew, the stage's own list is no longer what apt reads.
    if (!append && (path === '/etc/apt/sources.list' || path.endsWith('/debian.sources')))
      site.world.apt.put(path, found);
  }
}

interface Piece {
  readonly text: string;
  readonly line: number;
  /** The text as it stands in the file, and where. */
  readonly written: string;
  readonly origin: Origin | null;
}

function writes(call: Call): { path: string; append: boolean; content: Piece[] }[] {
  const { source, command, state } = call;
  const here = command.redirects.flatMap((redirect): Piece[] => {
    if (redirect.body === null) return [];
    const text = source.text.slice(redirect.body.start, redirect.body.end);
    const range = source.range(redirect.body.start, redirect.body.end);
    const line = source.lineAt(redirect.body.start);
    return [
      { text, line, written: text, origin: { file: source.file, ...range, line, quote: 'none', place: 'script' } },
    ];
  });
  const words = (values: readonly Value[]): Piece[] => [pieceOf(values, call)];
  const isEcho = call.name === 'echo' || call.name === 'printf';
  const content = here.length > 0 ? here : words(isEcho ? call.args : (state.piped ?? []));
  if (call.name === 'tee') {
    const { options, operands } = splitOptions(call.args, new Set());
    return operands.map((operand) => ({
      path: resolvePath(state.cwd, operand.text),
      append: options.has('-a') || options.has('--append'),
      content,
    }));
  }
  return command.redirects.flatMap((redirect) => {
    if (
      redirect.target === null ||
      (redirect.operator !== '>' && redirect.operator !== '>>' && redirect.operator !== '>|')
    )
      return [];
    const path = call.targets.get(redirect)?.text ?? redirect.target.text;
    return [{ path: resolvePath(state.cwd, path), append: redirect.operator === '>>', content }];
  });
}

/** The words of an echo as one text; its place is that of the word with the source in it. */
function pieceOf(values: readonly Value[], call: Call): Piece {
  const holder = values.find((value) => /deb|URIs|:\/\//.test(value.text)) ?? values[0];
  const origin = holder?.origin ?? null;
  const text = values.map((value) => value.text).join(' ');
  return {
    text,
    line: origin?.place === 'script' && origin.file === call.source.file ? origin.line : call.line,
    written: holder?.text ?? '',
    origin,
  };
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
  if (call.name === 'rm') {
    for (const operand of splitOptions(call.args, new Set()).operands) {
      const path = resolvePath(call.state.cwd, operand.text);
      if (path.startsWith('/etc/apt/')) site.world.apt.remove(path);
    }
    return;
  }
  if (!call.args.some((arg) => isSourcesPath(arg.text))) return;
  for (const arg of call.args) {
    const text = certain(arg) ?? '';
    const match = /^s([/#|,!~@])(.*)$/.exec(text);
    const [pattern = '', replacement = ''] = match === null ? [] : (match[2] ?? '').split(match[1] ?? '/');
    if (!pattern.replaceAll('\\', '').includes('debian.org') || pattern.includes('security')) continue;
    const host = replacement.replace(/^https?:\/\//, '').replace(/[/\\].*$/, '');
    if (host !== '' && !host.endsWith('.debian.org')) site.world.apt.replaceDefaultHost(host);
  }
}
