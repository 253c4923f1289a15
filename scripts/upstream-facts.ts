import type { Series } from '../src/moby/series-table.ts';

/** A tag in a clone, the commit that it peels to, and its day. */
export interface FoundTag {
  readonly tag: string;
  readonly commit: string;
  readonly date: string;
}

/** Which tags the table lacks, and which stand on another commit than it says. Those are never taken over. Pure. */
export function newTags(
  pins: Readonly<Record<string, readonly string[]>>,
  found: readonly FoundTag[],
): { readonly added: readonly FoundTag[]; readonly moved: readonly string[] } {
  return {
    added: found.filter(({ tag }) => pins[tag] === undefined),
    moved: found.flatMap(({ tag, commit }) => {
      const [known] = pins[tag] ?? [];
      return known === undefined || known === commit ? [] : [`${tag}: ${known}, now ${commit}`];
    }),
  };
}

/** What moby says of a release branch. */
export interface BranchState {
  /** `29`, `28`, `27`, `26.1`: as our series are named. */
  readonly series: string;
  readonly maintained: boolean;
  /** YYYY-MM-DD, where a day is named. */
  readonly until: string | null;
}

/** The table of branches in project/BRANCHES-AND-TAGS.md. Pure. */
export function readBranches(text: string): readonly BranchState[] {
  return text.split('\n').flatMap((line) => {
    const [, branch, , status, until] = line.split('|').map((cell) => cell.trim());
    const series = /^(?:docker-)?(\d+(?:\.\d+)?)(?:\.x)?$/u.exec(branch ?? '')?.[1];
    if (series === undefined || status === undefined) return [];
    return [
      { series, maintained: status.startsWith('Maintained'), until: /\d{4}-\d\d-\d\d/u.exec(until ?? '')?.[0] ?? null },
    ];
  });
}

/** Where our series and moby's own words differ, a line each. Pure. */
export function supportChanges(
  series: readonly Series[],
  branches: readonly BranchState[],
  pins: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const lines = branches.flatMap(({ series: name, maintained, until }) => {
    const ours = series.find((each) => each.name === name);
    if (ours === undefined) return [`moby has a release branch for ${name}, which is no series here`];
    const told: string[] = [];
    if (maintained !== (ours.ended === null))
      told.push(`${name} is ${maintained ? 'maintained' : 'not maintained'} by moby, and the other way round here`);
    if (maintained && until !== (ours.maintainedUntil ?? null))
      told.push(
        `${name} is maintained until ${until ?? 'no day that is named'}; here ${ours.maintainedUntil ?? 'none is'}`,
      );
    return told;
  });
  const last = series.flatMap(({ name, ended }) => {
    const day = ended === null ? null : (pins[ended.lastRelease]?.[1] ?? null);
    return ended === null || day === ended.date
      ? []
      : [`the last release of ${name} is not ${ended.lastRelease} of ${ended.date}`];
  });
  return [...lines, ...last];
}

/** The Go that a go.mod asks for, from 1.21 on, when Go began to insist on it (go.dev/ref/mod, "go directive"); null for an older one, or none. Pure. */
export function goOf(text: string): string | null {
  const version = /^go (\d+\.\d+(?:\.\d+)?)$/mu.exec(text)?.[1];
  if (version === undefined) return null;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || minor >= 21 ? version : null;
}
