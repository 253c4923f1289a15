import { existsSync } from 'node:fs';
import { EXIT, MobyBuildError } from '../../errors.ts';

/** Time to make the namespaces and mounts: about 0.2 s, more on a busy machine. */
const OPEN_MS = 20_000;

/** Waits for the first process to say that all mounts are there. */
export async function sandboxReady(child: {
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
}): Promise<void> {
  let errors = '';
  let told = '';
  child.stderr.on('data', (chunk: Uint8Array) => {
    errors += Buffer.from(chunk).toString('utf8');
  });
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(sandboxRefused(`The namespaces were not ready after ${String(OPEN_MS / 1000)} s. ${errors.trim()}`));
    }, OPEN_MS);
    child.stdout.on('data', (chunk: Uint8Array) => {
      told += Buffer.from(chunk).toString('utf8');
      if (!told.includes('ready\n')) return;
      clearTimeout(late);
      resolve();
    });
    child.stdout.on('end', () => {
      clearTimeout(late);
      reject(sandboxRefused(`The namespaces cannot be made: ${errors.trim() || 'no reason given'}`));
    });
  });
}

/** The error of a machine that does not let us. */
export function sandboxRefused(message: string, cause?: unknown): MobyBuildError {
  const contained = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  return new MobyBuildError({
    code: 'no-sandbox',
    exitCode: EXIT.machine,
    message,
    hint: contained
      ? 'This seems to be a container: it has to be a privileged one.'
      : 'Smoke needs root with all capabilities, control groups, and unshare, nsenter and pivot_root of util-linux 2.32 or later.',
    command: contained ? 'docker run --privileged …' : 'sudo apt-get install util-linux',
    cause,
  });
}
