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
