import type { TreeFiles } from './tree-files.ts';

/** What the tree's docker.service needs so that it starts the dockerd of a package, and that its containerd. */
export type DropIn =
  | { readonly kind: 'text'; readonly text: string }
  /** The unit fits as it is. */
  | { readonly kind: 'not-needed' }
  /** The unit cannot start without containerd.service, which a drop-in cannot change (systemd.unit(5)). */
  | { readonly kind: 'impossible'; readonly line: string };

const OWN = `# dockerd starts the containerd of this package itself. The unit's own line asks for one that runs already.
# To use an outside containerd, pack with --containerd outside.`;
const PLACE = '# The unit of the tree names another place for dockerd than this package has.';

/** Where a package has the daemon. */
const DOCKERD = '/usr/bin/dockerd';

/**
 * A drop-in that repeats ExecStart= of a unit with the dockerd of the package, and for its own containerd without `--containerd=`; an empty
 * ExecStart= clears the old one (systemd.service(5), which also has the signs before a path). dockerd starts its own containerd where the
 * flag is not given (cmd/dockerd/daemon_unix.go, initContainerd). Pure.
 */
export function dropInFor(unit: string, containerd: 'own' | 'outside'): DropIn {
  const lines = unit.split('\n');
  const binds = lines.find((line) => /^(?:BindsTo|Requires|Requisite)=(?:.*\s)?containerd\.service\b/u.test(line));
  if (containerd === 'own' && binds !== undefined) return { kind: 'impossible', line: binds };
  const start = lines.find((line) => line.startsWith('ExecStart=') && line !== 'ExecStart=') ?? '';
  const placed = start.replace(/^(ExecStart=[-@:+!|]*)\/\S*\/dockerd(?=\s|$)/u, `$1${DOCKERD}`);
  const ready = containerd === 'own' ? placed.replace(/\s--containerd(?:=|\s+)\S+/u, '') : placed;
  if (ready === start) return { kind: 'not-needed' };
  return { kind: 'text', text: `${ready === placed ? PLACE : OWN}\n[Service]\nExecStart=\n${ready}\n` };
}

const OPENRC = 'contrib/init/openrc';
const NO_OUTSIDE = `
# dockerd starts the containerd of this package itself, so no service of it is needed.
rc_need="!containerd"
`;

/**
 * The texts of a tree for a package with this containerd: moby's OpenRC script asks for a service `containerd` from some release on, which the
 * settings of the service can take away (OpenRC, etc/rc.conf, "rc_need"). Pure.
 */
export function openrcFor(tree: TreeFiles, containerd: 'own' | 'outside'): TreeFiles {
  const script = tree.files.find(({ path }) => path === `${OPENRC}/docker.initd`)?.text ?? '';
  if (containerd === 'outside' || !/^\s*need\s+(?:.*\s)?containerd\b/mu.test(script)) return tree;
  const files = tree.files.map((file) =>
    file.path === `${OPENRC}/docker.confd` ? { ...file, text: `${file.text}${NO_OUTSIDE}` } : file,
  );
  return { ...tree, files };
}
