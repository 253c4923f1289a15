import { BuildFailed } from '../../make/progress/build-failure.ts';
import { resolveEngine } from '../../make/engine/engine.ts';
import { EXIT } from '../../errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Io } from '../stage/io.ts';
import type { Requested } from '../stage/stages.ts';

/**
 * What to throw for a build that failed: the same, or, where no step failed and the engine does not answer any more, that the engine
 * went away (still `build-failed`, 6).
 */
export async function withEngineGone(
  cause: unknown,
  options: Requested['options'],
  { env }: Pick<Io, 'env'>,
): Promise<unknown> {
  if (!(cause instanceof BuildFailed) || !cause.outside) return cause;
  const { refused } = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    environment: env,
  });
  if (refused === undefined) return cause;
  const { message, hint } = MESSAGES.engineGone(refused.message);
  return new BuildFailed(
    {
      code: 'build-failed',
      exitCode: EXIT.build,
      message: `${cause.message}\n${message}`,
      where: cause.where,
      hint: [hint, cause.hint].filter((text) => text !== undefined).join('\n'),
      command: cause.command,
      cause,
    },
    cause.blame,
    cause.fault,
    true,
  );
}
