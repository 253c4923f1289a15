import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { differencesOf } from '../../report/facts/differences.ts';
import { LogReplay, runFacts, type RunReport } from '../../report/facts/model.ts';
import { renderReport } from '../../report/render.ts';
import { logLines, NotText } from '../../system/files/log-lines.ts';
import { toFileError } from '../../system/file-error.ts';
import { newestRun, readRecord, runOfOutDir, EARLIER_RECORD_NAME, RECORD_NAME } from '../../workdir/run-record.ts';
import type { CommandContext } from '../context/context.ts';
import { languageOf } from '../context/language.ts';
import type { ReportDocument } from './document.ts';
import { spokenReport } from './spoken-report.ts';
import { writeReports } from './write-reports.ts';

export interface ReportReport {
  readonly command: 'report';
  /** The files that were written; none: the text is shown. */
  readonly reports: readonly string[];
  readonly text: string;
}

/**
 * `moby-build report [RUN]`: a report of a run from what it left, also of one that failed or was killed.
 *
 * @param given a work dir, an out dir, a record or a log; null: the newest run of the work root
 * @throws MobyBuildError `no-run`, `not-a-log` (2), and what writing a file throws
 */
export async function report(context: CommandContext, given: string | null): Promise<ReportReport> {
  const { options, document } = context;
  const place = given ?? (await newestRun(options.workDir));
  if (place === null) throw noRun(null);
  const found = await reportOf(place, options.workDir);
  await writeReports(found.report, options, context.env);
  Object.assign(document, documentOf(found, options.report));
  return {
    command: 'report',
    reports: options.report,
    text:
      options.report.length > 0
        ? ''
        : renderReport(spokenReport(found.report), 'markdown', languageOf(options.lang, context.env)),
  };
}

interface Found {
  readonly run: string;
  readonly report: RunReport;
}

async function reportOf(place: string, workDir: string | null): Promise<Found> {
  const facts = await stat(place).catch(() => null);
  if (facts === null) throw noRun(place);
  if (!facts.isDirectory()) return basename(place) === RECORD_NAME ? reportOf(dirname(place), workDir) : ofLog(place);
  const dir = (await recorded(place)) ?? (await ofOutDir(place, workDir));
  if (dir !== null) return dir;
  const log = join(place, 'build.log');
  if ((await stat(log).catch(() => null)) === null) throw noRun(place);
  return ofLog(log);
}

async function ofOutDir(place: string, workDir: string | null): Promise<Found | null> {
  const dir = await runOfOutDir(workDir, place);
  return dir === null ? null : recorded(dir);
}

async function recorded(dir: string): Promise<Found | null> {
  const entries = await readRecord(dir, RECORD_NAME);
  if (entries === null) return null;
  const earlier = await readRecord(dir, EARLIER_RECORD_NAME);
  return { run: dir, report: { run: runFacts(entries), before: earlier === null ? null : runFacts(earlier) } };
}

async function ofLog(path: string): Promise<Found> {
  const replay = new LogReplay();
  try {
    for await (const line of logLines(path)) replay.feed(line);
  } catch (cause) {
    if (!(cause instanceof NotText)) throw toFileError(cause, path);
    throw new MobyBuildError({
      code: 'not-a-log',
      exitCode: EXIT.usage,
      message: `${path} is no text.`,
      where: path,
      hint: 'report reads the folder of a run, or its log.',
      command: NEXT.help('report'),
    });
  }
  return { run: path, report: { run: replay.facts(), before: null } };
}

function documentOf({ run, report: { run: facts, before } }: Found, reports: readonly string[]): ReportDocument {
  const { steps, path, outcome, seconds, attempts, end, source, plan } = facts;
  const count = (state: string): number => steps.filter((step) => step.state === state).length;
  return {
    ...{ run, outcome, seconds, attempts, exitCode: end?.exitCode ?? null },
    ref: source?.ref ?? null,
    platform: plan?.platform ?? null,
    steps: { all: steps.length, cached: count('cached'), failed: count('failed') },
    path: path.map(({ step, waited, because }) => ({
      ...{ name: step.name, stage: step.stage, start: step.start ?? 0, seconds: step.seconds, waited, because },
    })),
    differences: before === null ? null : differencesOf(before, facts),
    reports,
  };
}

function noRun(place: string | null): MobyBuildError {
  return new MobyBuildError({
    code: 'no-run',
    exitCode: EXIT.usage,
    message: place === null ? 'No run is recorded here.' : `${place} holds neither the record of a run nor its log.`,
    where: place ?? '--work-dir',
    hint: 'A build leaves its record (run.jsonl) and its log in its work dir; --work-dir names the folder of work dirs, as for the build.',
    command: NEXT.help('report'),
  });
}
