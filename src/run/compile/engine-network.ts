import { BuildFailed } from '../../make/progress/build-failure.ts';
import { EXIT } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { Fault } from '../../symptoms/faults.ts';
import { tellsOf } from '../../symptoms/table.ts';

/** Faults in which nothing comes back: a dead mirror looks so, and so does a broken way from the steps to all of them. */
const NOTHING_COMES: ReadonlySet<Fault> = new Set(['cut', 'slow', 'silent', 'no-name-server', 'no-name']);

/** A mirror at which nothing came back to a step of this run. */
export interface DeadWay {
  readonly mirror: string;
  /** What was seen: `no answer in time`. */
  readonly what: string;
}

/**
 * Where nothing came back, of one failed build: the mirror that is to blame, or the hosts that its lines name, since Go asks all its
 * proxies in one step. Pure.
 */
export function deadWays({ blame, fault, message }: BuildFailed): readonly DeadWay[] {
  if (blame === null || fault === null || !NOTHING_COMES.has(fault.fault)) return [];
  const { what } = fault;
  const named = message.split('\n').filter((line) => tellsOf(line, fault.fault));
  const hosts = named.flatMap((line) => [...line.matchAll(/https?:\/\/([^\s/:"']+)/gu)].map(([, host = '']) => host));
  if (hosts.length > 0) return [...new Set(hosts)].map((mirror) => ({ mirror, what }));
  return [{ mirror: blame.point.mirror ?? blame.point.host, what }];
}

/**
 * What to throw where nothing came back at several mirrors: no mirror in turn, but the network of the engine, which all of them share
 * (still `build-failed`, 6). null: one mirror alone was silent, which says nothing of the others. Pure.
 *
 * @param ways of all failed builds of this run
 * @param measured true: this machine reached the mirrors when they were measured
 */
export function ofEngineNetwork(failed: BuildFailed, ways: readonly DeadWay[], measured: boolean): BuildFailed | null {
  const seen = new Map(ways.map(({ mirror, what }) => [mirror, what]));
  if (seen.size < 2 || deadWays(failed).length === 0) return null;
  const list = [...seen].map(([mirror, what]) => `  ${mirror}: ${what}`);
  const others = measured ? ' This machine reached them when they were measured.' : '';
  const message = `Nothing comes back to the steps from ${String(seen.size)} servers:\n${list.join('\n')}\nThe network of the engine is at fault rather than each of them.${others}`;
  return new BuildFailed(
    {
      code: 'build-failed',
      exitCode: EXIT.build,
      message: `${message}\n${failed.message}`,
      where: failed.where,
      hint: [HINT, failed.hint].filter((text) => text !== undefined).join('\n'),
      command: NEXT.doctor(),
      cause: failed,
    },
    failed.blame,
    failed.fault,
    failed.outside,
  );
}

const HINT = `Look at the engine's machine:
  MTU: behind a VPN or in a cloud, large packets are lost where the bridge's MTU is larger than that of the route: "mtu": 1400 in /etc/docker/daemon.json
  proxy: the steps get http_proxy and https_proxy of this environment; is one needed, and do containers reach it?
  DNS: docker run --rm busybox nslookup HOST; "dns": ["ADDRESS"] in daemon.json names another server
  firewall: does it let docker0 forward? A build with --network host goes around bridge and firewall, which tells whether they are to blame.`;
