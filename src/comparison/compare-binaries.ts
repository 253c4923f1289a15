import type { ElfDetails } from '../artifacts/elf/elf-details.ts';
import type { GoBuildInfo, GoModule } from '../artifacts/elf/go-build-info.ts';
import { recordDifferences, type Difference } from './difference.ts';

type Texts = Readonly<Record<string, string>>;

/** What two files of one name differ in; nothing where it cannot be told: one is no ELF, or was not there to look at. Pure. */
export function compareBinaries(a: ElfDetails | null, b: ElfDetails | null): readonly Difference[] {
  if (a === null || b === null) return [];
  return [
    ...recordDifferences('go-version', goVersion(a.go), goVersion(b.go)),
    ...recordDifferences('go-module', modules(a.go), modules(b.go)),
    ...recordDifferences('go-setting', a.go?.settings ?? {}, b.go?.settings ?? {}),
    ...recordDifferences('build-id', buildIds(a), buildIds(b)),
    ...recordDifferences('section', sections(a), sections(b)),
  ];
}

function goVersion(go: GoBuildInfo | null): Texts {
  return go === null ? {} : { go: go.goVersion };
}

function modules(go: GoBuildInfo | null): Texts {
  const all = go === null ? [] : [...(go.main === null ? [] : [go.main]), ...go.dependencies];
  return Object.fromEntries(all.map((each) => [each.path, moduleText(each)]));
}

function moduleText({ version, sum, replacedBy }: GoModule): string {
  const own = [version, sum].filter((word) => word !== null && word !== '').join(' ');
  if (replacedBy === null) return own;
  const other = [replacedBy.path, replacedBy.version, replacedBy.sum];
  return `${own} => ${other.filter((word) => word !== null && word !== '').join(' ')}`;
}

function buildIds({ gnuBuildId, goBuildId }: ElfDetails): Texts {
  return {
    ...(gnuBuildId === null ? {} : { 'GNU build id': gnuBuildId }),
    ...(goBuildId === null ? {} : { 'Go build id': goBuildId }),
  };
}

/** Sections of one name are told apart by their number. */
function sections({ sections: all }: ElfDetails): Texts {
  const seen = new Map<string, number>();
  const named = all.map(({ name, size, sha256 }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return [count === 1 ? name : `${name} #${String(count)}`, `${String(size)} bytes, sha256:${sha256}`];
  });
  return Object.fromEntries(named) as Texts;
}
