import { isSourcesPath, readSources, sourceLocation } from '../world/apt-sources.ts';
import type { Call, Site } from '../world/call.ts';
import { anchorAt, splitOptions, unknownCall } from '../world/call.ts';
import { resolvePath } from '../values/paths.ts';
import { certain } from '../values/value.ts';
import type { Origin } from '../values/value.ts';
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
      site.world.apt.put(path, found);
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
