import { BuildFailed } from '../../make/progress/build-failure.ts';
import type { Io } from '../stage/io.ts';
import type { Applied, Built } from '../stage/stages.ts';
import { again } from '../../system/process/again.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { compile } from './compile.ts';

/** Before the second and the third try of the same build: long enough for a server that restarts, short beside a build. */
const WAITS_MS = [5_000, 15_000] as const;

/**
 * Runs the build, and again where the network failed in a way that passes (too many requests, a server's failure, a connection that
 * broke off): BuildKit keeps the steps that were done. Each try is told.
 *
 * @param log as `compile` takes it, for the first try
 * @throws what `compile` throws the last time
 */
export async function buildPatiently(
  from: Applied,
  io: Io,
  log: 'anew' | 'on',
): Promise<Pick<Built, 'steps' | 'downloadedBytes'>> {
  const result = await again(
    async (tries) => {
      try {
        return await compile(from, io, tries > 1 ? 'on' : log);
      } catch (error) {
        if (!isTransient(error)) throw error;
        return error;
      }
    },
    (failed, tries) => {
      const wait = WAITS_MS[tries - 1];
      // Of a bundle nothing is asked twice.
      if (wait === undefined || from.bundle !== null || !(failed instanceof BuildFailed)) return null;
      const message = MESSAGES.buildAgain(failed.fault.what, failed.blame.point.url, wait / 1000, tries + 1);
      io.note({ level: 'warning', code: 'build-again', message });
      io.say(message);
      return wait;
    },
  );
  if (result instanceof BuildFailed) throw result;
  return result;
}

type Transient = BuildFailed & {
  readonly blame: NonNullable<BuildFailed['blame']>;
  readonly fault: NonNullable<BuildFailed['fault']>;
};

function isTransient(error: unknown): error is Transient {
  return error instanceof BuildFailed && error.blame !== null && error.fault?.transient === true;
}
