import type { EgressPoint, MirrorKind, Note } from '../../types.ts';
import { caveatOf, type Candidate } from '../candidates/candidates.ts';
import { baseImageGiven } from '../candidates/given-images.ts';
import { originalRepository, partOfUrl } from '../candidates/repositories.ts';
import { unusedParts } from '../candidates/unused-parts.ts';
import { suitesOf } from '../apt/sources-by-suite.ts';
import { asksProxy, decidePoint } from './decide-point.ts';
import type { Resolution, Resolutions } from './resolutions.ts';
import { decideSumdb, sumdbAlias } from './resolve-go.ts';
import { heldAlready } from './resolve-held.ts';
import { keyringFor } from './resolve-keyring.ts';
import { none, type Decision } from './resolve-named.ts';
import { pipIndexOf } from './resolve-pip.ts';
import { withoutSubmodules } from './resolve-redirect.ts';
import { decideTree, type ResolveInput, type TreeChoices } from './resolve-tree.ts';

/**
 * Decides how every egress point is met. Pure: nothing is contacted, nothing is written.
 * Throws MobyBuildError: 2 for a value that cannot be used (`hostile-value`, `secret-in-url`, `bad-mirror`, `bad-image`,
 * `unknown-suite`); 3 `keyring-needed` where the base image's keys are older than the suite and no keyring is given.
 */
export function resolveMirrors(input: ResolveInput): Resolutions {
  const { scan } = input;
  const notes: Note[] = [];
  const tree = decideTree(input, notes);
  const used = new Map<MirrorKind, Candidate>();
  const decided = new Map(scan.points.map((point) => [point.id, decidePoint(point, tree, { notes, used })]));
  const loaded = scan.points.filter((point) => tree.active(point) && throughProxy(point, decided));
  // ENV GOPROXY reaches every stage on base, so one point that needs it covers those outside the closure too.
  const needsEnv = loaded.some(({ anchor }) => anchor === null);
  for (const [kind, chosen] of used) {
    const caveat = caveatOf(chosen, kind);
    if (caveat !== null) notes.push(caveat);
  }
  const clones = scan.points.filter(({ kind }) => kind === 'git');
  const repositories = clones.map(({ url }) => partOfUrl(originalRepository(url, input)));
  notes.push(...unusedParts(input.overrides, repositories, suitesIn(tree)));
  const { move, release, recipe } = tree;
  const apt = tree.apt !== null && 'miss' in tree.apt ? null : tree.apt;
  const alias = sumdbAlias(input.catalogue);
  const gosumdb = decideSumdb(tree.candidates('gosumdb'), loaded.length > 0 ? tree.proxies : [], alias, notes);
  // A tree that is left as it is keeps its base image too, whatever that is.
  const changesBase = !tree.untouched || apt !== null || move !== null || baseImageGiven(input.images) !== undefined;

  return {
    points: scan.points.map((point) => resolutionOf(point, tree, decided, needsEnv)),
    apt,
    keyring: keyringFor(input.aptKeyring, apt, release),
    pipIndex: pipIndexOf(scan.points.filter(tree.active), decided),
    goproxy: needsEnv ? (tree.go?.value ?? null) : null,
    gosumdb,
    suite: move,
    held: heldAlready(input, move, tree.frontends),
    deb822: changesBase && (release?.deb822 ?? true),
    recipe,
    without: input.without,
    notes: unique(notes),
  };
}

/** The suites that the tree's packages come from: those of its release, and those that it adds. */
function suitesIn({ target, input }: TreeChoices): readonly string[] | null {
  if (target === null) return null;
  const added = input.scan.points.flatMap(({ kind, suite }) =>
    kind === 'apt-source' && suite !== undefined ? [suite] : [],
  );
  return [...new Set([...suitesOf(target, true).map(({ suite }) => suite), ...added])];
}

type Decided = ReadonlyMap<string, Decision>;

function throughProxy(point: EgressPoint, decided: Decided): boolean {
  return asksProxy(point) && decided.get(point.id)?.via === 'mirror';
}

/** What was decided for a point, unless it is outside the closure and would be changed. */
function resolutionOf(point: EgressPoint, tree: TreeChoices, decided: Decided, needsEnv: boolean): Resolution {
  const decision = withoutSubmodules(point, decided.get(point.id) ?? none(''), tree.input.scan.points, decided);
  const byTheWay =
    (point.kind === 'apt' && decision.ownSources === undefined) ||
    (throughProxy(point, decided) && point.anchor === null && needsEnv);
  const changes = decision.to !== null || decision.via === 'dropped' || decision.via === 'mirror';
  // A move to another release concerns the whole Dockerfile: its old sources go everywhere.
  const moved = point.kind === 'apt-source' && decision.via === 'dropped';
  const already = decision.to !== null && point.anchor?.text === decision.to;
  if (tree.active(point) || byTheWay || moved || already || !changes) return { pointId: point.id, ...decision };
  const shared = tree.input.scan.points.find((other) => tree.active(other) && sameText(other, point));
  if (shared !== undefined) return { pointId: point.id, ...(decided.get(shared.id) ?? decision) };
  return { pointId: point.id, ...none('outside the closure of the target; --all rewrites it') };
}

/** Whether two points are written in one place, such as an ARG that two stages start from: rewriting one rewrites both. */
function sameText(a: EgressPoint, b: EgressPoint): boolean {
  return (
    a.anchor !== null &&
    a.anchor.file === b.anchor?.file &&
    a.anchor.start === b.anchor.start &&
    a.anchor.end === b.anchor.end
  );
}

function unique(notes: readonly Note[]): readonly Note[] {
  return notes.filter((note, index) => notes.findIndex(({ message }) => message === note.message) === index);
}
