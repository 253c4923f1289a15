import { builderApart } from '../../make/engine/chosen-builder.ts';
import { BuildFailed } from '../../make/progress/build-failure.ts';
import { resolveEngine, type EngineFacts } from '../../make/engine/engine.ts';
import { EXIT } from '../../errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Io } from '../stage/io.ts';
import type { Requested } from '../stage/stages.ts';

/** grpc-go, internal/transport/http2_client.go, and BuildKit, client/solve.go and solver/jobs.go, as buildx prints them. */
const LOST =
  /failed to receive status: rpc error|transport is closing|error reading from server|code = Unavailable|no such job\b/iu;

/**
 * What to throw for a build that failed: the same, or, where no step failed and the engine or the builder does not answer any more, or the
 * client says that the connection broke, that it went away (`builder-lost`, 6).
 */
export async function withEngineGone(
  cause: unknown,
  options: Requested['options'],
  { env }: Pick<Io, 'env'>,
): Promise<unknown> {
  if (!(cause instanceof BuildFailed) || !cause.outside) return cause;
  const engine = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    builder: options.builders[0],
    environment: env,
  });
  const gone = whatIsGone(engine, cause.message);
  if (gone === null) return cause;
  const { message, hint, command } = gone;
  return new BuildFailed(
    {
      code: 'builder-lost',
      exitCode: EXIT.build,
      message: `${cause.message}\n${message}`,
      where: cause.where,
      // What the client says of its broken connection reads like a mirror's: those hints lead astray here.
      hint: `${hint}\nThe whole log is ${cause.where ?? ''}`,
      command: command ?? cause.command,
      cause,
    },
    null,
    null,
    true,
  );
}

/** What went away, in words; null: nothing did. A builder may be back already: then the client's own words tell. */
function whatIsGone(
  engine: EngineFacts,
  said: string,
): { readonly message: string; readonly hint: string; readonly command?: string } | null {
  const apart = builderApart(engine);
  if (apart === null && engine.refused !== undefined) return MESSAGES.engineGone(engine.refused.message);
  const line = said.split('\n').find((each) => LOST.test(each));
  if (
    apart !== null &&
    (line !== undefined || apart.nodes.every(({ status }) => status !== null && status !== 'running'))
  )
    return MESSAGES.builderGone(apart.name, line?.trim() ?? 'none of its nodes runs');
  return line === undefined ? null : MESSAGES.engineGone(line.trim());
}
