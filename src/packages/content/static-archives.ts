import type { Entry, PackedBinary } from './entry.ts';
import type { PackageVersion } from './package-version.ts';
import type { TreeFiles } from './tree-files.ts';

/** One archive: the name of its file and what is in it. */
export interface Archive {
  readonly file: string;
  readonly entries: readonly Entry[];
}

/** What docker ships apart (docker-ce-packaging, static/Makefile). */
const ROOTLESS = /^(?:rootlesskit|rootlesskit-docker-proxy|vpnkit|dockerd-rootless.*\.sh)$/u;

/**
 * The archives of a build in the layout of docker's static ones: `docker/`, the rootless extras apart, and, where the tree is known, its
 * start scripts and licences in a third. Pure.
 */
export function staticArchives(
  binaries: readonly PackedBinary[],
  { archive }: PackageVersion,
  tree: TreeFiles | null,
): readonly Archive[] {
  const rootless = binaries.filter(({ name }) => ROOTLESS.test(name));
  const others = binaries.filter((binary) => !rootless.includes(binary));
  const entries = (folder: string, files: readonly PackedBinary[]): Entry[] =>
    files.map(({ name, path }) => ({ path: `${folder}/${name}`, mode: 0o755, from: { file: path } }));
  const scripts = (tree?.files ?? []).map(({ path, text }) => ({
    path: `docker-init-scripts/${path.replace('contrib/init/', '')}`,
    mode: isProgram(text) ? 0o755 : 0o644,
    from: { text },
  }));
  return [
    { file: `docker-${archive}.tgz`, entries: entries('docker', others) },
    { file: `docker-rootless-extras-${archive}.tgz`, entries: entries('docker-rootless-extras', rootless) },
    { file: `docker-init-scripts-${archive}.tgz`, entries: scripts },
  ].filter((each) => each.entries.length > 0);
}

/** Start scripts begin with `#!`; their settings and the units do not. */
function isProgram(text: string): boolean {
  return text.startsWith('#!');
}
