import leven from 'leven';
import semver from 'semver';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { commandLine } from '../system/command-line.ts';
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

/** Every tag of the table. */
export function knownTags(): readonly string[] {
  return [...PINS.keys()];
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
  const near = meantTags(ref);
  const branch = near.length === 0;
  return new MobyBuildError({
    code: 'unknown-ref',
    exitCode: EXIT.usage,
    message: `${ref} is no tag of moby that is known here${branch ? '' : `; ${near.length === 1 ? 'its name may be' : 'there are'} ${near.join(', ')}`}.`,
    where: `--ref ${ref}`,
    hint: `For a tag or branch of your own, say with --commit SHA which commit it must be: --ref ${ref} --commit SHA.`,
    command: branch
      ? commandLine({ file: 'git', args: ['ls-remote', 'https://github.com/moby/moby.git', ref] })
      : NEXT.ref(near[0] ?? NEWEST),
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
    command: NEXT.ref('v20.10.27'),
  });
}

const SUGGESTIONS = 3;

/** The newest release of the table. */
const NEWEST = releases().at(0) ?? '';

/**
 * The known tags that somebody may have meant, the likeliest first: the same version written another way (`29.7.2`, `V20.10.12`), the newest of
 * a series (`v20.10`, `27.x`) or of all (`latest`), else those that look most like it. Empty for anything else, such as a branch.
 */
function meantTags(ref: string): readonly string[] {
  const wanted = ref.replace(/^refs\/tags\//u, '').toLowerCase();
  if (/^(?:latest|newest|stable|current)$/u.test(wanted)) return releases().slice(0, 1);
  const version = plainVersion(wanted);
  const same = [...PINS.keys()].filter((tag) => plainVersion(tag) === version);
  if (same.length > 0) return same;
  const series = /^(\d+(?:\.\d+)?)(?:\.[x*])?$/u.exec(version)?.[1];
  const ofSeries = series === undefined ? [] : releases().filter((tag) => plainVersion(tag).startsWith(`${series}.`));
  return ofSeries.length > 0 ? ofSeries.slice(0, SUGGESTIONS) : similarTags(wanted);
}

/** What is left of a tag without the words before its number: `docker-v29.7.2`, `v29.7.2` and `29.7.2` are one version. */
function plainVersion(tag: string): string {
  return tag.replace(/^(?:docker-?|moby-?)?v?(?=\d)/u, '');
}

/** Tags without the mark of a prerelease, the newest version first. */
function releases(): readonly string[] {
  return [...PINS.keys()]
    .filter((tag) => /^[\d.]+$/u.test(plainVersion(tag)))
    .sort((a, b) => semver.rcompare(semver.coerce(a) ?? '0.0.0', semver.coerce(b) ?? '0.0.0'));
}

/** Known tags that look most like `wanted`: a digit wrong. Fewest edits first, newest first among equals. */
function similarTags(wanted: string): readonly string[] {
  return [...PINS.entries()]
    .map(([tag, [, date = '']]) => ({ tag, date, distance: leven(wanted, tag, { maxDistance: 3 }) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance || (a.date < b.date ? 1 : -1))
    .slice(0, SUGGESTIONS)
    .map(({ tag }) => tag);
}
