import { MobyBuildError } from '../errors.ts';
import { run } from '../system/run.ts';
import { versionArgs, versionLine } from './version-text.ts';

/** What came of asking a binary for its version. */
export type VersionAnswer =
  | { readonly kind: 'said'; readonly text: string; readonly line: string }
  /** It has no such option. */
  | { readonly kind: 'not-asked' }
  /** This machine cannot run it: another architecture without an emulator, or a loader that is not here. */
  | { readonly kind: 'cannot-run' }
  | { readonly kind: 'failed'; readonly how: string };

/** Under emulation a Go program takes seconds to start. */
const VERSION_DEADLINE_MS = 30_000;

/** Programs of a build see nothing of the caller's environment; HOME only keeps a shell from asking the name service. */
const SEALED = { PATH: '/usr/bin:/bin', HOME: '/', LC_ALL: 'C' };

/** Runs `PATH --version` where that is how this one tells its version. */
export async function askVersion(name: string, path: string): Promise<VersionAnswer> {
  const args = versionArgs(name);
  if (args === null) return { kind: 'not-asked' };
  try {
    const said = await run(
      { file: path, args, env: SEALED, cwd: '/' },
      { allowFailure: true, cleanEnv: true, timeoutMs: VERSION_DEADLINE_MS },
    );
    if (said.timedOut) return { kind: 'failed', how: `did not answer within ${String(VERSION_DEADLINE_MS / 1000)} s` };
    if (said.signal !== null) return { kind: 'failed', how: `was ended by ${said.signal}` };
    const text = said.stdout.trim() === '' ? said.stderr : said.stdout;
    if (said.exitCode !== 0) {
      const last = text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
      return { kind: 'failed', how: `ended with exit code ${String(said.exitCode)}${last === '' ? '' : `: ${last}`}` };
    }
    const line = versionLine(text);
    return line === null ? { kind: 'failed', how: 'said nothing' } : { kind: 'said', text, line };
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'no-such-program') return { kind: 'cannot-run' };
    throw cause;
  }
}
