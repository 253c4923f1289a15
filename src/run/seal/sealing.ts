import { BuildFailed } from '../../make/progress/build-failure.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { hostNotReached, placeOf } from '../../seal/sealed-hosts.ts';
import type { Traffic } from '../../seal/proxy.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Applied } from '../stage/stages.ts';

/** What a build under seal has beside its plan. */
export interface Sealing {
  /** Put over the environment of the build; empty where its steps have no network. */
  readonly env: Readonly<Record<string, string>>;
  /** Lets the hosts of a plan through; a change of mirror plans anew. */
  readonly allow: (hosts: readonly string[]) => void;
  /** null where the steps have no network. */
  readonly traffic: (() => Traffic) | null;
}

/**
 * What to throw for a build that failed under seal: the same, or `sealed-off` (6) where a step asked for a host that is not in the plan. That is
 * nobody's fault but the tree's, so no mirror is blamed for it.
 *
 * @param hosts of the plan
 */
export function withSealedOff(cause: unknown, from: Applied, { traffic }: Sealing, hosts: readonly string[]): unknown {
  if (!(cause instanceof BuildFailed)) return cause;
  const refused = traffic?.().refused.map(({ host }) => host) ?? [];
  const named = hostNotReached(cause.message.split('\n'));
  const direct = named !== null && !refused.includes(named) && (traffic === null || !hosts.includes(named)) ? [named] : [];
  const all = refused.length > 0 ? refused : direct;
  const [first] = all;
  if (first === undefined) return cause;
  const place = placeOf(first, new Map([...from.source.files, ...from.plan.after]));
  const { message, hint } = MESSAGES.sealedOff(all, traffic === null);
  return new MobyBuildError({
    code: 'sealed-off',
    exitCode: EXIT.build,
    message: `${message}\n${cause.message}`,
    where: place === null ? cause.where : `${place.file}:${String(place.line)}`,
    hint: `${hint}\n${MESSAGES.logIs(from.logFile)}`,
    command: traffic === null ? NEXT.auditHosts() : NEXT.sealHost(first),
    cause,
  });
}
