import { hostname } from 'node:os';
import type { DoctorResult } from '../../document/parts.ts';
import type { Asked } from '../../doctor/further/asked.ts';
import { ALL_CHECKS, runDoctor } from '../../doctor/further/run-doctor.ts';
import { shareable } from '../../doctor/further/share.ts';
import { installSteps } from '../../doctor/install.ts';
import { commandLine } from '../../system/command-line.ts';
import { run } from '../../system/process/run.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Note } from '../../types.ts';
import type { CommandContext } from '../context/context.ts';
import { askMachine, requireKnownIds } from './ask-machine.ts';
import type { DoctorDocument } from './document.ts';

type Listed = DoctorDocument['list'][number];
type Ran = DoctorDocument['ran'][number];

export interface DoctorReport {
  readonly command: 'doctor';
  readonly request: DoctorDocument['request'];
  /** What could be checked; filled in by `--list` only. */
  readonly listed: readonly Listed[];
  readonly checks: readonly DoctorResult[];
  /** `--fix`: what it would run, or ran. */
  readonly steps: readonly string[];
  readonly ran: readonly Ran[];
  readonly notes: readonly Note[];
  /** Names, paths and hosts are left out: also the user's own line is not told. */
  readonly shared: boolean;
}

/**
 * `moby-build doctor`: makes every check, for the build that its options describe. Changes nothing without `--fix`.
 *
 * @throws MobyBuildError `unknown-check`, `no-such-client`, exit 2
 */
export async function doctor(context: CommandContext): Promise<DoctorReport> {
  const { options, document, progress, wait } = context;
  requireKnownIds(
    options.only,
    ALL_CHECKS.map(({ id }) => id),
  );
  const request = {
    ref: options.ref,
    series: null,
    arch: options.arch,
    profile: options.profile,
    smoke: options.smoke,
  };
  if (options.list) {
    const listed = ALL_CHECKS.map(({ id, title, group }) => ({ id, title, group }));
    const report = {
      command: 'doctor',
      request,
      listed,
      checks: [],
      steps: [],
      ran: [],
      notes: [],
      shared: options.share,
    } as const;
    fill(document, report);
    return report;
  }
  const checks = ALL_CHECKS.filter(({ id }) => options.only.length === 0 || options.only.includes(id));
  const look = async (): Promise<{ readonly asked: Asked; readonly results: readonly DoctorResult[] }> => {
    const asked = await wait(MESSAGES.lookingAround, () => askMachine(context));
    const results = await runDoctor(asked, checks, (title) => {
      progress(MESSAGES.waitingFor(title));
    });
    return { asked, results };
  };
  let { asked, results } = await look();
  const plan = options.fix ? stepsOf(results) : [];
  const ran = await runSteps(context, plan);
  if (ran.length > 0) ({ asked, results } = await look());
  const { machine, series } = asked;
  const report: DoctorReport = {
    command: 'doctor',
    request: { ...request, series: series?.name ?? null },
    listed: [],
    checks: results,
    steps: plan.map(([file = '', ...args]) => commandLine({ file, args })),
    ran,
    notes: context.notes.filter(({ code }) => code !== 'stray-variable'),
    shared: options.share,
  };
  const told = options.share ? shared(report, machine.userName) : report;
  fill(document, told);
  return told;
}

function stepsOf(results: readonly DoctorResult[]): readonly (readonly string[])[] {
  return installSteps(results.flatMap(({ result, fix }) => (result === 'failed' && fix !== null ? [fix] : [])));
}

/** Shows the commands, asks once, and runs them in their order; the first that fails is the last. */
async function runSteps(
  { say, ask, options }: CommandContext,
  steps: readonly (readonly string[])[],
): Promise<readonly Ran[]> {
  if (steps.length === 0) return [];
  const shown = steps.map(([file = '', ...args]) => commandLine({ file, args }));
  if (!options.yes) {
    say(`${MESSAGES.wouldRun}\n${shown.map((line) => `  ${line}\n`).join('')}`);
    if (!(await ask(MESSAGES.runThese))) return [];
  }
  const ran: Ran[] = [];
  for (const [index, [file = '', ...args]] of steps.entries()) {
    say(`$ ${shown[index] ?? ''}`);
    const { exitCode } = await run({ file, args, env: {} }, { allowFailure: true, onLine: say });
    ran.push({ command: shown[index] ?? '', exitCode });
    if (exitCode !== 0) break;
  }
  return ran;
}

function shared(report: DoctorReport, userName: string): DoctorReport {
  const clean = (text: string): string => shareable(text, { userName, hostName: hostname() });
  const { ref, profile } = report.request;
  return {
    ...report,
    request: { ...report.request, ref: ref === null ? null : clean(ref), profile: clean(profile) },
    checks: report.checks.map((check) => ({
      ...check,
      seen: clean(check.seen),
      fix: check.fix === null ? null : clean(check.fix),
    })),
    notes: report.notes.map(({ hint, ...note }) => ({
      ...note,
      message: clean(note.message),
      ...(hint === undefined ? {} : { hint: clean(hint) }),
    })),
  };
}

/** How many checks came to which result. */
export function doctorTotals(checks: readonly DoctorResult[]): DoctorDocument['totals'] {
  const count = (wanted: DoctorResult['result']): number => checks.filter(({ result }) => result === wanted).length;
  return {
    ok: count('ok'),
    warning: count('warning'),
    failed: count('failed'),
    skipped: count('skipped'),
    unknown: count('unknown'),
  };
}

function fill(document: Record<string, unknown>, report: DoctorReport): void {
  Object.assign(document, {
    request: report.request,
    list: report.listed,
    checks: report.checks,
    totals: doctorTotals(report.checks),
    ran: report.ran,
    shared: report.shared,
  } satisfies DoctorDocument);
}
