import type { Verdict } from '../context.ts';
import { installCommand } from '../install.ts';
import { CouldNotLook, sudo, textOf, type Asked, type FurtherCheck } from './asked.ts';

/**
 * What a daemon needs of the kernel, by check: options of its configuration. Source: moby, contrib/check-config.sh ("Generally Necessary"),
 * v20.10.12 to docker-v29.7.2.
 */
const BRIDGE = ['VETH', 'BRIDGE', 'BRIDGE_NETFILTER'];
const FIREWALL = [
  'NF_NAT',
  'IP_NF_FILTER',
  'IP_NF_NAT',
  'IP_NF_TARGET_MASQUERADE',
  'NETFILTER_XT_MATCH_ADDRTYPE',
  'NETFILTER_XT_MATCH_CONNTRACK',
  'NETFILTER_XT_MARK',
];
/** Listed there in 28.3, not in 28.0. */
const FIREWALL_SINCE_28 = ['IP_NF_RAW'];
const OTHERS = ['KEYS', 'POSIX_MQUEUE'];
/** iptables with the backend nf_tables asks for these in place of the older tables (iptables-nft(8)). */
const NFT_INSTEAD = ['NF_TABLES', 'NFT_COMPAT'];
/** Namespaces of a container, as /proc/self/ns names them. */
const NAMESPACES = ['ipc', 'mnt', 'net', 'pid', 'uts'];
/** Controllers without which the limits of containers do nothing (moby, pkg/sysinfo). */
const CONTROLLERS = ['cpu', 'cpuset', 'memory', 'pids'];

/** What the built daemon needs of this kernel; made with `--smoke`. */
export const KERNEL_CHECKS: readonly FurtherCheck[] = (
  [
    { id: 'smoke-root', title: 'root', run: judgeRoot },
    { id: 'kernel-namespaces', title: 'namespaces', run: judgeNamespaces },
    { id: 'kernel-cgroups', title: 'control groups', run: judgeCgroups },
    { id: 'kernel-overlay', title: 'overlay', run: judgeOverlay },
    { id: 'kernel-bridge', title: 'bridge and veth', run: (asked) => judgeOptions(asked, BRIDGE) },
    { id: 'kernel-firewall', title: 'packet filter', run: judgeFirewall },
    { id: 'firewall-program', title: 'iptables', run: judgeProgram },
    { id: 'kernel-others', title: 'keys and queues', run: (asked) => judgeOptions(asked, OTHERS) },
  ] satisfies readonly Omit<FurtherCheck, 'group' | 'skip'>[]
).map((check) => ({ ...check, group: 'Kernel' as const, skip: notWanted }));

function notWanted({ smoke, machine }: Asked): string | null {
  if (!smoke) return 'ask for it with --smoke';
  return machine.platform === 'linux' ? null : 'the daemon runs on Linux only';
}

function judgeRoot(asked: Asked): Verdict {
  return asked.machine.isRoot
    ? { result: 'ok', seen: 'yes' }
    : {
        result: 'failed',
        seen: `${asked.machine.userName} is not root, and smoke needs root`,
        fix: 'Run it with sudo.',
      };
}

async function judgeNamespaces({ look }: Asked): Promise<Verdict> {
  const there = await look.names('/proc/self/ns');
  if (there === null) throw new CouldNotLook('/proc/self/ns is not there');
  return judgeList(NAMESPACES, there, 'namespaces');
}

/** proc(5), cgroups: name, hierarchy, number, enabled. cgroups(7): the file of the unified hierarchy names its controllers. */
async function judgeCgroups(asked: Asked): Promise<Verdict> {
  const unified = await asked.look.text('/sys/fs/cgroup/cgroup.controllers');
  if (unified !== null) return judgeList(CONTROLLERS, unified.trim().split(/\s+/u), 'controllers (v2)');
  const on = (await textOf(asked, '/proc/cgroups'))
    .split('\n')
    .map((row) => row.split(/\s+/u))
    .filter(([, , , enabled]) => enabled === '1')
    .map(([name = '']) => name);
  return judgeList(CONTROLLERS, on, 'controllers (v1)');
}

function judgeList(needed: readonly string[], there: readonly string[], what: string): Verdict {
  const missing = needed.filter((name) => !there.includes(name));
  return missing.length === 0
    ? { result: 'ok', seen: `${what}: ${needed.join(', ')}` }
    : {
        result: 'failed',
        seen: `${what}: ${missing.join(', ')} missing`,
        fix: 'Use a kernel, or a container, that has them.',
      };
}

async function judgeOverlay(asked: Asked): Promise<Verdict> {
  const known = await textOf(asked, '/proc/filesystems');
  if (/^\S*\s*overlay$/mu.test(known)) return { result: 'ok', seen: 'loaded' };
  const config = await asked.look.kernelConfig();
  if (config !== null && isOn(config, 'OVERLAY_FS')) return { result: 'ok', seen: 'as a module' };
  return {
    result: config === null ? 'warning' : 'failed',
    seen: 'the kernel does not list it',
    fix: `${sudo(asked)}modprobe overlay`,
  };
}

async function judgeFirewall(asked: Asked): Promise<Verdict> {
  const config = await configOf(asked);
  const modern = NFT_INSTEAD.every((name) => isOn(config, name));
  const needed = [...FIREWALL, ...(since28(asked) ? FIREWALL_SINCE_28 : [])];
  return judgeMissing(
    needed.filter((name) => !isOn(config, name) && !(modern && name.startsWith('IP_NF_'))),
    modern ? 'nf_tables' : 'iptables',
  );
}

async function judgeOptions(asked: Asked, needed: readonly string[]): Promise<Verdict> {
  const config = await configOf(asked);
  return judgeMissing(
    needed.filter((name) => !isOn(config, name)),
    needed.join(', '),
  );
}

function judgeMissing(missing: readonly string[], seen: string): Verdict {
  if (missing.length === 0) return { result: 'ok', seen };
  const names = missing.map((name) => `CONFIG_${name}`).join(', ');
  return { result: 'failed', seen: `not in this kernel: ${names}`, fix: 'Use a kernel that has these options.' };
}

/** A daemon of 29 can use nft in place of iptables (moby docker-v29.0.0, daemon/config: firewall-backend). */
async function judgeProgram({ machine, series }: Asked): Promise<Verdict> {
  const iptables = await machine.program('iptables');
  if (iptables !== null)
    return { result: 'ok', seen: `${iptables.version ?? 'of unknown version'} (${iptables.path})` };
  const fix = installCommand(['iptables'], machine) ?? 'Install iptables.';
  const nft = series?.nftables === true ? await machine.program('nft') : null;
  if (nft !== null) return { result: 'warning', seen: `not on PATH; nft is, for --firewall-backend=nftables`, fix };
  return { result: 'failed', seen: 'not on PATH', fix };
}

function since28({ series }: Asked): boolean {
  return series === null || Number.parseInt(series.name, 10) >= 28;
}

async function configOf({ look }: Asked): Promise<string> {
  const config = await look.kernelConfig();
  if (config === null) throw new CouldNotLook('this kernel does not say its options (/proc/config.gz, /boot/config-*)');
  return config;
}

function isOn(config: string, name: string): boolean {
  return new RegExp(`^CONFIG_${name}=[ym]$`, 'mu').test(config);
}
