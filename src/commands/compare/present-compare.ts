import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { Difference } from '../../comparison/difference.ts';
import type { ComparedFile } from '../../comparison/compare-outputs.ts';
import { size } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { cutEnd, textTable } from '../../ui/table.ts';
import type { CompareReport } from './compare.ts';

/** So many differences of one kind are shown; --verbose and JSON have all. */
const SHOWN = 8;
/** A value is shown up to here; --verbose and JSON have all of it. */
const VALUE_WIDTH = 60;

interface Style {
  readonly colours: Colours;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly line: readonly string[];
}

/** What differs, on stdout: it was asked for. Exit 7 where a file differs. Pure. */
export function presentCompare(report: CompareReport, style: Style): Presentation {
  const error = report.equal ? null : outputsDiffer(report);
  return {
    stdout: style.quiet ? '' : `${sectionsOf(report, style).join('\n\n')}\n`,
    isText: true,
    stderr: '',
    closing: error === null ? '' : `${style.quiet ? '' : '\n'}${formatOwnError(error, style.colours, style.line)}`,
    exitCode: error === null ? EXIT.done : EXIT.output,
    error,
  };
}

function sectionsOf(report: CompareReport, style: Style): readonly string[] {
  const { a, b, files, inputs } = report;
  const open = files.filter(({ differences }) => differences.length > 0);
  return [
    `A: ${a.path}\nB: ${b.path}`,
    fileTable(files),
    ...(inputs === null
      ? [`What went into the builds is not compared: ${a.manifest === null ? 'A' : 'B'} has no manifest.`]
      : inputs.length === 0
        ? ['What went into the builds is the same, as far as the manifests say it.']
        : [`What went into the builds and differs:\n${differenceLines(inputs, style)}`]),
    ...open.map(({ name, differences }) => `${name}:\n${differenceLines(differences, style)}`),
    verdict(report),
  ];
}

const STATES: Readonly<Record<ComparedFile['state'], string>> = {
  same: 'same',
  differs: 'DIFFERS',
  'only-a': 'only in A',
  'only-b': 'only in B',
};

function fileTable(files: readonly ComparedFile[]): string {
  return textTable(
    ['file', '', 'A', 'B'],
    files.map(({ name, state, a, b }) => [name, spoken(STATES[state]), fileWords(a), fileWords(b)]),
  );
}

function fileWords(file: ComparedFile['a']): string {
  return file === null ? '-' : `${size(file.bytes)} ${file.sha256.slice(0, 12)}`;
}

/** Grouped by area; sections are shown by name only, for their sums say nothing to a reader. */
function differenceLines(differences: readonly Difference[], { verbose }: Pick<Style, 'verbose'>): string {
  const areas = [...new Set(differences.map(({ area }) => area))];
  return areas
    .flatMap((area) => {
      const all = differences.filter((each) => each.area === area);
      if (area === 'section' && !verbose) return [`  ${spoken('sections')}: ${all.map(sectionWords).join(', ')}`];
      const shown = verbose ? all : all.slice(0, SHOWN);
      const more = all.length - shown.length;
      return [
        ...shown.map((each) => `  ${area} ${each.name}: ${value(each.a, verbose)} -> ${value(each.b, verbose)}`),
        ...(more === 0 ? [] : [`  ${area}: ${spoken(`${String(more)} more (--verbose)`)}`]),
      ];
    })
    .join('\n');
}

function sectionWords({ name, a, b }: Difference): string {
  if (a === null || b === null) return `${name} (${spoken(a === null ? 'only in B' : 'only in A')})`;
  const [sizeA = '', sizeB = ''] = [a, b].map((text) => text.split(' ', 1)[0]);
  return sizeA === sizeB ? name : spoken(`${name} (${sizeA} -> ${sizeB} bytes)`);
}

function value(text: string | null, verbose: boolean): string {
  if (text === null) return spoken('none');
  const words = JSON.stringify(text).slice(1, -1);
  return words === '' ? spoken('(empty)') : verbose ? words : cutEnd(words, VALUE_WIDTH);
}

/** The one sentence that tells most: why, as far as it can be told. */
function verdict({ equal, files, inputs }: CompareReport): string {
  if (equal)
    return inputs === null || inputs.length === 0
      ? 'The outputs are the same.'
      : 'The outputs are the same, byte for byte, although what is listed above differs.';
  const differing = files.filter(({ state }) => state === 'differs');
  if (differing.length === 0) return 'The files that both have are the same; some are on one side only.';
  const telling = (inputs ?? []).filter(({ area }) => TELLING.has(area));
  const inside = differing.flatMap(({ differences }) => differences).filter(({ area }) => area.startsWith('go-'));
  if (telling.length > 0) return `Likely why: ${listed(telling.map(({ area, name }) => `${area} ${name}`))}.`;
  if (inside.length > 0) return `Likely why: ${listed(inside.map(({ area, name }) => `${area} ${name}`))}.`;
  if (inputs === null) return 'Why they differ cannot be told without both manifests.';
  return 'Nothing that the manifests record explains it. Not recorded are packages of apt and the time of the build; SOURCE_DATE_EPOCH fixes the time.';
}

/** What changes bytes by itself; options show in these, and another engine should not matter. */
const TELLING: ReadonlySet<Difference['area']> = new Set(['source', 'patch', 'component', 'image', 'build-argument']);

function listed(words: readonly string[]): string {
  const all = [...new Set(words)];
  const more = all.length - SHOWN;
  return more > 0 ? `${all.slice(0, SHOWN).join(', ')} and ${String(more)} more` : all.join(', ');
}

function outputsDiffer({ files, a, b }: CompareReport): MobyBuildError {
  const count = files.filter(({ state }) => state !== 'same').length;
  return new MobyBuildError({
    code: 'outputs-differ',
    exitCode: EXIT.output,
    message: `${String(count)} of ${String(files.length)} files are not the same.`,
    where: `${a.path}, ${b.path}`,
    command: NEXT.verbose(),
  });
}
