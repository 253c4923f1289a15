import { NEXT } from '../next-command.ts';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT, MobyBuildError } from '../errors.ts';
import { Sandbox } from '../system/sandbox/sandbox.ts';
import { onLeave, throwIfStopping } from '../system/process/supervisor.ts';
import type { CheckOutcome, CheckResult } from '../types.ts';
import { CHECKS } from './check-list.ts';
import { SmokeContext } from './checks/context.ts';
import { cleanLeftovers, leftovers, LOG_PREFIX } from './leftovers.ts';
import { probeBinary } from './probe/probe-binary.ts';
import { elfArch, hostArch } from './daemon/programs.ts';
import { runChecks, type SmokeEvent } from './run-checks.ts';
import { runName } from './daemon/run-name.ts';
import { NOBODYS_DOCKERD } from './checks/command-line.ts';
import { selectChecks } from './select-checks.ts';

export interface SmokeOptions {
  /** The folder of built binaries; `dockerd` must be in it. */
  readonly dir: string;
  /** Ids of checks: only these, or all but these. An unknown one is an error. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** GOARCH that dockerd is meant to be for; by default what its ELF header says. */
  readonly arch?: string | undefined;
  /** `20.10`, `26.1`, or a version. By default the API version tells. */
  readonly series?: string | undefined;
  /** Factor on every time limit; 1 by default, 5 under emulation. */
  readonly patience?: number | undefined;
  readonly onEvent?: ((event: SmokeEvent) => void) | undefined;
  /** Where the run's directory is made; the system's temporary directory by default. */
  readonly temporary?: string | undefined;
}

export interface SmokeReport {
  readonly checks: readonly CheckResult[];
  readonly totals: Readonly<Record<CheckOutcome, number>>;
  readonly seconds: number;
  /** A directory with what every daemon printed; null when nothing failed and it is gone. */
  readonly log: string | null;
}

/** A daemon that hangs must not make every check wait: programs of another architecture are tried once. */
const TRIAL_MS = 20_000;
/** qemu-user is about ten times slower, but most of a limit is waiting. */
const EMULATION_PATIENCE = 5;
let serial = 0;

/**
 * Starts the dockerd of a folder apart from everything on this machine and sees whether it does its whole start-up. A failed check is in the
 * report, not thrown.
 *
 * Throws MobyBuildError: `no-dockerd`, `unknown-check` (2), `not-linux`, `not-root`, `no-sandbox` (3), `interrupted` (130, 143).
 */
export async function smoke(options: SmokeOptions): Promise<SmokeReport> {
  const folder = resolve(options.dir);
  const { checks, leftOut } = selectChecks(CHECKS, options.only ?? [], options.skip ?? []);
  requireDaemon(folder);
  requireRoot(folder);
  const temporary = options.temporary ?? tmpdir();
  cleanLeftovers(leftovers(temporary).filter(({ kind }) => kind !== 'logs'));

  serial += 1;
  const name = runName(serial);
  // New, and of a name that nobody can foresee: the temporary directory is everybody's, and this is root.
  const workDir = mkdtempSync(join(temporary, `${name}-`));
  const logDir = join(workDir, 'logs');
  mkdirSync(logDir, { mode: 0o700 });
  const started = performance.now();
  const elf = elfArch(join(folder, 'dockerd'));
  const arch = options.arch ?? elf ?? hostArch();
  // A dockerd of another architecture than was asked for is not emulated: it fails.
  const foreign = (elf ?? arch) !== hostArch() && (elf === null || elf === arch);
  let boxes = 0;
  const context = new SmokeContext({
    folder,
    arch,
    elf,
    foreign,
    series: options.series,
    patience: options.patience ?? (foreign ? EMULATION_PATIENCE : 1),
    workDir,
    logDir,
    probe: probeBinary(arch),
    hostProbe: probeBinary(hostArch()),
    openSandbox: () => {
      boxes += 1;
      const box = `${name}-${String(boxes)}`;
      return Sandbox.open({
        directory: join(workDir, box),
        name: box,
        show: [
          { from: folder, to: 'moby/bin' },
          { from: join(folder, 'dockerd'), to: NOBODYS_DOCKERD.slice(1) },
        ],
      });
    },
  });
  const leave = (): void => {
    for (const sandbox of context.sandboxes) sandbox.abandon();
    rmSync(workDir, { recursive: true, force: true });
  };
  const forget = onLeave(leave);
  let results: CheckResult[] = [];
  let log: string | null = null;
  try {
    // Opened here, so that a machine without namespaces is told as such, not as a failed check.
    const sandbox = await context.sandbox();
    const cannotRun = foreign ? await emulationLacks(sandbox, arch) : null;
    if (cannotRun !== null) for (const check of checks) leftOut.set(check.id, cannotRun);
    results = await runChecks(context, { checks, leftOut, onEvent: options.onEvent, between: throwIfStopping });
    throwIfStopping();
  } finally {
    await context.close();
    forget();
    if (results.some(({ result }) => result === 'failed')) log = keepLogs(logDir, temporary);
    rmSync(workDir, { recursive: true, force: true });
  }
  const words = (text: string | null): string | null =>
    text === null || log === null ? text : text.replace(logDir, log);
  results = results.map((result) => ({ ...result, fix: words(result.fix) }));
  const totals = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { result } of results) totals[result] += 1;
  return { checks: results, totals, seconds: (performance.now() - started) / 1000, log };
}

/** Every check, in order: what `--list` shows. */
export function listChecks(): { readonly id: string; readonly title: string }[] {
  return CHECKS.map(({ id, title }) => ({ id, title }));
}

function requireDaemon(folder: string): void {
  const found = statSync(join(folder, 'dockerd'), { throwIfNoEntry: false });
  if (found?.isFile() === true && (found.mode & 0o111) !== 0) return;
  throw new MobyBuildError({
    code: 'no-dockerd',
    exitCode: EXIT.usage,
    message:
      found === undefined ? 'There is no dockerd in this folder.' : 'The dockerd in this folder is no executable file.',
    where: folder,
    hint: 'Give the folder that a build made: the one with dockerd in it.',
    command: 'ls -d */dockerd',
  });
}

function requireRoot(folder: string): void {
  if (process.platform !== 'linux') {
    throw new MobyBuildError({
      code: 'not-linux',
      exitCode: EXIT.machine,
      message: 'dockerd for Linux starts on Linux only.',
      hint: 'Its files can be checked anywhere.',
      command: NEXT.verify(folder),
    });
  }
  if (process.geteuid?.() === 0) return;
  throw new MobyBuildError({
    code: 'not-root',
    exitCode: EXIT.machine,
    message: 'Starting a daemon apart from the rest of the machine needs root.',
    hint: 'It runs in namespaces and control groups of its own; nothing outside a temporary directory changes.',
    command: NEXT.asRoot(),
  });
}

/** Why this machine runs nothing of that architecture, or null when it does (binfmt_misc with qemu-user). */
async function emulationLacks(sandbox: Sandbox, arch: string): Promise<string | null> {
  const tried = await sandbox.run(['dockerd', '--version'], { timeoutMs: TRIAL_MS });
  // execvp(3) hands a file that the kernel refuses to sh, which stumbles over it.
  if (tried.exitCode === 0 || !/exec format error|syntax error|cannot execute|not found/i.test(tried.stderr))
    return null;
  return `this machine runs no ${arch} programs (no binfmt_misc with qemu-user); moby-build verify checks the files`;
}

/** Moves the logs to a directory that stays. Returns it, or null when there is nothing to keep. */
function keepLogs(logDir: string, temporary: string): string | null {
  if (readdirSync(logDir).length === 0) return null;
  const kept = join(mkdtempSync(join(temporary, LOG_PREFIX)), 'logs');
  renameSync(logDir, kept);
  return kept;
}
