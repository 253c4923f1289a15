import { EXIT, MobyBuildError } from '../../errors.ts';
import { OPTION_NAMES } from '../../config/options/options.ts';
import { runFacts } from '../../report/facts/model.ts';
import type { EntryOf } from '../../report/facts/record.ts';
import { toOwnError } from '../../system/own-error.ts';
import { stoppingSignal } from '../../system/process/supervisor.ts';
import { redactWords, secretValues } from '../../system/redact.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { EARLIER_RECORD_NAME, readRecord, RECORD_NAME, RunRecord } from '../../workdir/run-record.ts';
import type { CommandContext } from '../context/context.ts';
import { writeReports } from '../report/write-reports.ts';

/** The record of a run that begins, with what was asked for. */
export function beginRecord({ options, isGiven, line, toolVersion }: CommandContext): RunRecord {
  const record = new RunRecord(secretValues(options.buildArgs));
  record.add({
    is: 'begin',
    tool: toolVersion,
    at: new Date().toISOString(),
    line: [...redactWords(line)],
    asked: Object.fromEntries(OPTION_NAMES.filter(isGiven).map((name) => [name, options[name]])),
  });
  return record;
}

/** The last line of a record. @param cause what the run threw; null: it came to its end */
export function endEntry(cause: unknown, downloadedBytes: number | null): EntryOf<'end'> {
  return { is: 'end', at: new Date().toISOString(), downloadedBytes, ...endOf(cause) };
}

function endOf(cause: unknown): Pick<EntryOf<'end'>, 'exitCode' | 'error'> {
  if (cause === null) return { exitCode: EXIT.done, error: null };
  const signal = stoppingSignal();
  if (signal !== null) {
    const exitCode = signal === 'SIGINT' ? EXIT.sigint : EXIT.sigterm;
    return { exitCode, error: { code: 'interrupted', message: MESSAGES.interruptedBy(signal), hint: null } };
  }
  const own = toOwnError(cause);
  if (own instanceof MobyBuildError) {
    const { code, message, hint = null, exitCode } = own;
    return { exitCode, error: { code, message, hint } };
  }
  return { exitCode: EXIT.failed, error: { code: 'unexpected', message: String(own), hint: null } };
}

/**
 * Ends a record, and writes the files of `--report`. Where the run failed, its own error is the one to be told: a report that cannot be
 * written then is a line.
 *
 * @param dir the work dir, or null where the run did not come so far
 * @throws as `toFileError` says, after a run that came to its end
 */
export async function endRecord(
  record: RunRecord,
  end: EntryOf<'end'>,
  { context, dir }: { readonly context: CommandContext; readonly dir: string | null },
): Promise<void> {
  record.add(end);
  const { unplaced } = record;
  record.close();
  const { options, env, say } = context;
  if (options.report.length === 0) return;
  try {
    const entries = dir === null ? unplaced : ((await readRecord(dir, RECORD_NAME)) ?? unplaced);
    const earlier = dir === null ? null : await readRecord(dir, EARLIER_RECORD_NAME);
    const before = earlier === null ? null : runFacts(earlier);
    await writeReports({ run: runFacts(entries), before }, options, env);
    if (!options.quiet) for (const file of options.report) say(MESSAGES.reportIn(file));
  } catch (cause) {
    if (end.error === null) throw cause;
    say(MESSAGES.reportFailed(cause instanceof Error ? cause.message : String(cause)));
  }
}
