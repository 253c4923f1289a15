import { EXIT, MobyBuildError } from '../errors.ts';

/**
 * Writes to stdout, whole. A reader that has seen enough (`| head`) is no failure of ours; what stays unwritten is not missed.
 * @throws MobyBuildError `stdout-failed` where the data cannot be kept: a full disk behind `> FILE`
 */
export async function writeData(text: string): Promise<void> {
  const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    process.stdout.write(text, (error) => {
      resolve(error ?? null);
    });
  });
  if (failure === null || failure.code === 'EPIPE') return;
  throw new MobyBuildError({
    code: 'stdout-failed',
    exitCode: EXIT.machine,
    message: `The output cannot be written: ${failure.message}.`,
    where: 'stdout',
    hint: 'It is not whole there. Free some space, or send it somewhere else, and run the same command again.',
    command: 'df -h .',
    cause: failure,
  });
}
