import { BuildFailed } from '../../make/progress/build-failure.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { hostNotReached, placeOf } from '../../seal/sealed-hosts.ts';
import type { Sealing } from '../../seal/sealing.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Applied } from '../stage/stages.ts';
import { placeInRepository } from './place-in-repository.ts';

/**
 * What to throw for a build that failed under seal: the same, or `sealed-off` (6) where a step asked for a host that is not in the plan. That is
 * nobody's fault but the tree's, so no mirror is blamed for it.
 *
 * @param hosts of the plan
 */
export async function withSealedOff(
  cause: unknown,
  from: Applied,
  { traffic }: Sealing,
  hosts: readonly string[],
): Promise<unknown> {
  if (!(cause instanceof BuildFailed)) return cause;
  const refused = traffic?.().refused.map(({ host }) => host) ?? [];
  const named = hostNotReached(cause.message.split('\n'));
  const direct =
    named !== null && !refused.includes(named) && (traffic === null || !hosts.includes(named)) ? [named] : [];
  const all = refused.length > 0 ? refused : direct;
  const [first] = all;
  if (first === undefined) return cause;
  const read = placeOf(first, new Map([...from.source.files, ...from.plan.after]));
  const place = read ?? (await placeInRepository(first, from.source.dir));
  const { message, hint } = MESSAGES.sealedOff(all, traffic === null);
  return new MobyBuildError({
    code: 'sealed-off',
    exitCode: EXIT.build,
    message: `${message}\n${cause.message}`,
    where: place === null ? cause.where : `${place.file}:${String(place.line)}`,
    hint: `${hint}\n${MESSAGES.logIs(from.logFile)}`,
    command: traffic === null ? cause.command : NEXT.sealHost(first),
    cause,
  });
}
