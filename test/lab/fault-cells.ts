import { KINDS, type Fault, type Kind, type Time } from './fault-mirrors.ts';

/**
 * What becomes of a build whose first mirror of one kind is faulty.
 * - `other`: it ends well, and another mirror served
 * - `well`: it ends well; what the faulty mirror serves is right, however late or badly labelled
 * - `error`: with a clear error, exit 6
 * - `none`: there is no such case, and why
 */
export type Cell = { readonly is: 'other' | 'well' | 'error' } | { readonly is: 'none'; readonly because: string };
type Row = Readonly<Record<Kind, Cell>>;

const OTHER: Cell = { is: 'other' };
const WELL: Cell = { is: 'well' };
/** What came is wrong, and the tool goes no further. */
const ERROR: Cell = { is: 'error' };
const none = (because: string): Cell => ({ is: 'none', because });

const ONLY_APT = none('only release files have a date');
const NO_NAME = none('packages and modules are found by their sums, not by a name that may move');
const UNSEEN = none('the probe leaves it to the build: see late');

/** The probe sees it, and takes another mirror. */
const AVOIDED: Row = { apt: OTHER, git: OTHER, gomod: OTHER, image: OTHER };

const EARLY: Readonly<Record<Fault, Row>> = {
  refuse: AVOIDED,
  hang: AVOIDED,
  drop: AVOIDED,
  '404': AVOIDED,
  '429': AVOIDED,
  '502': AVOIDED,
  html: AVOIDED,
  slow: AVOIDED,
  // git goes by what came: the pack is whole.
  lie: { ...AVOIDED, git: WELL },
  short: AVOIDED,
  stale: { apt: OTHER, git: ONLY_APT, gomod: ONLY_APT, image: ONLY_APT },
  expired: { apt: OTHER, git: ONLY_APT, gomod: ONLY_APT, image: ONLY_APT },
  // A repository whose tags were moved still has the commits that the tree pins.
  moved: { apt: NO_NAME, git: WELL, gomod: NO_NAME, image: OTHER },
  tampered: { apt: UNSEEN, git: OTHER, gomod: UNSEEN, image: OTHER },
  'tampered-index': {
    apt: UNSEEN,
    git: none('a list of refs has no sum; a commit has: the row moved'),
    gomod: UNSEEN,
    image: OTHER,
  },
  redirects: AVOIDED,
  'bad-certificate': AVOIDED,
};

/**
 * In the build, where it differs. Sources come by this machine, from the next mirror; apt and Go ask the next one of their lists where one cannot
 * serve; where what came is wrong or nothing comes, the build is planned anew without that mirror.
 */
const LATE: Readonly<Record<Fault, Row>> = {
  ...EARLY,
  moved: { ...EARLY.moved, git: OTHER },
  // No tool leaves a mirror that still sends.
  slow: { apt: WELL, git: WELL, gomod: WELL, image: WELL },
  lie: { apt: OTHER, git: WELL, gomod: OTHER, image: WELL },
  // The older release file of an archived suite is signed, and lists the same packages.
  stale: { ...EARLY.stale, apt: WELL },
  // The engine keeps a damaged layer and offers it again, whoever serves it next, until its cache is pruned.
  tampered: { ...AVOIDED, image: ERROR },
  'tampered-index': { ...EARLY['tampered-index'], apt: OTHER, gomod: OTHER },
};

export function cellOf(fault: Fault, time: Time, kind: Kind): Cell {
  return (time === 'early' ? EARLY : LATE)[fault][kind];
}

/** A late build: the faulty mirrors that each kind meets, in their order. */
export interface LateBuild {
  readonly meets: Readonly<Partial<Record<Kind, readonly Fault[]>>>;
  /** It needs the engine for itself: what came before would serve, or a step that waits for apt's cache would count as silent. */
  readonly alone: boolean;
}

const all = (...faults: readonly Fault[]): LateBuild['meets'] =>
  Object.fromEntries(KINDS.map((kind) => [kind, faults.filter((fault) => cellOf(fault, 'late', kind).is !== 'none')]));

/**
 * Every late cell in few builds: a fault that makes a build go on to the next mirror stands before the next one. One that ends well on its
 * mirror is the last of its row, one that ends in an error has a build of its own. No kind is switched more than twice in a build, and no two
 * mirrors of one break off in silence, which would be the engine's own network.
 */
export const LATE_BUILDS: readonly LateBuild[] = [
  { meets: all('hang'), alone: true },
  { meets: all('slow'), alone: true },
  { meets: all('drop', 'lie'), alone: true },
  { meets: { ...all('short', 'tampered'), image: ['short'] }, alone: true },
  { meets: { image: ['tampered'] }, alone: true },
  { meets: all('refuse', '404', '502'), alone: false },
  { meets: all('html', '429', 'bad-certificate'), alone: false },
  { meets: all('tampered-index', 'moved', 'redirects'), alone: false },
  { meets: all('stale'), alone: false },
  { meets: all('expired'), alone: false },
];
