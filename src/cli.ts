import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { outputWishes, parseCommandLine, type CommandLine } from './config/layers/parse.ts';
import { EXIT, MobyBuildError } from './errors.ts';
import type { CommandContext } from './commands/context/context.ts';
import { quoteWord } from './system/command-line.ts';
import { toFileError } from './system/file-error.ts';
import { NEXT } from './next-command.ts';
import type { Note } from './types.ts';
import { packageVersion } from './system/package-root.ts';
import { startSignalGuard, STOPS } from './system/signals/signal-guard.ts';
import { killAll, runCleanups, stoppingSignal } from './system/process/supervisor.ts';
import { createColours, type Colours } from './ui/colours.ts';
import { errorDocument, formatError } from './ui/errors.ts';
import { LINES_INTERVAL_MS, TERMINAL_INTERVAL_MS, throttled } from './ui/live.ts';
import { MESSAGES } from './ui/messages.ts';
import type { Report } from './commands/present.ts';
import type { Presentation } from './ui/presentation.ts';
import { assumeSize, DEFAULT_COLUMNS, tableWidth } from './ui/terminal-size.ts';
import { chooseRenderer, wantsColours, type RendererChoice } from './ui/renderer.ts';

/** A second signal is somebody who does not want to wait for the first one's grace. */
let signals = 0;

function onSignal(signal: NodeJS.Signals): void {
  signals += 1;
  void killAll(signal, signals > 1 ? 0 : undefined).catch((error: unknown) => {
    process.stderr.write(`moby-build: ${error instanceof Error ? error.message : String(error)}\n`);
  });
}

/** argv → options → one command → exit code. The only place that reads argv and sets the exit code. */
async function main(argv: readonly string[]): Promise<void> {
  for (const signal of STOPS) process.on(signal, onSignal);
  let stopGuard: () => void = () => undefined;
  for (const stream of [process.stdout, process.stderr]) assumeSize(stream);
  // What goes wrong with stdout is seen where it is written. Where stderr is gone nobody listens, and the work goes on.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const version = packageVersion();
  const early = outputWishes(argv, process.env);
  const document: Record<string, unknown> = {};
  let color = early.color;
  let json = early.json;
  let quiet = false;
  try {
    const line = await parseCommandLine(argv, {
      env: process.env,
      cwd: process.cwd(),
      nodeArch: process.arch,
      version,
      columns: process.stdout.columns ?? DEFAULT_COLUMNS,
      readFile: readConfiguration,
    });
    if (line.kind === 'print') {
      await writeData(line.text.endsWith('\n') ? line.text : `${line.text}\n`);
      return;
    }
    ({ color, json, quiet } = line.options);
    stopGuard = startSignalGuard(new URL('./system/signals/signal-guard-thread.js', import.meta.url));
    const context = await makeContext(line, version, document);
    const report = await runCommand(line, context);
    const { present } = await import('./commands/present.ts');
    const presentation = present(report, {
      colours: createColours(wantsColours(color, { isTTY: process.stderr.isTTY === true, env: process.env })),
      columns: tableWidth(process.stderr),
      verbose: line.options.verbose,
      quiet: line.options.quiet,
      line: argv,
      page: {
        colours: createColours(wantsColours(color, { isTTY: process.stdout.isTTY === true, env: process.env })),
        columns: tableWidth(process.stdout),
      },
    });
    await write(presentation, json ? document : null);
    process.exitCode = presentation.exitCode;
  } catch (cause) {
    const error = await withFix(afterSignal(toOwnError(cause)));
    // One document, also where the first could not be written.
    if (json && !(error instanceof MobyBuildError && error.code === 'stdout-failed'))
      process.stdout.write(
        `${JSON.stringify({ ...document, error: errorDocument(error, process.argv.slice(2)) }, null, 2)}\n`,
      );
    const colours = createColours(wantsColours(color, { isTTY: process.stderr.isTTY === true, env: process.env }));
    endProgress();
    await tellNotes(document['notes'], quiet, colours);
    process.stderr.write(
      formatError(error, colours, {
        version,
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
        line: argv,
      }),
    );
    process.exitCode = error instanceof MobyBuildError ? error.exitCode : EXIT.failed;
  } finally {
    runCleanups();
    stopGuard();
    for (const signal of STOPS) process.off(signal, onSignal);
  }
}

async function runCommand(line: CommandLine & { kind: 'run' }, context: CommandContext): Promise<Report> {
  switch (line.command) {
    case 'build':
      return (await import('./commands/build/build.ts')).build(context);
    case 'patch':
      return (await import('./commands/patch/patch.ts')).patch(context);
    case 'audit':
      return (await import('./commands/audit/audit.ts')).audit(context);
    case 'mirrors':
      return (await import('./commands/mirrors/mirrors.ts')).mirrors(context, line.action);
    case 'verify':
      return (await import('./commands/verify/verify.ts')).verify(context, line.directory ?? '.');
    case 'smoke':
      return (await import('./commands/smoke/smoke.ts')).smoke(context, line.directory);
    case 'cache':
      return (await import('./commands/cache/cache.ts')).cache(context, line.action);
    case 'clean':
      return (await import('./commands/clean/clean.ts')).clean(context);
  }
}

async function makeContext(
  line: CommandLine & { kind: 'run' },
  version: string,
  document: Record<string, unknown>,
): Promise<CommandContext> {
  const terminal = { isTTY: process.stderr.isTTY === true, env: process.env };
  const choice = chooseRenderer(line.options, terminal);
  const [{ listrOptions }, { withSpinner }] = await Promise.all([
    import('./ui/listr-options.ts'),
    import('./ui/spinner.ts'),
  ]);
  return {
    options: line.options,
    isGiven: (name) => line.origins[name] !== 'default',
    env: process.env,
    notes: line.notes,
    toolVersion: version,
    line: process.argv.slice(2),
    display: {
      list: listrOptions(choice, wantsColours(line.options.color, terminal)),
      throttle: (show) => throttled(show, choice === 'default' ? TERMINAL_INTERVAL_MS : LINES_INTERVAL_MS).update,
    },
    progress: progressOn(choice),
    wait: (text, work) => withSpinner(text, choice, wantsColours(line.options.color, terminal), work),
    document,
  };
}

/** What came up before the failure may be what explains it, a note on a proxy as well as a warning. Quiet: warnings alone. */
async function tellNotes(notes: unknown, quiet: boolean, colours: Colours): Promise<void> {
  const all = Array.isArray(notes) ? (notes as readonly Note[]) : [];
  const told = all.filter(({ level }) => !quiet || level === 'warning');
  if (told.length === 0) return;
  const { notesText } = await import('./commands/patch/plan-report.ts');
  process.stderr.write(`\n${notesText(told, colours)}\n\n`);
}

/** One line that is written over on a terminal, a line each elsewhere, nothing when quiet. */
function progressOn(choice: RendererChoice): (text: string) => void {
  if (choice === 'silent') return () => undefined;
  if (choice === 'simple-lines') return (text) => process.stderr.write(`${text}\n`);
  return (text) => {
    progressShown = true;
    process.stderr.write(`\r\u001b[K${text.slice(0, tableWidth(process.stderr) - 1)}`);
  };
}

/** Whether the cursor stands at the end of a line of `progressOn`. */
let progressShown = false;

/** Takes that line away: what comes next starts on a line of its own. */
function endProgress(): void {
  if (progressShown) process.stderr.write('\r\u001b[K');
  progressShown = false;
}

/** stdout is for data, stderr for everything else. The document is written whole before the process may leave. */
async function write(presentation: Presentation, document: Record<string, unknown> | null): Promise<void> {
  endProgress();
  process.stderr.write(presentation.stderr);
  const text =
    document === null
      ? presentation.stdout
      : `${JSON.stringify(presentation.error === null ? document : { ...document, error: errorDocument(presentation.error, process.argv.slice(2)) }, null, 2)}\n`;
  if (text !== '') await writeData(text);
  process.stderr.write(presentation.closing ?? '');
}

/**
 * Writes to stdout, whole. A reader that has seen enough (`| head`) is no failure of ours; what stays unwritten is not missed.
 * @throws MobyBuildError `stdout-failed` where the data cannot be kept: a full disk behind `> FILE`
 */
async function writeData(text: string): Promise<void> {
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

/** What is missing on this machine is told with the command that installs it here. */
async function withFix(error: unknown): Promise<unknown> {
  if (!(error instanceof MobyBuildError) || error.code !== 'no-such-program') return error;
  return (await import('./commands/context/missing-program.ts')).withInstallCommand(error, process.env);
}

/** Whatever broke while a signal ended the run broke because of it. */
function afterSignal(cause: unknown): unknown {
  const signal = stoppingSignal();
  if (signal === null) return cause;
  return new MobyBuildError({
    code: 'interrupted',
    exitCode: signal === 'SIGINT' ? EXIT.sigint : EXIT.sigterm,
    message: `Interrupted by ${signal}.`,
    hint: MESSAGES.interrupted,
    command: NEXT.again(),
    cause,
  });
}

/** A path that this machine does not give is no mistake of ours; that something is not there is one, where nobody thought of it. */
function toOwnError(cause: unknown): unknown {
  if (cause instanceof Error && 'instead' in cause) return cause.instead;
  const { code = '', path, message = '' } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
  // write(2) has a number and no path.
  if (path === undefined && (code === 'ENOSPC' || code === 'EDQUOT'))
    return new MobyBuildError({
      code: 'disk-full',
      exitCode: EXIT.machine,
      message: `A file could not be written: ${message}.`,
      where: tmpdir(),
      hint: 'Free some space. TMPDIR names another directory for temporary files, --work-dir DIR one for the work.',
      command: `df -h ${quoteWord(tmpdir())}`,
      cause,
    });
  return path !== undefined && OF_THE_MACHINE.includes(code) ? toFileError(cause, path) : cause;
}

const OF_THE_MACHINE = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EIO',
];

async function readConfiguration(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    if ((cause as NodeJS.ErrnoException).code !== 'EISDIR') throw toFileError(cause, path);
    throw new MobyBuildError({
      code: 'usage',
      exitCode: EXIT.usage,
      message: `The configuration file ${path} is a directory.`,
      where: path,
      hint: 'Where no --config names one, moby-build.yaml, .yml or .json in this directory is read.',
      command: `ls -ld ${quoteWord(path)}`,
      cause,
    });
  }
}

await main(process.argv.slice(2));
