import { EXIT, MobyBuildError } from '../errors.ts';
import table from './pins.json' with { type: 'json' };

export interface Pin {
  /** 40 hex digits: what the tag peels to in moby's own repository. */
  readonly commit: string;
  /** Day of the commit, `YYYY-MM-DD`. */
  readonly date: string;
}

const PINS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(table));

/** The commit that a tag of moby must be, or null where the table has none. */
export function pinFor(ref: string): Pin | null {
  const [commit, date] = PINS.get(ref.replace(/^refs\/tags\//, '')) ?? [];
  return commit === undefined || date === undefined ? null : { commit, date };
}

export interface ExpectedCommit {
  readonly commit: string;
  readonly from: 'table' | 'flag';
}

/**
 * Which commit a ref must turn out to be: `--commit` where given, else the table's. `given`: 40 hex digits in either case.
 *
 * Throws `bad-commit` (2) for a `--commit` that is not a full id, `bad-ref` (2) for a name that git would not take, and
 * `unknown-ref` (2) where neither says: what comes through strangers' mirrors is never built unchecked.
 */
export function expectedCommit(ref: string, given?: string): ExpectedCommit {
  requireRefName(ref);
  if (given !== undefined) {
    if (!/^[0-9a-f]{40}$/i.test(given)) {
      throw new MobyBuildError({
        code: 'bad-commit',
        exitCode: EXIT.usage,
        message: `--commit needs a full commit id of 40 hex digits, not ${JSON.stringify(given)}.`,
        where: '--commit',
        command: 'git rev-parse HEAD',
      });
    }
    return { commit: given.toLowerCase(), from: 'flag' };
  }
  const pin = pinFor(ref);
  if (pin !== null) return { commit: pin.commit, from: 'table' };
  throw unknownRef(ref);
}

/** The error for a ref that is in no table and (where a server was asked) on no server. */
export function unknownRef(ref: string, cause?: unknown): MobyBuildError {
  const near = nearTags(ref);
  return new MobyBuildError({
    code: 'unknown-ref',
    exitCode: EXIT.usage,
    message: `${ref} is no tag of moby that is known here${near.length === 0 ? '' : `; near it: ${near.join(', ')}`}.`,
    where: `--ref ${ref}`,
    hint: 'For a tag or branch of your own, say with --commit SHA which commit it must be.',
    command: `moby-build --ref ${near[0] ?? 'v20.10.27'}`,
    cause,
  });
}

/** git-check-ref-format(1), and no leading `-`: the name goes onto git's command line. */
function requireRefName(ref: string): void {
  const bad =
    ref === '' ||
    ref === '@' ||
    ref.length > 250 ||
    /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$|\/\.|\.lock(?:\/|$)/.test(ref);
  if (!bad) return;
  throw new MobyBuildError({
    code: 'bad-ref',
    exitCode: EXIT.usage,
    message: `${JSON.stringify(ref)} is not a name that a tag or branch can have.`,
    where: '--ref',
    command: 'moby-build --ref v20.10.27',
  });
}

const SUGGESTIONS = 3;

/** Known tags that look most like `ref`: a `v` forgotten, a digit wrong. Fewest edits first, newest first among equals. */
function nearTags(ref: string): string[] {
  const wanted = ref.toLowerCase();
  return [...PINS.entries()]
    .map(([tag, [, date = '']]) => ({ tag, date, distance: edits(wanted, tag) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance || (a.date < b.date ? 1 : -1))
    .slice(0, SUGGESTIONS)
    .map(({ tag }) => tag);
}

/** Levenshtein distance, cut off by length: names that differ by more than two characters in length are not near. */
function edits(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
