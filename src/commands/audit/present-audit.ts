import { adviceFor } from '../../egress/world/broken-address.ts';
import { NEXT } from '../../next-command.ts';
import type { AuditReport, TagsReport, TreeAuditReport } from './audit-report.ts';
import type { NoteCode } from '../../codes.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Note } from '../../types.ts';
import { auditMarkdown } from './audit-markdown.ts';
import { auditReport, hostsReport, kindsOf, tagsReport, type Page } from './audit-text.ts';
import type { Colours } from '../../ui/colours.ts';
import { driftReport } from './drift-report.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { notesText } from '../patch/plan-report.ts';
import type { Presentation } from '../../ui/presentation.ts';

/**
 * The report is what was asked for, so it goes to stdout; notes and what the exit code means come after it, on stderr.
 *
 * @param page of stdout
 * @param stderr colours there, and the words of the user's own line
 */
export function presentAudit(
  report: AuditReport,
  page: Page,
  stderr: { readonly colours: Colours; readonly quiet: boolean; readonly line: readonly string[] },
): Presentation {
  const error = judged(report);
  const notes = [...report.notes, ...hostNotes(report)].filter(({ level }) => !stderr.quiet || level === 'warning');
  const closing = [
    ...(notes.length > 0 ? [`${notesText(notes, stderr.colours)}\n`] : []),
    ...(error === null ? [] : [formatOwnError(error, stderr.colours, stderr.line)]),
  ];
  return {
    stdout: report.format === 'markdown' ? auditMarkdown(report) : tableForm(report, page),
    isText: true,
    stderr: '',
    closing: closing.length === 0 ? '' : `\n${closing.join('\n')}`,
    exitCode: error === null ? EXIT.done : EXIT.tree,
    error,
  };
}

function tableForm(report: AuditReport, given: Page): string {
  // Narrower than this no table says anything.
  const page = { ...given, columns: Math.max(60, given.columns) };
  switch (report.form) {
    case 'tree':
      return auditReport(report, page);
    case 'hosts':
      return hostsReport(report, page);
    case 'drift':
      return driftReport(report, page);
    case 'tags':
      return tagsReport(report, page);
  }
}

function hostNotes(report: AuditReport): readonly Note[] {
  if (report.form !== 'hosts') return [];
  const uses = report.hosts.filter(({ contacted, askedFor }) => contacted || askedFor.length > 0);
  const shown = uses.map(({ host }) => host);
  const registries = uses.filter((use) => kindsOf(use).some((kind) => kind === 'image' || kind === 'frontend'));
  const note = (code: NoteCode, message: string): Note => ({ level: 'info', code, message });
  return [
    ...(shown.includes('registry-1.docker.io') ? [note('hub-hosts', MESSAGES.hubToo)] : []),
    ...(registries.some(({ host }) => host !== 'registry-1.docker.io')
      ? [note('registry-hosts', MESSAGES.registriesToo)]
      : []),
    ...(shown.some((host) => host.startsWith('<')) ? [note('default-hosts', MESSAGES.defaultsToo)] : []),
  ];
}

/** What the exit code means: something in the closure is not understood, or met by nobody. Of a comparison the newer side counts. */
function judged(report: AuditReport): MobyBuildError | null {
  if (report.form === 'tags') return judgedTags(report);
  return judgedTree(report.form === 'drift' ? report.to : report.audit);
}

function judgedTree({
  unknown,
  points,
  totals,
  target,
  profile,
  ref,
}: TreeAuditReport['audit']): MobyBuildError | null {
  const inside = unknown.filter(({ inClosure }) => inClosure);
  const [place, ...more] = inside;
  if (place !== undefined) {
    return new MobyBuildError({
      code: 'unknown-place',
      exitCode: EXIT.tree,
      message: `${String(more.length + 1)} ${more.length === 0 ? 'call' : 'calls'} in the closure of ${target} may use the network in a way that is not understood.`,
      where: `${place.file}:${String(place.line)}`,
      ...adviceFor(inside),
    });
  }
  const first = points.find(({ inClosure, via }) => inClosure && via === 'none');
  if (first === undefined) return null;
  const { uncovered, closure } = totals;
  return new MobyBuildError({
    code: 'uncovered',
    exitCode: EXIT.tree,
    message: `${String(uncovered)} of the ${String(closure)} egress points in the closure of ${target} ${uncovered === 1 ? 'is' : 'are'} not resolved (${ref}, profile ${profile}).`,
    where: `${first.file}:${String(first.line)}`,
    hint: `${first.reason}. Give a mirror for each (--mirror, --image, --frontend, --without), or take a profile that covers all.`,
    command: NEXT.profile(profile === 'upstream' ? 'cn' : 'upstream'),
  });
}

function judgedTags({ tags, profile }: TagsReport): MobyBuildError | null {
  const unreadable = tags.filter(({ error }) => error !== null);
  const unknown = tags.filter(({ unknownInside }) => unknownInside > 0);
  const unmet = tags.filter(({ totals }) => (totals?.uncovered ?? 0) > 0);
  const [first] = [...unreadable, ...unknown, ...unmet];
  if (first === undefined) return null;
  const parts = [
    ...(unreadable.length > 0 ? [`${String(unreadable.length)} not a known tree of moby`] : []),
    ...(unknown.length > 0 ? [`${String(unknown.length)} with calls in the closure that are not understood`] : []),
    ...(unmet.length > 0 ? [`${String(unmet.length)} with unresolved egress points in the closure`] : []),
  ];
  return new MobyBuildError({
    code: unreadable.length > 0 ? 'unreadable-tree' : unknown.length > 0 ? 'unknown-place' : 'uncovered',
    exitCode: EXIT.tree,
    message: `Of ${String(tags.length)} tags ${parts.join(', ')} (profile ${profile}).`,
    where: first.ref,
    hint: first.error?.message,
    command: NEXT.oneTag(first.ref),
  });
}
