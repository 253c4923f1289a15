import type { Entry, PackedBinary } from './entry.ts';
import type { TreeFiles } from './tree-files.ts';

/** Of deb and rpm. It says who built it, for it is not docker.io, docker-ce or moby-engine. */
export const PACKAGE_NAME = 'moby-build-engine';
const UNITS = 'usr/lib/systemd/system';

/** Where a text of the tree goes in a package; `null` folders are not of this format. */
interface Place {
  readonly from: string;
  readonly to: string;
  readonly mode: number;
  readonly config?: true;
}

const UNIT_PLACES: readonly Place[] = ['docker.service', 'docker.socket'].map((name) => ({
  from: `contrib/init/systemd/${name}`,
  to: `${UNITS}/${name}`,
  mode: 0o644,
}));

/** SysV scripts differ between the distributions; OpenRC's go with the documents, for a host without systemd has its own policy. */
const PLACES: Readonly<Record<'deb' | 'rpm', readonly Place[]>> = {
  deb: [
    { from: 'contrib/init/sysvinit-debian/docker', to: 'etc/init.d/docker', mode: 0o755, config: true },
    { from: 'contrib/init/sysvinit-debian/docker.default', to: 'etc/default/docker', mode: 0o644, config: true },
  ],
  rpm: [
    { from: 'contrib/init/sysvinit-redhat/docker', to: 'etc/rc.d/init.d/docker', mode: 0o755, config: true },
    { from: 'contrib/init/sysvinit-redhat/docker.sysconfig', to: 'etc/sysconfig/docker', mode: 0o644, config: true },
  ],
};

/**
 * The files of a deb or an rpm: binaries in /usr/bin, the tree's units with the drop-in, SysV scripts, OpenRC scripts as examples, licences.
 * Pure.
 *
 * @param dropIn text, or null where none is needed
 */
export function packageContents(
  format: 'deb' | 'rpm',
  binaries: readonly PackedBinary[],
  tree: TreeFiles,
  dropIn: string | null,
): readonly Entry[] {
  const docs = `usr/share/doc/${PACKAGE_NAME}`;
  const text = (path: string) => tree.files.find((file) => file.path === path)?.text;
  const placed = [...UNIT_PLACES, ...PLACES[format]].flatMap(({ from, to, mode, config }): Entry[] => {
    const found = text(from);
    return found === undefined ? [] : [{ path: to, mode, from: { text: found }, config }];
  });
  const openrc = tree.files
    .filter(({ path }) => path.startsWith('contrib/init/openrc/'))
    .map((file) => ({
      path: `${docs}/openrc/${file.path.replace('contrib/init/openrc/', '')}`,
      mode: 0o644,
      from: { text: file.text },
    }));
  return [
    ...binaries.map(({ name, path }) => ({ path: `usr/bin/${name}`, mode: 0o755, from: { file: path } })),
    ...placed,
    ...(dropIn === null
      ? []
      : [{ path: `${UNITS}/docker.service.d/10-moby-build.conf`, mode: 0o644, from: { text: dropIn } }]),
    ...openrc,
    { path: `${docs}/copyright`, mode: 0o644, from: { text: copyright(text('LICENSE') ?? '', text('NOTICE') ?? '') } },
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function copyright(licence: string, notice: string): string {
  return [
    'Compiled from source by moby-build. Source of the engine: https://github.com/moby/moby',
    'The components beside dockerd (containerd, runc, tini, rootlesskit) have licences of their own in their repositories.',
    '',
    ...(notice === '' ? [] : ['NOTICE of moby:', '', notice]),
    'LICENSE of moby:',
    '',
    licence,
  ].join('\n');
}
