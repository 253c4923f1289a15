import { writeSync } from 'node:fs';
import type { CommandLine } from './config/layers/parse.ts';
import { outputWishes } from './config/layers/output-wishes.ts';
import { askedPage, pageKey } from './config/pages/asked-page.ts';
import type { ErrorDocument } from './document/parts.ts';
import { EXIT, MobyBuildError } from './errors.ts';
import type { CommandContext } from './commands/context/context.ts';
import { languageOf } from './commands/context/language.ts';
import { readConfiguration } from './system/files/read-configuration.ts';
import { compileLate } from './system/late-compiler.ts';
import { toOwnError } from './system/own-error.ts';
import { NEXT } from './next-command.ts';
import type { Note } from './types.ts';
import { pageText } from './system/page-text.ts';
import { packageVersion } from './system/package-root.ts';
import { takePassphrase } from './system/secret-variable.ts';
import { startSignalGuard, STOPS } from './system/signals/signal-guard.ts';
import { endWithParent } from './system/process/watch-parent.ts';
import { killAll, runCleanups, stoppingSignal } from './system/process/supervisor.ts';
import { duration } from './ui/amounts.ts';
import { createColours, type Colours } from './ui/colours.ts';
import { errorDocument, formatError } from './ui/errors.ts';
import { LINES_INTERVAL_MS, TERMINAL_INTERVAL_MS, throttled } from './ui/live.ts';
import { MESSAGES } from './ui/messages.ts';
import { speak, spoken, spokenLines } from './ui/speech/speech.ts';
import type { Report } from './commands/present.ts';
import type { Presentation } from './ui/presentation.ts';
import { hasTitle, titleOn } from './ui/terminal/title.ts';
import { Screen } from './ui/terminal/screen.ts';
import { assumeSize, tableWidth } from './ui/terminal-size.ts';
import { annotations } from './ui/workflow/commands.ts';
import { chooseRenderer, wantsColours } from './ui/renderer.ts';
import { writeData } from './ui/write-data.ts';

const screen = new Screen(process.stderr, process.env);

/** Whoever waited so long is told how long it was, also where the run failed. */
const TOLD_SECONDS = 60;

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
  const passphrase = takePassphrase(process.env);
  const early = outputWishes(argv, process.env);
  const document: Record<string, unknown> = {};
  let { color, json } = early;
  let quiet = false;
  const language = languageOf(early.lang, process.env);
  try {
    const page = askedPage(argv);
    if (page !== null) {
      await writeData(page.is === 'version' ? `${version}\n` : pageText(pageKey(page, language)));
      return;
    }
    await speak(language);
    const line = await readLine(argv);
    if (line.command === 'completion') {
      await writeData(pageText(`completion ${line.action ?? ''}`));
      return;
    }
    if (line.command !== 'matrix' && line.options.tags === null) compileLate();
    ({ color, json, quiet } = line.options);
    await speak(languageOf(line.options.lang, process.env));
    endWithParent(process.env);
    stopGuard = startSignalGuard(new URL('./system/signals/signal-guard-thread.js', import.meta.url));
    const context = await makeContext(line, version, document, passphrase);
    // The others have a list of notes in their report.
    if (!hasNotes(line)) await tellNotes(line.notes, quiet, coloursOf(color, process.stderr));
    const report = await runCommand(line, context);
    const { present } = await import('./commands/present.ts');
    const presentation = present(report, {
      colours: coloursOf(color, process.stderr),
      columns: tableWidth(process.stderr),
      verbose: line.options.verbose,
      quiet: line.options.quiet,
      language: languageOf(line.options.lang, process.env),
      line: argv,
      page: {
        colours: coloursOf(color, process.stdout),
        columns: tableWidth(process.stdout),
      },
    });
    await write(presentation, json ? document : null);
    annotate(presentation.error === null ? null : errorDocument(presentation.error, argv), document['notes']);
    process.exitCode = presentation.exitCode;
  } catch (cause) {
    const error = await withFix(afterSignal(toOwnError(cause)));
    // One document, also where the first could not be written.
    if (json && !(error instanceof MobyBuildError && error.code === 'stdout-failed'))
      process.stdout.write(
        `${JSON.stringify({ ...document, error: errorDocument(error, process.argv.slice(2)) }, null, 2)}\n`,
      );
    const colours = coloursOf(color, process.stderr);
    await tellNotes(document['notes'], quiet, colours);
    screen.write(
      formatError(error, colours, {
        version,
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
        line: argv,
      }),
    );
    if (!quiet) tellTime(document['seconds']);
    annotate(errorDocument(error, argv), document['notes']);
    process.exitCode = error instanceof MobyBuildError ? error.exitCode : EXIT.failed;
  } finally {
    runCleanups();
    stopGuard();
    for (const signal of STOPS) process.off(signal, onSignal);
  }
}

async function readLine(argv: readonly string[]): Promise<CommandLine> {
  const { parseCommandLine } = await import('./config/layers/parse.ts');
  const cwd = process.cwd();
  const given = { env: process.env, cwd, nodeArch: process.arch, readFile: readConfiguration };
  const read = await parseCommandLine(argv, given);
  return (await import('./commands/context/standing-in.ts')).lineHere(read, cwd);
}

async function runCommand(line: CommandLine, context: CommandContext): Promise<Report> {
  switch (line.command) {
    case 'build':
      return (await import('./commands/build/build.ts')).build(context);
    case 'matrix':
      return (await import('./commands/matrix/matrix.ts')).matrix(context, process.cwd());
    case 'patch':
      return (await import('./commands/patch/patch.ts')).patch(context);
    case 'audit':
      return (await import('./commands/audit/audit.ts')).audit(context);
    case 'mirrors':
      return (await import('./commands/mirrors/mirrors.ts')).mirrors(context, line.action);
    case 'verify':
      return (await import('./commands/verify/verify.ts')).verify(context, line.directory ?? '.');
    case 'sbom':
      return (await import('./commands/sbom/sbom.ts')).sbom(context, line.directory ?? '.');
    case 'sign':
      return (await import('./commands/sign/sign.ts')).sign(context, line.directory ?? '.');
    case 'provenance':
      return (await import('./commands/provenance/provenance.ts')).provenance(context, line.directory ?? '.');
    case 'compare':
      return (await import('./commands/compare/compare.ts')).compare(
        context,
        line.directory ?? '.',
        line.second ?? '.',
      );
    case 'smoke':
      return (await import('./commands/smoke/smoke.ts')).smoke(context, line.directory);
    case 'pack':
      return (await import('./commands/pack/pack.ts')).pack(context, line.directory ?? '.');
    case 'doctor':
      return (await import('./commands/doctor/doctor.ts')).doctor(context);
    case 'cache':
      return (await import('./commands/cache/cache.ts')).cache(context, line.action);
    case 'bundle':
      return (await import('./commands/bundle/bundle.ts')).bundle(context, line.action, line.files);
    case 'report':
      return (await import('./commands/report/report.ts')).report(context, line.directory);
    case 'explain':
      return (await import('./commands/explain/explain.ts')).explain(context, line.subject ?? '-', process.stdin);
    case 'config':
      return (await import('./commands/config/config.ts')).config(context, line, process.cwd());
    case 'completion':
      // `completion -- bash`: the page is asked for in a form that is no page's.
      throw new Error('a page, and no run');
    case 'clean':
      return (await import('./commands/clean/clean.ts')).clean(context);
  }
}

async function makeContext(
  line: CommandLine,
  version: string,
  document: Record<string, unknown>,
  passphrase: string | null,
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
      live: choice === 'default',
      list: listrOptions(choice, wantsColours(line.options.color, terminal), screen.inWorkflow),
      spoken,
      title: hasTitle(choice === 'default', terminal)
        ? titleOn((text) => {
            writeSync(process.stderr.fd, text);
          })
        : () => undefined,
      throttle: (show) => throttled(show, choice === 'default' ? TERMINAL_INTERVAL_MS : LINES_INTERVAL_MS).update,
    },
    progress: screen.progress(choice),
    wait: (text, work) => withSpinner(text, choice, wantsColours(line.options.color, terminal), work),
    say: (text) => {
      screen.write(`${text.replace(/\n$/u, '')}\n`);
    },
    ask: async (question) =>
      !line.options.json &&
      (await import('./system/process/ask.ts')).askYes(spoken(question), process.stdin, process.stderr),
    askSecret: async (question) =>
      line.options.json
        ? null
        : (await import('./system/process/ask.ts')).askSecret(spoken(question), process.stdin, process.stderr),
    passphrase,
    document,
  };
}

/** Whether the command's own report tells the notes of the line with those of the run. */
function hasNotes({ command, action }: CommandLine): boolean {
  return (
    ['build', 'matrix', 'patch', 'audit', 'doctor'].includes(command) ||
    action === 'probe' ||
    (command === 'config' && (action ?? 'show') === 'show')
  );
}

function coloursOf(wish: 'auto' | 'always' | 'never', { isTTY }: { readonly isTTY?: boolean }): Colours {
  return createColours(wantsColours(wish, { isTTY: isTTY === true, env: process.env }));
}

/** What came up before the failure may be what explains it, a note on a proxy as well as a warning. Quiet: warnings alone. */
async function tellNotes(notes: unknown, quiet: boolean, colours: Colours): Promise<void> {
  const all = Array.isArray(notes) ? (notes as readonly Note[]) : [];
  const told = all.filter(({ level }) => !quiet || level === 'warning');
  if (told.length === 0) return;
  const { notesText } = await import('./commands/patch/plan-report.ts');
  screen.write(`\n${notesText(told, colours)}\n\n`);
}

/** The last line of a run that failed after a while. @param seconds where the command's document has them */
function tellTime(seconds: unknown): void {
  if (typeof seconds === 'number' && seconds >= TOLD_SECONDS)
    screen.write(`\n${MESSAGES.endedAfter(duration(seconds))}\n`);
}

/** Tells a runner of GitHub what ended the run, and its warnings. */
function annotate(error: ErrorDocument | null, notes: unknown): void {
  screen.command(annotations(error, Array.isArray(notes) ? (notes as readonly Note[]) : [], MESSAGES.moreWarnings));
}

/** stdout is for data, stderr for everything else. The document is written whole before the process may leave. */
async function write(presentation: Presentation, document: Record<string, unknown> | null): Promise<void> {
  screen.write(presentation.stderr);
  const text =
    document === null
      ? (presentation.isText === true ? spokenLines : String)(presentation.stdout)
      : `${JSON.stringify(presentation.error === null ? document : { ...document, error: errorDocument(presentation.error, process.argv.slice(2)) }, null, 2)}\n`;
  if (text !== '') await writeData(text);
  screen.write(presentation.closing ?? '');
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
    message: MESSAGES.interruptedBy(signal),
    hint: MESSAGES.interrupted,
    command: NEXT.again(),
    cause,
  });
}

await main(process.argv.slice(2));
