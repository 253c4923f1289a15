import { definedOnly } from '../../make/engine/docker-client.ts';
import { run } from '../../system/process/run.ts';
import type { Io } from '../stage/io.ts';
import type { Equipped } from '../stage/stages.ts';

/**
 * Runs the docker client of this run against its engine.
 *
 * @param args `load …` must not fail; of anything else the exit code says whether it did
 * @throws MobyBuildError `no-such-program` (3), `command-failed`
 */
export async function docker(
  { machine, options }: Pick<Equipped, 'machine' | 'options'>,
  { env }: Pick<Io, 'env'>,
  ...args: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  const found = machine.is === 'checked' ? machine.engine.clientPath : null;
  const file = found ?? options.docker ?? 'docker';
  const words = options.dockerContext === null ? args : ['--context', options.dockerContext, ...args];
  return run(
    { file, args: words, env: definedOnly(env) },
    {
      allowFailure: args[0] !== 'load',
      cleanEnv: true,
    },
  );
}
