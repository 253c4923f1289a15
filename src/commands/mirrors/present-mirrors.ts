import { nextAfterNoMirror } from '../../mirrors/probe/after-no-mirror.ts';
import type { MirrorsReport } from './mirrors.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { duration, size } from '../../ui/amounts.ts';
import type { Page } from '../audit/audit-text.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { fitTable } from '../../ui/fit-table.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { notesText } from '../patch/plan-report.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import type { Presentation } from '../../ui/presentation.ts';

/** From this width on the list has room for what is known of a mirror. */
const WIDE = 120;

type ListReport = Extract<MirrorsReport, { action: 'list' }>;
type ProbeReport = Extract<MirrorsReport, { action: 'probe' }>;
type Ranked = ProbeReport['kinds'][number]['objects'][number];

/** Tables on stdout; what came up and what the exit code means, after them on stderr. */
export function presentMirrors(
  report: MirrorsReport,
  given: Page,
  stderr: { readonly colours: Colours; readonly quiet: boolean; readonly line: readonly string[] },
): Presentation {
  const page = { ...given, columns: Math.max(72, given.columns) };
  return report.action === 'list' ? presentList(report, page, stderr.quiet) : presentProbe(report, page, stderr);
}

function presentList({ compiled, mirrors, kind }: ListReport, page: Page, quiet: boolean): Presentation {
  const kinds = kind === null ? [...new Set(mirrors.flatMap((entry) => entry.kinds))] : [kind];
  const tables = kinds.map((each) => {
    const entries = mirrors.filter((entry) => entry.kinds.includes(each));
    return `${page.colours.bold(each)}\n${entryTable(entries, page)}\n`;
  });
  const closing = quiet ? '' : `\n${MESSAGES.catalogueOf(mirrors.length, compiled)}\n`;
  return { stdout: tables.join('\n'), isText: true, stderr: '', closing, exitCode: EXIT.done, error: null };
}

function entryTable(entries: ListReport['mirrors'], { columns }: Page): string {
  const column = (head: string, cells: readonly string[], least: number) => ({ head, cells, least });
  return fitTable(
    [
      column(
        'mirror',
        entries.map(({ id }) => id),
        18,
      ),
      column(
        'status',
        entries.map(({ status }) => tableWord(status)),
        10,
      ),
      column(
        'seen',
        entries.map(({ seen }) => seen ?? '-'),
        10,
      ),
      column(
        'region',
        entries.map(({ region }) => tableWord(region)),
        6,
      ),
      column(
        'template',
        entries.map(({ template }) => template),
        20,
      ),
      // Its own line would be too long for a narrow terminal; --json has it.
      ...(columns < WIDE
        ? []
        : [
            column(
              'known of it',
              entries.map(({ caveat, operator }) => caveat ?? tableWord(operator)),
              12,
            ),
          ]),
    ],
    columns,
  );
}

function presentProbe(
  report: ProbeReport,
  page: Page,
  { colours, quiet, line }: { readonly colours: Colours; readonly quiet: boolean; readonly line: readonly string[] },
): Presentation {
  const objects = report.kinds.flatMap(({ objects: each }) => each);
  const error = judged(objects, !line.some((word) => word.startsWith('--probe-timeout')));
  const notes = report.notes.filter(({ level }) => !quiet || level === 'warning');
  const closing = [
    ...(notes.length > 0 ? [`${notesText(notes, colours)}\n`] : []),
    ...(quiet ? [] : [`${MESSAGES.probeTook(report.profile, objects.length, duration(report.seconds))}\n`]),
    ...(report.saved === null ? [] : [`${MESSAGES.profileSaved(report.saved)}\n`]),
    ...(error === null ? [] : [formatOwnError(error, colours, line)]),
  ];
  return {
    stdout: objects.map((each) => objectTable(each, page)).join('\n'),
    isText: true,
    stderr: '',
    closing: `\n${closing.join('\n')}`,
    exitCode: error === null ? EXIT.done : EXIT.network,
    error,
  };
}

/** Ranked: the best one first, and why each of the others was rejected. */
function objectTable({ need, ranked }: Ranked, { columns, colours }: Page): string {
  const findings = ranked.map(({ finding }) => finding);
  const outcome = (text: string, row: number): string => {
    const is = findings[row]?.outcome;
    return is === 'ok' ? colours.green(text) : is === 'not-asked' ? colours.dim(text) : colours.red(text);
  };
  const milliseconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(0)} ms`);
  const table = fitTable(
    [
      { head: 'mirror', cells: ranked.map(({ id }) => id), least: 10 },
      { head: 'outcome', cells: findings.map((each) => tableWord(each.outcome)), least: 13, paint: outcome },
      { head: 'first byte', cells: findings.map((each) => milliseconds(each.firstByteMs)), least: 8 },
      {
        head: 'rate',
        cells: findings.map(({ bytesPerSecond: rate }) => (rate === null ? '-' : `${size(rate)}/s`)),
        least: 9,
      },
      { head: 'what was seen', cells: findings.map((each) => each.reason), least: 16 },
    ],
    columns,
  );
  const body = ranked.length === 0 ? MESSAGES.nobodyToAsk : table;
  return `${colours.bold(`${need.kind} ${need.key}`)}\n${body}\n`;
}

function judged(objects: readonly Ranked[], canWait: boolean): MobyBuildError | null {
  const without = objects.filter(
    ({ ranked }) =>
      ranked.some(({ finding }) => finding.outcome !== 'not-asked') &&
      !ranked.some(({ finding }) => finding.outcome === 'ok'),
  );
  const [first] = without;
  if (first === undefined) return null;
  return new MobyBuildError({
    code: 'no-usable-mirror',
    exitCode: EXIT.network,
    message: `No mirror has ${without.length === 1 ? `${first.need.kind} ${first.need.key}` : `${String(without.length)} of ${String(objects.length)} objects`}.`,
    hint: 'Is the network up, and does it need a proxy (HTTPS_PROXY) or a certificate (--ca FILE)? A build with --no-probe takes the order of the profile as it stands.',
    command: nextAfterNoMirror(without, canWait),
  });
}
