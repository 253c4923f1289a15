import { EXIT, MobyBuildError } from '../../errors.ts';
import type { MakeInput } from '../flags/make-input.ts';

/** Refuses `--make-arg` for a build that does not go through make. Throws MobyBuildError `bad-make-arg`, exit 2. @param why it does not */
export function refuseMakeArgs({ makeArgs = [] }: MakeInput, why: string): void {
  const [first] = makeArgs;
  if (first === undefined) return;
  throw new MobyBuildError({
    code: 'bad-make-arg',
    exitCode: EXIT.usage,
    message: `--make-arg ${JSON.stringify(first)} is refused. This build does not go through make: ${why}.`,
    where: '--make-arg',
    hint: 'A value for the Dockerfile goes through --build-arg.',
  });
}
