import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import type { FileEntry } from '../files/tar-entries.ts';

/** The module in which Go's own releases are served (https://go.dev/doc/toolchain#proxy). */
export const TOOLCHAIN = 'golang.org/toolchain';

/** Its version for a release of Go: `v0.0.1-go1.20.10.linux-arm64`. Pure. @param arch GOARCH */
export function toolchainVersion(go: string, arch: string): string {
  return `v0.0.1-go${go}.linux-${arch}`;
}

/** Files that are unpacked at once: all of a release would take as much memory as the release is large. */
const AT_ONCE = 400;

/** What is no release of Go, in words for a person. */
export class ToolchainFault extends Error {
  override readonly name = 'ToolchainFault';
}

/**
 * The files of a release as official archives have them, below `go/`: in the zip no file can be executable, and `go.mod` files are called `_go.mod`, which
 * the go command sets right, too (cmd/go/internal/toolchain). The same zip gives the same files. Pure.
 *
 * @param seen is told the name and the sum of each file, for `zipSum`
 * @throws ToolchainFault for what is no zip, or holds a file of another place
 */
export function* toolchainFiles(
  zip: Uint8Array,
  version: string,
  seen: (name: string, sha256: string) => void,
): Generator<FileEntry, void, undefined> {
  const names = namesIn(zip);
  const prefix = `${TOOLCHAIN}@${version}/`;
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = new Set(names.slice(at, at + AT_ONCE));
    const files = unzipped(zip, (name) => some.has(name));
    for (const name of some) {
      const data = files[name] ?? new Uint8Array();
      seen(name, createHash('sha256').update(data).digest('hex'));
      const path = name.slice(prefix.length);
      if (!name.startsWith(prefix) || path.split('/').some((part) => part === '..' || part === ''))
        throw new ToolchainFault(`it holds ${JSON.stringify(name)}`);
      yield entryOf(path.replace(/(^|\/)_go\.mod$/u, '$1go.mod'), data);
    }
  }
}

function entryOf(path: string, data: Uint8Array): FileEntry {
  const isProgram = /^(?:bin|pkg\/tool)\//u.test(path) || /\.(?:bash|sh|pl|rc)$/u.test(path);
  return {
    path: `go/${path}`,
    type: 'file',
    mode: isProgram ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    time: 315_532_800,
    link: '',
    data,
  };
}

/** In the order of the sum. */
function namesIn(zip: Uint8Array): readonly string[] {
  const names: string[] = [];
  unzipped(zip, (name) => {
    if (!name.endsWith('/')) names.push(name);
    return false;
  });
  if (names.length === 0) throw new ToolchainFault('it holds no file');
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function unzipped(zip: Uint8Array, wanted: (name: string) => boolean): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(zip, { filter: ({ name }) => wanted(name) });
  } catch (cause) {
    // The library throws its own kind of Error for each fault of a zip.
    throw new ToolchainFault(`it is no zip: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The sum of a zip by those of its files, in the order of `toolchainFiles` (golang.org/x/mod/sumdb/dirhash, Hash1). Pure. */
export function zipSum(files: readonly (readonly [name: string, sha256: string])[]): string {
  const list = files.map(([name, sha256]) => `${sha256}  ${name}\n`).join('');
  return `h1:${createHash('sha256').update(list).digest('base64')}`;
}
