import type { Sandbox } from '../../system/sandbox/sandbox.ts';

export interface NetworkFlags {
  readonly flags: readonly string[];
  /** Why the daemon makes no packet filter rules, or null when it does. */
  readonly withoutIptables: string | null;
}

const TRIAL_MS = 10_000;
const TRIAL = 'command -v iptables >/dev/null || exit 127; exec iptables -t nat -L -n';

/**
 * With iptables where that works in the sandbox, else without: dockerd refuses to start when it cannot make its rules
 * (libnetwork/drivers/bridge). Published ports go through docker-proxy either way. `help`: text of `dockerd --help`.
 */
export async function networkFlags(sandbox: Sandbox, help: string): Promise<NetworkFlags> {
  const tried = await sandbox.run(['sh', '-c', TRIAL], { timeoutMs: TRIAL_MS });
  if (tried.exitCode === 0) return { flags: [], withoutIptables: null };
  return {
    flags: ['--iptables=false', ...(help.includes('--ip6tables') ? ['--ip6tables=false'] : [])],
    withoutIptables:
      tried.exitCode === 127
        ? 'this machine has no iptables'
        : `iptables does not work here: ${tried.stderr.trim().split('\n')[0] ?? ''}`,
  };
}
