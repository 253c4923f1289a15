import { NEXT } from '../../next-command.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { listChecks, smoke as runSmoke } from '../../smoke/smoke.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CheckResult } from '../../types.ts';
import type { CommandContext } from '../context/context.ts';
import type { SmokeDocument } from './document.ts';

export interface SmokeReport {
  readonly command: 'smoke';
  readonly directory: string | null;
  /** What could be checked; filled in by `--list` only. */
  readonly listed: readonly { readonly id: string; readonly title: string }[];
  readonly checks: readonly CheckResult[];
  readonly seconds: number;
  /** Where the daemons' own output lies, or null. */
  readonly log: string | null;
}

/** `moby-build smoke DIR`: starts that dockerd apart from everything on the host and checks each step of its start-up. */
export async function smoke(context: CommandContext, directory: string | null): Promise<SmokeReport> {
  const { options, document } = context;
  if (options.list) {
    const listed = listChecks();
    Object.assign(document, {
      directory: null,
      list: listed,
      checks: [],
      totals: { ok: 0, warning: 0, failed: 0, skipped: 0 },
      seconds: 0,
      log: null,
    } satisfies SmokeDocument);
    return { command: 'smoke', directory: null, listed, checks: [], seconds: 0, log: null };
  }
  if (directory === null) {
    throw new MobyBuildError({
      code: 'usage',
      exitCode: EXIT.usage,
      message: MESSAGES.smokeNeedsFolder,
      command: NEXT.help('smoke'),
    });
  }
  const checks: CheckResult[] = [];
  document['directory'] = directory;
  document['checks'] = checks;
  const report = await runSmoke({
    dir: directory,
    only: options.only,
    skip: options.skip,
    ...(context.isGiven('arch') ? { arch: options.arch } : {}),
    onEvent: (event) => {
      if (event.kind === 'started') context.progress(MESSAGES.checking(event.index + 1, event.count, event.title));
      else checks.push(event.result);
    },
  });
  Object.assign(document, {
    list: [],
    checks: report.checks,
    totals: report.totals,
    seconds: report.seconds,
    log: report.log,
  } satisfies Omit<SmokeDocument, 'directory'>);
  return { command: 'smoke', directory, listed: [], checks: report.checks, seconds: report.seconds, log: report.log };
}
