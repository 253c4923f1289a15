import { MobyBuildError } from '../errors.ts';
import { run } from '../system/process/run.ts';
import type { VersionQuestion } from './version-options.ts';
import { versionLine } from './version-text.ts';

/** What came of asking a binary for its version. */
export type VersionAnswer =
  | { readonly kind: 'said'; readonly text: string; readonly line: string }
  /** It has no such option. */
  | { readonly kind: 'not-asked' }
  /** It was not started, for nobody vouches for it. */
  | { readonly kind: 'not-run' }
  /** It was asked and does not know the option. `certain`: every build of this version knows it. */
  | { readonly kind: 'refused'; readonly certain: boolean; readonly args: readonly string[] }
  /** This machine cannot run it: another architecture without an emulator, or a loader that is not here. */
  | { readonly kind: 'cannot-run' }
  /** `of`: the loader complains of a library that is not here; an emulator did not come to an end; or the program itself fails. */
  | { readonly kind: 'failed'; readonly of: 'loader' | 'emulator' | 'program'; readonly how: string };

/** How a program that was asked has left. */
export interface Departure {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Under emulation a Go program takes seconds to start. */
const VERSION_DEADLINE_MS = 30_000;

/** Programs of a build see nothing of the caller's environment; HOME only keeps a shell from asking the name service. */
const SEALED = { PATH: '/usr/bin:/bin', HOME: '/', LC_ALL: 'C' };

/**
 * What programs say of an option that they do not know: Go's flag package and urfave/cli, pflag, cmdliner (vpnkit), getopt of
 * glibc and musl. Go's flag package adds `Usage of PROGRAM:` and ends with 2; tini prints `Usage:` and ends with 1.
 */
const UNKNOWN_OPTION =
  /flag provided but not defined: -|unknown (?:shorthand )?flag: |unknown option|unrecognized option|(?:invalid|illegal) option|^usage(?: of .*)?:/im;

/** A library or a symbol that is missing, in the words of the loaders of glibc, musl and qemu's user mode. */
const LOADER_COMPLAINT =
  /error while loading shared libraries|: version [`'].+' not found|Error (?:loading shared library|relocating)|qemu-\S+: Could not open '/;

/**
 * Runs the program with the arguments of `question`. `emulated`: an emulator runs it.
 *
 * @throws MobyBuildError as `run` says, but for a program that cannot be started
 */
export async function askVersion(path: string, question: VersionQuestion, emulated: boolean): Promise<VersionAnswer> {
  try {
    const left = await run(
      { file: path, args: question.args, env: SEALED, cwd: '/' },
      { allowFailure: true, cleanEnv: true, timeoutMs: VERSION_DEADLINE_MS },
    );
    return readDeparture(left, question, emulated);
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'no-such-program') return { kind: 'cannot-run' };
    throw cause;
  }
}

/** What it means that a program has left so. An emulator that crashes or hangs says nothing of the program in it. Pure. */
export function readDeparture(left: Departure, question: VersionQuestion, emulated: boolean): VersionAnswer {
  const { args, certain } = question;
  const of = emulated ? 'emulator' : 'program';
  if (left.timedOut)
    return { kind: 'failed', of, how: `did not answer within ${String(VERSION_DEADLINE_MS / 1000)} s` };
  if (left.signal !== null) return { kind: 'failed', of, how: `was ended by ${left.signal}` };
  const text = left.stdout.trim() === '' ? left.stderr : left.stdout;
  if (left.exitCode !== 0) {
    if (UNKNOWN_OPTION.test(`${left.stderr}\n${left.stdout}`)) return { kind: 'refused', certain, args };
    const last = text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    return {
      kind: 'failed',
      of: LOADER_COMPLAINT.test(left.stderr) ? 'loader' : 'program',
      how: `ended with exit code ${String(left.exitCode)}${last === '' ? '' : `: ${last}`}`,
    };
  }
  const line = versionLine(text);
  if (line !== null) return { kind: 'said', text, line };
  return certain ? { kind: 'failed', of: 'program', how: 'said nothing' } : { kind: 'refused', certain, args };
}
