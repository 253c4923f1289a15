import semver from 'semver';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { Note, Tree } from '../types.ts';
import { pinFor } from './pins.ts';
import { SECURITY_FIXES, type SecurityFix } from './security-fixes.ts';
import { SERIES, type Series } from './series-table.ts';

/** What works, in the words of every message about it. */
const BUILDABLE = words(SERIES.filter(({ supported }) => supported === 'build'));
const PATCHABLE = words(SERIES);

/** What was looked for in a tree of no series. */
const UNKNOWN_SHAPE =
  'rule binary of its Makefile calls neither docker build --target nor bake, as from 20.10 on, nor hack/make.sh, as in 19.03';

function words(rows: readonly Series[]): string {
  const names = rows.map(({ name }) => name);
  return names.length === 1 ? `v${names[0] ?? ''}.*` : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/**
 * The version that a tag of moby names: `v20.10.12`, `v19.03.15` and `v22.06.0-beta.0` (leading zeros: not strict semver),
 * `docker-v29.7.2`; null for anything else (`api/v1.52.0`, `docs-v1.6.0`, a branch).
 */
export function versionOfRef(ref: string): semver.SemVer | null {
  const match = /^(?:docker-)?v(\d.*)$/.exec(ref.replace(/^refs\/tags\//, ''));
  return match?.[1] === undefined ? null : semver.parse(match[1], { loose: true });
}

/** The series that a tag belongs to, or null when the ref is no version tag or of no series we know. */
export function seriesOfRef(ref: string): Series | null {
  const version = versionOfRef(ref);
  if (version === null) return null;
  return SERIES.find(({ range }) => semver.satisfies(version, range, { includePrerelease: true, loose: true })) ?? null;
}

/**
 * The series that a tree is driven as, by its shape: the Makefile says who drives the build, and the files that came with a series
 * tell the rest apart (libnetwork's proxy has an installer up to 20.10, and is built from the tree from commit 8b4b3ae1f0 of 2021-06 on;
 * bake took over in 23.0; modules took the place of GO111MODULE=off in 29). A bake file by itself says nothing: 22.06 has one that its
 * Makefile does not use. Trees driven by bake differ in no rule, so any of 24.0 to 28 counts as 28; a tree newer than all that is
 * known counts as the newest. null: no moby tree. Pure.
 */
export function seriesOfTree(tree: Tree): Series | null {
  const makefile = tree.get('Makefile')?.text ?? '';
  const dockerfile = tree.get('Dockerfile')?.text ?? '';
  const proxy = tree.has('hack/dockerfile/install/proxy.installer');
  const recipe = recipeOf(makefile, 'binary');
  if (/--target[= ](?:\$@|\$\(@\)|binary)(?=\s|$)/m.test(recipe)) {
    if (proxy) return named('20.10');
    const scripts = ['docker-bake.hcl', 'hack/make/binary-daemon', 'hack/dockerfile/install/install.sh'];
    return scripts.some((path) => tree.has(path)) ? named('22.06') : null;
  }
  if (tree.has('docker-bake.hcl') && recipe !== '' && makefile.includes('BAKE_CMD')) {
    if (tree.has('go.mod') && !/\bGO111MODULE=off\b/.test(dockerfile)) return SERIES.at(-1) ?? null;
    // The short commit id is what 23.0 stamps.
    return named(makefile.includes('git rev-parse --short HEAD') ? '23.0' : '28');
  }
  return proxy && recipe.includes('hack/make.sh binary') ? named('19.03') : null;
}

function named(name: string): Series | null {
  return SERIES.find((series) => series.name === name) ?? null;
}

/** The recipe of a target in a Makefile, also where it shares one (`binary dynbinary cross: …`); empty where it has none. */
function recipeOf(makefile: string, target: string): string {
  const rules = makefile.matchAll(/^([\w%.\- ]+?)[ ]*:(?!=)[^\n]*\n((?:\t[^\n]*\n|\t[^\n]*$)*)/gm);
  return [...rules]
    .flatMap(([, names = '', recipe = '']) => (names.split(/ +/).includes(target) ? [recipe] : []))
    .join('');
}

/**
 * The series of a tree that somebody calls `ref`. Where its commit is the one that moby's own tag is, the tag says it. Anywhere else a
 * tag of that name may be another project's, or stand on another tree: then it counts as far as the files agree. Pure.
 *
 * @param ref the name, or null for a tree that has none
 * @param commit what the tree is, or null where nobody knows
 */
export function seriesOfSource(ref: string | null, commit: string | null, tree: Tree): Series | null {
  const byName = ref === null ? null : seriesOfRef(ref);
  const byShape = seriesOfTree(tree);
  if (ref === null || byName === null) return byShape;
  if (commit !== null && pinFor(ref)?.commit === commit) return byName;
  return byShape === null || shapeOf(byName) === shapeOf(byShape) ? byName : byShape;
}

/** Series of one shape cannot be told apart for sure by their files: 23.0 to 28 (24.0 stamps a short id up to 24.0.5), and 29 with all that follow. */
function shapeOf({ name, builtBy }: Series): string {
  if (builtBy !== 'bake') return name;
  return Number.parseInt(name, 10) < 29 ? '23.0 to 28' : '29';
}

/** Said of a tree whose series was told by its shape; null where its tag names the same one. */
export function shapeNote(ref: string, series: Series): Note | null {
  const byName = seriesOfRef(ref);
  if (byName === series) return null;
  const newest = SERIES.at(-1)?.name ?? '';
  if (byName !== null)
    return {
      level: 'warning',
      code: 'series-by-shape',
      message: `${ref} would be moby ${byName.name}, but its files are shaped as those of ${series.name}, so it is treated as that.`,
      hint: 'The tag of this tree is not the tag of that name in moby/moby.',
    };
  const unknown = versionOfRef(ref) !== null;
  return {
    level: 'warning',
    code: unknown ? 'unknown-series' : 'series-by-shape',
    message: unknown
      ? `${ref} is of no series that is known here; it is treated as moby ${series.name}, as its files are shaped.`
      : `No tag says which moby this is; it is treated as moby ${series.name}, as its files are shaped.`,
    hint: unknown ? `The newest known is ${newest}. The proof scan decides whether the rules fit.` : undefined,
  };
}

/**
 * The series when this program can do `need` with it. `what`: the ref or directory, for the message.
 * Throws `unsupported-series` (4) naming what works.
 */
export function requireSupported(series: Series | null, need: Series['supported'], what: string): Series {
  if (series !== null && (need === 'patch' || series.supported === 'build')) return series;
  const known = series !== null;
  throw new MobyBuildError({
    code: 'unsupported-series',
    exitCode: EXIT.tree,
    message: known
      ? `${what} is of moby ${series.name}, which can be audited and patched here, but not built.`
      : `${what} is of no series of moby that is known here${versionOfRef(what) === null ? `: ${UNKNOWN_SHAPE}` : ''}.`,
    where: what,
    hint: `build works for ${BUILDABLE}, patch for ${PATCHABLE}.`,
    command: known && versionOfRef(what) !== null ? NEXT.patchOf(what) : NEXT.refNotTree('v20.10.27'),
  });
}

/**
 * Said once for a series that moby has given up, or will on a day that it names; null for any other, and for a tree that only its shape tells to
 * be of 23.0 to 28, one of which may be maintained. Pure.
 *
 * @param today YYYY-MM-DD
 */
export function endOfLifeNote(series: Series, ref: string, today: string): Note | null {
  if (series.builtBy === 'bake' && seriesOfRef(ref) !== series) return null;
  const { maintainedUntil } = series;
  if (maintainedUntil !== undefined) {
    const over = today > maintainedUntil;
    return {
      level: over ? 'warning' : 'info',
      code: over ? 'end-of-life' : 'maintained-until',
      message: `moby ${series.name} ${over ? 'was' : 'is'} maintained until ${maintainedUntil}, as moby says (project/BRANCHES-AND-TAGS.md).`,
    };
  }
  if (series.ended === null) return null;
  const { lastRelease, date, meaning } = series.ended;
  return {
    level: 'warning',
    code: 'end-of-life',
    message: `moby ${series.name} is end-of-life: ${lastRelease} of ${date} was its last release. ${meaning}`,
    hint: 'Keep a daemon built from it away from untrusted clients and images.',
  };
}

/** Which fixes of moby's own the release that a ref names lacks, each with the release that has it; null: none that is known, or no release is named. Pure. */
export function missingFixesNote(series: Series, ref: string): Note | null {
  const version = versionOfRef(ref);
  if (version === null || seriesOfRef(ref) !== series) return null;
  const hasFault = ({ since }: SecurityFix): boolean => since === undefined || !semver.lt(version, since);
  const lacks = (fix: SecurityFix): boolean => {
    const fixed = fix.fixedIn[series.name];
    return fixed !== undefined && hasFault(fix) && semver.lt(version, semver.parse(fixed, { loose: true }) ?? fixed);
  };
  // Fixed in a later series, while this one had its releases: whether it has the fault, the advisory says.
  const elsewhere = (fix: SecurityFix): boolean => {
    const names = Object.keys(fix.fixedIn).map((name) => SERIES.findIndex((each) => each.name === name));
    const later = names.some((at) => at > SERIES.indexOf(series));
    return fix.fixedIn[series.name] === undefined && series.ended !== null && hasFault(fix) && later;
  };
  const own = SECURITY_FIXES.filter(lacks);
  const never = SECURITY_FIXES.filter(elsewhere);
  if (own.length + never.length === 0) return null;
  const list = own.map(({ name, what, fixedIn }) => `  ${name}: ${what} (fixed in ${fixedIn[series.name] ?? ''})`);
  const others =
    never.length === 0 ? [] : [`  fixed in other series only: ${never.map(({ name }) => name).join(', ')}`];
  return {
    level: 'warning',
    code: 'security-fixes',
    message: [`${ref} lacks security fixes of moby:`, ...list, ...others].join('\n'),
    hint:
      own.length === 0
        ? 'Whether it has the fault, the advisory says.'
        : 'A later release of the series has the first of them; docs/sources.md has where each is known from.',
  };
}
