import type { RunOptions } from '../../config/layers/parse.ts';
import { BuildFailed } from '../../make/progress/build-failure.ts';
import { EXIT } from '../../errors.ts';
import { stopsNewCalls } from '../../make/engine/old-seccomp.ts';
import { NEXT } from '../../next-command.ts';
import { NOTE_WORDS } from '../notes/note-words.ts';
import type { Machine } from '../stage/stages.ts';

/** Messages of programs whose system call was stopped, in the words of apt, glibc, Go and Python; apt's second line stands alone in some logs. */
const STOPPED =
  /At least one invalid signature was encountered|The repository '.*' is not signed|pthread_create failed|clone3?(?:\(\))?: (?:Operation not permitted|EPERM)|failed to create new OS thread|can't start new thread|Problem executing scripts APT::Update::Post-Invoke/iu;

/**
 * What to throw for a build that failed: the same, or, where the engine is of an age that stops system calls of newer base images and the
 * lines are those of programs that it stopped, that the engine's age is the cause, and no mirror. Pure.
 *
 * @param choices whose `--suite` may have chosen the base image
 */
export function withEngineAge(
  cause: unknown,
  machine: Machine,
  choices: Pick<RunOptions, 'suite' | 'images'>,
): unknown {
  if (!(cause instanceof BuildFailed) || machine.is !== 'checked') return cause;
  const old = stopsNewCalls(machine.engine);
  const line = cause.message.split('\n').find((each) => STOPPED.test(each));
  if (old === null || line === undefined) return cause;
  const { message, hint } = NOTE_WORDS.oldEngineFailed(old, cause.where ?? '');
  return new BuildFailed(
    {
      code: 'build-failed',
      exitCode: EXIT.build,
      message: `${cause.message}\n${message}`,
      where: cause.where,
      hint,
      // Who chose the release can choose another.
      command: choices.suite === null || 'golang' in choices.images ? 'docker version' : NEXT.suite('bullseye'),
      cause,
    },
    cause.blame,
    { fault: 'apt-unchecked', what: 'apt cannot check signatures in this engine', transient: false, local: true },
    cause.outside,
  );
}
