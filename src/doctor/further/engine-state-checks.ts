import semver from 'semver';
import type { Verdict } from '../context.ts';
import { needsEngine, requireEngine } from '../engine-checks.ts';
import { isLocal } from '../space-checks.ts';
import { CouldNotLook, sudo, textOf, type Asked, type FurtherCheck } from './asked.ts';

/** Drivers that share layers. `vfs` copies each whole; aufs and devicemapper were taken out in 24.0 and 25.0 (moby, daemon/graphdriver). */
const GOOD_DRIVERS = ['overlay2', 'overlayfs', 'fuse-overlayfs', 'btrfs', 'zfs', 'stargz', 'nydus', 'native'];

/** Its seccomp profile is the first that lets the call clone3 of newer C libraries fail as it must (moby v20.10.10, profiles/seccomp). */
const KNOWS_CLONE3 = '20.10.10';
/** Debian releases whose C library calls clone3 (glibc 2.34 and newer). */
const CALLS_CLONE3 = ['bookworm', 'trixie', 'forky', 'sid'];

/** What of the engine makes a build fail late. */
export const ENGINE_STATE_CHECKS: readonly FurtherCheck[] = [
  { id: 'storage-driver', title: 'storage driver', group: 'Engine', skip: needsEngine, run: judgeDriver },
  { id: 'seccomp', title: 'seccomp profile', group: 'Engine', skip: needsEngine, run: judgeSeccomp },
  { id: 'cores', title: 'cores', group: 'Engine', skip: needsEngine, run: judgeCores },
  { id: 'bridge-mtu', title: "bridge's MTU", group: 'Network', skip: needsLocalEngine, run: judgeMtu },
  { id: 'ip-forward', title: 'forwarding of packets', group: 'Network', skip: needsLocalEngine, run: judgeForward },
  { id: 'container-dns', title: "containers' name service", group: 'Network', skip: needsLocalEngine, run: judgeDns },
];

/** Why a check of the network between containers and this machine is left out. */
function needsLocalEngine(asked: Asked): string | null {
  const reason = needsEngine(asked);
  if (reason !== null) return reason;
  if (asked.machine.platform !== 'linux' || !isLocal(asked)) return 'the engine is on another machine';
  if (requireEngine(asked).rootless) return 'a rootless engine has a network of its own';
  return asked.network === 'host' ? 'the steps use the network of this machine' : null;
}

function judgeDriver(asked: Asked): Verdict {
  const { storageDriver: driver } = requireEngine(asked);
  if (driver === null) throw new CouldNotLook('the engine does not say');
  if (GOOD_DRIVERS.includes(driver)) return { result: 'ok', seen: driver };
  return {
    result: 'warning',
    seen: driver === 'vfs' ? 'vfs copies every layer: slow, and many times the space' : `${driver} is outdated`,
    fix: 'Set "storage-driver": "overlay2" in /etc/docker/daemon.json and restart the engine; it then sees no old images.',
  };
}

function judgeSeccomp(asked: Asked): Verdict {
  const { serverVersion } = requireEngine(asked);
  const version = semver.coerce(serverVersion ?? '');
  if (version === null) throw new CouldNotLook('the engine does not say its version');
  if (!semver.lt(version, KNOWS_CLONE3)) return { result: 'ok', seen: `of engine ${serverVersion ?? ''}` };
  const { suite } = asked;
  const meets = suite !== null && CALLS_CLONE3.includes(suite);
  return {
    result: meets ? 'failed' : 'warning',
    seen: `engine ${serverVersion ?? ''} fails programs of ${meets ? suite : 'images of bookworm and later'}; ${KNOWS_CLONE3} is the least`,
    fix: meets
      ? 'Update the engine, or build with --suite bullseye.'
      : 'Update the engine before you build from a newer image.',
  };
}

function judgeCores(asked: Asked): Verdict {
  const { serverCpus } = requireEngine(asked);
  if (serverCpus === null) throw new CouldNotLook('the engine does not say');
  return serverCpus > 1
    ? { result: 'ok', seen: String(serverCpus) }
    : {
        result: 'warning',
        seen: '1: a build takes several times as long as on four',
        fix: 'Give the machine of the engine more cores.',
      };
}

/** proc(5), net/route: columns Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask; destination and mask 0 are the default. */
export function defaultInterface(route: string): string | null {
  const rows = route
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/u))
    .filter((row) => row[1] === '00000000' && row[7] === '00000000')
    .toSorted((a, b) => Number(a[6]) - Number(b[6]));
  return rows[0]?.[0] ?? null;
}

async function judgeMtu(asked: Asked): Promise<Verdict> {
  const way = defaultInterface(await textOf(asked, '/proc/net/route'));
  if (way === null) throw new CouldNotLook('there is no default route for IPv4');
  const bridge = await asked.look.text('/sys/class/net/docker0/mtu');
  if (bridge === null) throw new CouldNotLook('there is no interface docker0');
  const [inner, outer] = [Number(bridge), Number(await textOf(asked, `/sys/class/net/${way}/mtu`))];
  if (inner <= outer) return { result: 'ok', seen: `${String(inner)}, and ${way} has ${String(outer)}` };
  return {
    result: 'warning',
    seen: `${String(inner)}, but ${way} has ${String(outer)}: large packets of steps may be lost`,
    fix: `Set "mtu": ${String(outer)} in /etc/docker/daemon.json and restart the engine, or build with --network host.`,
  };
}

async function judgeForward(asked: Asked): Promise<Verdict> {
  const text = (await textOf(asked, '/proc/sys/net/ipv4/ip_forward')).trim();
  return text === '1'
    ? { result: 'ok', seen: 'on' }
    : {
        result: 'failed',
        seen: 'off: the steps of a build reach no network',
        fix: `${sudo(asked)}sysctl -w net.ipv4.ip_forward=1`,
      };
}

/** Where all servers are on loopback the engine gives containers 8.8.8.8 (moby, libnetwork/resolvconf); systemd-resolved's it sees through. */
async function judgeDns(asked: Asked): Promise<Verdict> {
  const servers = serversOf(await textOf(asked, '/etc/resolv.conf'));
  if (servers.length === 0) return { result: 'warning', seen: '/etc/resolv.conf names no server', fix: DNS_FIX };
  if (servers.some((server) => !isLoopback(server))) return { result: 'ok', seen: servers.join(', ') };
  const daemon = await asked.look.text('/etc/docker/daemon.json');
  if (daemon !== null && /"dns"\s*:/u.test(daemon)) return { result: 'ok', seen: 'as daemon.json says' };
  const behind = serversOf((await asked.look.text('/run/systemd/resolve/resolv.conf')) ?? '');
  if (servers.includes('127.0.0.53') && behind.length > 0) return { result: 'ok', seen: behind.join(', ') };
  return {
    result: 'warning',
    seen: `${servers.join(', ')} is on loopback, so containers ask 8.8.8.8`,
    fix: DNS_FIX,
  };
}

const DNS_FIX =
  'Set "dns": ["ADDRESS"] in /etc/docker/daemon.json and restart the engine, or build with --network host.';

function serversOf(text: string): readonly string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gmu)].map(([, server = '']) => server);
}

function isLoopback(address: string): boolean {
  return /^127\.|^::1$/u.test(address);
}
