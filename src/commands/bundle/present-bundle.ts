import { gapsOf, type BundleObject, type OlderBundle } from '../../bundle/format/contents.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { size } from '../../ui/amounts.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { fitTable } from '../../ui/fit-table.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { notesText } from '../patch/plan-report.ts';
import type { Page } from '../audit/audit-text.ts';
import { damagedBundle } from '../../run/offline/damaged-bundle.ts';
import { bytesOf, type BundleReport } from './document.ts';

type Of<Action> = Extract<BundleReport, { action: Action }>;
interface Words {
  readonly colours: Page['colours'];
  readonly quiet: boolean;
  readonly line: readonly string[];
}

/** A bundle for people: tables on stdout for `ls` and `diff`, which ask for them; words for `verify`. */
export function presentBundle(report: BundleReport, page: Page, words: Words): Presentation {
  switch (report.action) {
    case 'serve':
      return {
        stdout: '',
        stderr: '',
        closing: words.quiet ? '' : `${MESSAGES.servedRequests(report.requests, report.missing)}\n`,
        ...done,
      };
    case 'want':
      return { stdout: report.file === null ? report.text : `${report.file}\n`, stderr: '', ...done };
    case 'create':
      return presentCreated(report, words);
    case 'ls':
      return presentList(report, page, words.quiet);
    case 'verify':
      return presentVerified(report, words);
    case 'diff':
      return presentDiff(report, page, words.quiet);
  }
}

function presentCreated({ file, written, notes }: Of<'create'>, { colours, quiet, line }: Words): Presentation {
  const { contents, bytes, sha256, parts, list } = written;
  const carried = [...parts.map((part) => part.file), ...(list === null ? [] : [list])];
  const stdout = carried.map((each) => `${each}\n`).join('');
  const told = notes.filter(({ level }) => !quiet || level === 'warning');
  const words = [
    ...(told.length === 0 ? [] : [`${notesText(told, colours)}\n`]),
    ...(quiet ? [] : [MESSAGES.bundleWritten(file, contents.objects.length, size(bytes), sha256)]),
    ...(quiet || list === null ? [] : [MESSAGES.bundleParts(parts.length, file)]),
    ...(quiet ? [] : contents.since.map(olderLine)),
    ...(quiet || contents.expects.length === 0 ? [] : [MESSAGES.bundleExpects(contents.expects.length)]),
  ];
  const stderr = words.length === 0 ? '' : `\n${words.join('\n')}\n`;
  const gaps = gapsOf(contents);
  if (gaps.length === 0) return { stdout, stderr, ...done };
  const error = new MobyBuildError({
    code: 'bundle-incomplete',
    exitCode: EXIT.network,
    message: [
      MESSAGES.bundleGaps(gaps.length),
      ...gaps.map(({ kind, name, reason }) => `  ${kind} ${name}: ${reason}`),
    ].join('\n'),
    where: file,
    hint: 'The bundle was written as far as it goes, and what has come is kept: the same command goes on from there.',
    command: NEXT.again(),
  });
  const closing = `\n${formatOwnError(error, colours, line)}`;
  return { stdout, stderr, closing, exitCode: EXIT.network, error };
}

function presentList({ contents }: Of<'ls'>, page: Page, quiet: boolean): Presentation {
  const { builds, objects } = contents;
  const gaps = gapsOf(contents);
  const parts = [
    ...builds.map(({ ref, arch, target, commit }) => MESSAGES.bundleBuild(ref, commit.slice(0, 12), arch, target)),
    ...contents.since.map(olderLine),
    ...(contents.expects.length === 0 ? [] : [MESSAGES.bundleExpects(contents.expects.length)]),
    ...contents.expects.map((key) => `  ${key}`),
    '',
    objectTable(objects, page),
    ...(gaps.length === 0 ? [] : ['', MESSAGES.bundleGaps(gaps.length)]),
    ...gaps.map(({ kind, name, reason }) => `  ${kind} ${name}: ${reason}`),
  ];
  const closing = quiet ? '' : `\n${MESSAGES.bundleHolds(objects.length, size(bytesOf(objects)))}\n`;
  return { stdout: `${parts.join('\n')}\n`, isText: true, stderr: '', closing, ...done };
}

/** What a bundle leaves to an older one. */
function olderLine({ name, sha256, files }: OlderBundle): string {
  return MESSAGES.bundleSince(files.length, name, sha256);
}

function presentVerified(report: Of<'verify'>, { colours, quiet, line }: Words): Presentation {
  const { file, objects, files, bytes, faults, sha256, older } = report;
  if (faults.length === 0) {
    const absent = older.map((each) => MESSAGES.bundleSince(each.files, each.name, each.sha256));
    const sound = [MESSAGES.bundleSound(objects, files, size(bytes)), MESSAGES.bundleSum(sha256), ...absent];
    return { stdout: '', stderr: quiet ? '' : `${sound.join('\n')}\n`, ...done };
  }
  const error = damagedBundle(file, faults);
  return { stdout: '', stderr: formatOwnError(error, colours, line), exitCode: EXIT.network, error };
}

function presentDiff({ compared }: Of<'diff'>, page: Page, quiet: boolean): Presentation {
  const { added, removed, changed, same } = compared;
  const { colours } = page;
  const after = changed.map((each) => each.after);
  const section = (title: string, objects: readonly BundleObject[]): readonly string[] =>
    objects.length === 0 ? [] : [`${title}\n${objectTable(objects, page)}\n`];
  const text = [
    ...section(colours.green(MESSAGES.bundleAdded(added.length)), added),
    ...section(colours.red(MESSAGES.bundleRemoved(removed.length)), removed),
    ...section(colours.bold(MESSAGES.bundleChanged(changed.length)), after),
  ].join('\n');
  return { stdout: text, isText: true, stderr: '', closing: quiet ? '' : `${MESSAGES.bundleSame(same)}\n`, ...done };
}

function objectTable(objects: readonly BundleObject[], { columns }: Page): string {
  return fitTable(
    [
      { head: 'kind', cells: objects.map(({ kind }) => kind), least: 5 },
      { head: 'object', cells: objects.map(({ name }) => name), least: 16 },
      { head: 'digest', cells: objects.map(({ digest }) => digest.slice(0, digest.indexOf(':') + 13)), least: 17 },
      { head: 'size', cells: objects.map(({ bytes }) => size(bytes)), least: 8 },
      { head: 'served by', cells: objects.map(({ mirror }) => mirror ?? '-'), least: 9 },
    ],
    columns,
  );
}

const done = { exitCode: EXIT.done, error: null } as const;
