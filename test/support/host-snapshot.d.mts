export interface HostSnapshot {
  readonly interfaces: readonly string[];
  readonly routes: readonly string[];
  readonly mounts: readonly string[];
  readonly cgroups: readonly string[];
  readonly processes: readonly string[];
  readonly iptables: readonly string[];
  readonly sysctl: readonly string[];
  readonly files: readonly string[];
  readonly temporary: readonly string[];
}
export function hostSnapshot(): HostSnapshot;
