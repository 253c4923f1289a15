import type { AuditReport } from './audit/audit-report.ts';
import type { BuildReport } from './build/build.ts';
import type { BundleReport } from './bundle/document.ts';
import { presentBundle } from './bundle/present-bundle.ts';
import type { CacheReport } from './cache/document.ts';
import type { ConfigReport } from './config/config.ts';
import { presentConfig } from './config/present-config.ts';
import type { CompareReport } from './compare/compare.ts';
import { presentCompare } from './compare/present-compare.ts';
import type { CleanReport } from './clean/clean.ts';
import type { DoctorReport } from './doctor/doctor.ts';
import type { ExplainReport } from './explain/explain.ts';
import { presentExplain } from './explain/present-explain.ts';
import type { MirrorsReport } from './mirrors/mirrors.ts';
import type { MatrixReport } from './matrix/matrix-report.ts';
import { presentMatrix } from './matrix/present-matrix.ts';
import type { PackReport } from './pack/pack.ts';
import { presentPack } from './pack/present-pack.ts';
import type { PatchReport } from './patch/patch.ts';
import { presentProvenance, type ProvenanceReport } from './provenance/provenance.ts';
import type { ReportReport } from './report/report.ts';
import { presentSbom, type SbomReport } from './sbom/sbom.ts';
import { presentSign, type SignReport } from './sign/sign.ts';
import type { SmokeReport } from './smoke/smoke.ts';
import type { VerifyReport } from './verify/verify.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import type { Language } from '../names.ts';
import { NEXT } from '../next-command.ts';
import { duration, size } from '../ui/amounts.ts';
import { buildSummary } from './build/build-summary.ts';
import type { Colours } from '../ui/colours.ts';
import { formatOwnError } from '../ui/errors.ts';
import { MESSAGES } from '../ui/messages.ts';
import { notesText, planReport } from './patch/plan-report.ts';
import type { Page } from './audit/audit-text.ts';
import { presentAudit } from './audit/present-audit.ts';
import { presentCache } from './cache/present-cache.ts';
import { presentDoctor } from './doctor/present-doctor.ts';
import { presentMirrors } from './mirrors/present-mirrors.ts';
import type { Presentation } from '../ui/presentation.ts';
import { spoken } from '../ui/speech/speech.ts';
import { textTable } from '../ui/table.ts';
import { binaryTable, checkReport } from './verify/verify-report.ts';

export type Report =
  | BuildReport
  | MatrixReport
  | PatchReport
  | AuditReport
  | MirrorsReport
  | VerifyReport
  | CompareReport
  | ProvenanceReport
  | SbomReport
  | SignReport
  | SmokeReport
  | PackReport
  | DoctorReport
  | CacheReport
  | BundleReport
  | CleanReport
  | ExplainReport
  | ReportReport
  | ConfigReport;

export interface Style {
  readonly colours: Colours;
  readonly columns: number;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly language: Language;
  /** The words of the user's own line. */
  readonly line: readonly string[];
  /** stdout's own, for a report that is the data. */
  readonly page: Page;
}

/** Turns what a command found into text. Pure; the caller writes it. */
export function present(report: Report, style: Style): Presentation {
  switch (report.command) {
    case 'matrix':
      return presentMatrix(report, style);
    case 'patch':
      return presentPatch(report, style);
    case 'audit':
      return presentAudit(report, style.page, style);
    case 'build':
      return presentBuild(report, style);
    case 'mirrors':
      return presentMirrors(report, style.page, style);
    case 'verify':
      return presentVerify(report, style);
    case 'provenance':
      return presentProvenance(report);
    case 'compare':
      return presentCompare(report, style);
    case 'sbom':
      return presentSbom(report, style.quiet);
    case 'sign':
      return presentSign(report, style.quiet);
    case 'smoke':
      return presentSmoke(report, style);
    case 'pack':
      return presentPack(report, style.quiet);
    case 'doctor':
      return presentDoctor(report, style.page, style);
    case 'cache':
      return presentCache(report, style.colours, style.quiet);
    case 'bundle':
      return presentBundle(report, style.page, style);
    case 'explain':
      return presentExplain(report, style.page, style);
    case 'config':
      return presentConfig(report, style.page, style.quiet);
    case 'report':
      return {
        stdout: report.text === '' ? report.reports.map((file) => `${file}\n`).join('') : report.text,
        stderr: '',
        ...done,
      };
    case 'clean':
      return presentClean(report, style);
  }
}

function presentPatch({ plan, text, buildCommand, written, notes }: PatchReport, style: Style): Presentation {
  const parts = [planReport({ ...plan, notes }, style)];
  if (written !== null) parts.push(`${MESSAGES.patchesWritten(plan.patches.length, written.dir)}\n`);
  parts.push(`${MESSAGES.commandToRun}\n  ${buildCommand}\n`);
  return {
    stdout: written === null ? text : written.files.map((file) => `${file}\n`).join(''),
    stderr: style.quiet ? quietNotes(notes, style) : parts.join('\n'),
    ...done,
  };
}

function presentBuild(report: BuildReport, style: Style): Presentation {
  if (report.outcome === null) {
    const { plan, patchText, fetched, buildCommand, notes } = report;
    const parts = [
      planReport({ ...plan, notes }, style),
      `${MESSAGES.wouldFetch}\n${fetched.map((line) => `  ${line}\n`).join('')}`,
      `${MESSAGES.commandToRun}\n  ${buildCommand}\n`,
      `${MESSAGES.dryRun}\n`,
    ];
    return { stdout: patchText, stderr: style.quiet ? quietNotes(notes, style) : parts.join('\n'), ...done };
  }
  const notes = report.notes.length === 0 ? '' : `${notesText(report.notes, style.colours)}\n\n`;
  const stderr = style.quiet
    ? quietNotes(report.notes, style)
    : `\n${notes}${buildSummary(report.outcome, style.colours, style.verbose, style.columns)}`;
  return { stdout: `${report.outcome.directory}\n`, stderr, ...done };
}

function presentVerify({ directory, checks, binaries }: VerifyReport, style: Style): Presentation {
  const failed = checks.filter(({ result }) => result === 'failed').length;
  const error =
    failed === 0
      ? null
      : new MobyBuildError({
          code: 'verify-failed',
          exitCode: EXIT.output,
          message: `${String(failed)} of ${String(checks.length)} checks of ${directory} failed.`,
          where: directory,
          command: NEXT.verbose(),
        });
  const table = binaries.length === 0 ? '' : `${binaryTable(binaries, style.verbose, style.columns)}\n\n`;
  return {
    stdout: '',
    stderr: style.quiet && error === null ? '' : `${table}${checkReport(checks, style.colours, style.columns)}`,
    closing: error === null ? '' : `\n${formatOwnError(error, style.colours, style.line)}`,
    exitCode: error === null ? EXIT.done : EXIT.output,
    error,
  };
}

function presentSmoke({ directory, listed, checks, seconds, log }: SmokeReport, style: Style): Presentation {
  if (directory === null) {
    return {
      stdout: `${textTable(
        ['id', 'check'],
        listed.map(({ id, title }) => [id, spoken(title)]),
      )}\n`,
      isText: true,
      stderr: '',
      ...done,
    };
  }
  const failed = checks.filter(({ result }) => result === 'failed');
  const error =
    failed.length === 0
      ? null
      : new MobyBuildError({
          code: 'smoke-failed',
          exitCode: EXIT.output,
          message: `${String(failed.length)} of ${String(checks.length)} checks of the daemon in ${directory} failed.`,
          where: directory,
          hint: log === null ? undefined : MESSAGES.daemonsSaid(log),
          command: NEXT.smokeOnly(...failed.map(({ id }) => id)),
        });
  const last = `${MESSAGES.smokeTook(checks.length, duration(seconds))}\n`;
  return {
    stdout: '',
    stderr: style.quiet && error === null ? '' : `\n${checkReport(checks, style.colours, style.columns)}${last}`,
    closing: error === null ? '' : `\n${formatOwnError(error, style.colours, style.line)}`,
    exitCode: error === null ? EXIT.done : EXIT.output,
    error,
  };
}

function presentClean({ found, asked, error }: CleanReport, style: Style): Presentation {
  const end = { exitCode: error?.exitCode ?? EXIT.done, error };
  if (found.length === 0) return { stdout: '', stderr: style.quiet ? '' : `${MESSAGES.nothingToClean}\n`, ...end };
  const rows = found.map(({ kind, path, bytes, usedBy, removed, reason }) => [
    removed
      ? MESSAGES.removed
      : usedBy !== null
        ? MESSAGES.inUse(usedBy)
        : reason === null
          ? kind
          : MESSAGES.notRemoved,
    size(bytes),
    path,
  ]);
  const table = textTable(['what', 'size', 'where'], rows);
  const gone = found.filter(({ removed }) => removed).reduce((sum, { bytes }) => sum + bytes, 0);
  const last = asked ? MESSAGES.freed(size(gone)) : MESSAGES.cleanNeedsYes;
  const trouble = error === null ? '' : `\n${formatOwnError(error, style.colours, style.line)}`;
  return { stdout: '', stderr: style.quiet ? trouble : `${table}\n\n${last}\n${trouble}`, ...end };
}

const done = { exitCode: EXIT.done, error: null } as const;

/** `--quiet` keeps what somebody has to know. */
function quietNotes(notes: Parameters<typeof notesText>[0], style: Style): string {
  const warnings = notes.filter(({ level }) => level === 'warning');
  return warnings.length === 0 ? '' : `${notesText(warnings, style.colours)}\n`;
}
