import type { Asked, Look } from '../../../src/doctor/further/asked.ts';
import { ALL_CHECKS, runDoctor } from '../../../src/doctor/further/run-doctor.ts';
import type { EngineFacts, Machine } from '../../../src/doctor/context.ts';
import { goodEngine, goodMachine } from './fixtures.ts';

const FILES: Readonly<Record<string, string>> = {
  '/proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\nlan0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\neth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\n',
  '/sys/class/net/docker0/mtu': '1500\n',
  '/sys/class/net/eth0/mtu': '1500\n',
  '/proc/sys/net/ipv4/ip_forward': '1\n',
  '/etc/resolv.conf': '# local\nnameserver 192.0.2.1\n',
  '/proc/self/mountinfo':
    '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n30 22 8:2 / /home rw,relatime shared:1 - xfs /dev/sda2 rw\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
  '/proc/filesystems': 'nodev\tsysfs\nnodev\toverlay\n\text4\n',
  '/etc/ssl/corp.pem': '-----BEGIN CERTIFICATE-----\n',
  '/home/ann/corp.pem': '-----BEGIN CERTIFICATE-----\n',
  '/home/ann/notes': 'nothing\n',
};

const OPTIONS = [
  ...['VETH', 'BRIDGE', 'BRIDGE_NETFILTER', 'NF_NAT', 'IP_NF_FILTER', 'IP_NF_NAT', 'IP_NF_TARGET_MASQUERADE'],
  ...['NETFILTER_XT_MATCH_ADDRTYPE', 'NETFILTER_XT_MATCH_CONNTRACK', 'NETFILTER_XT_MARK', 'IP_NF_RAW', 'KEYS'],
  'POSIX_MQUEUE',
];

/** A kernel with all that a daemon needs, but for these. */
export function kernel(without: readonly string[] = [], more: readonly string[] = []): string {
  return [...OPTIONS.filter((name) => !without.includes(name)), ...more]
    .map((name) => `CONFIG_${name}=${name === 'KEYS' ? 'y' : 'm'}\n`)
    .join('');
}

const AT = new Date('2026-03-01T12:00:00Z');

/** What is otherwise than on a machine, and for a request, with which nothing is wrong. */
export interface Otherwise {
  readonly asked?: Partial<Asked>;
  readonly engine?: Partial<EngineFacts>;
  readonly machine?: Partial<Machine>;
  readonly env?: Readonly<Record<string, string>>;
  /** null: not there. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly look?: Partial<Look>;
}

export function askedOf({ asked, engine, machine, env, files = {}, look }: Otherwise = {}): Asked {
  const all: Readonly<Record<string, string | null>> = { ...FILES, ...files };
  return {
    arch: 'amd64',
    emulate: false,
    caches: { from: [], to: [] },
    builtBy: 'docker-build',
    frontend: null,
    workDir: '/home/ann/.cache/moby-build',
    clientReads: [],
    outDir: '/home/ann/out',
    engine: { ...goodEngine, ...engine },
    machine: { ...goodMachine, ...machine },
    env: { HOME: '/home/ann', ...env },
    line: ['--ref', 'v27.5.1'],
    ref: 'v27.5.1',
    series: { name: '27', ended: null, nftables: false },
    problems: {},
    sourceDir: null,
    profile: 'auto',
    suite: null,
    network: null,
    ca: null,
    mirrors: ['https://git.example/', 'https://other.example/'],
    probe: true,
    tempDir: '/tmp',
    strays: [],
    dropped: [],
    smoke: true,
    look: {
      text: (path) => Promise.resolve(all[path] ?? null),
      names: () => Promise.resolve(['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts']),
      gitUnchecked: () => Promise.resolve([]),
      nameFault: () => Promise.resolve(null),
      dateOf: () => Promise.resolve({ date: AT.toUTCString(), at: AT }),
      leftovers: () => Promise.resolve([]),
      kernelConfig: () => Promise.resolve(kernel()),
      ...look,
    },
    ...asked,
  };
}

/** The result of one check, or of all. */
export async function examine(otherwise: Otherwise = {}, id?: string) {
  return runDoctor(
    askedOf(otherwise),
    ALL_CHECKS.filter((check) => id === undefined || check.id === id),
  );
}
