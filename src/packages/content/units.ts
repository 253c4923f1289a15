/** What the tree's docker.service needs so that dockerd starts the containerd of the same package. */
export type DropIn =
  | { readonly kind: 'text'; readonly text: string }
  /** The unit names no outside containerd. */
  | { readonly kind: 'not-needed' }
  /** The unit cannot start without containerd.service, which a drop-in cannot change (systemd.unit(5)). */
  | { readonly kind: 'impossible'; readonly line: string };

const COMMENT = `# dockerd starts the containerd of this package itself. The unit's own line asks for one that runs already.
# To use an outside containerd, pack with --containerd outside.`;

/**
 * A drop-in that repeats ExecStart= of a unit without `--containerd=`; an empty ExecStart= clears the old one (systemd.service(5)). dockerd
 * starts its own containerd where the flag is not given (cmd/dockerd/daemon_unix.go, initContainerd). Pure.
 */
export function dropInFor(unit: string): DropIn {
  const lines = unit.split('\n');
  const binds = lines.find((line) => /^(?:BindsTo|Requires|Requisite)=(?:.*\s)?containerd\.service\b/u.test(line));
  if (binds !== undefined) return { kind: 'impossible', line: binds };
  const start = lines.find((line) => line.startsWith('ExecStart=') && line !== 'ExecStart=') ?? '';
  const own = start.replace(/\s--containerd(?:=|\s+)\S+/u, '');
  if (own === start) return { kind: 'not-needed' };
  return { kind: 'text', text: `${COMMENT}\n[Service]\nExecStart=\n${own}\n` };
}
