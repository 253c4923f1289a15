import type { EgressPoint, MirrorKind, Note, Scan } from '../../types.ts';
import { candidatesOf, partsOf, type Candidate } from '../candidates/candidates.ts';
import { frontendCandidates } from '../candidates/frontend-candidates.ts';
import {
  baseImageGiven,
  checkImages,
  goVersionGiven,
  imageNames,
  type GivenImages,
} from '../candidates/given-images.ts';
import { originalRepository, repositoryCandidates } from '../candidates/repositories.ts';
import type { ImagePins } from '../candidates/pins.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Profile } from '../catalogue/profile.ts';
import type { SuiteFacts } from '../catalogue/suites.ts';
import type { MirrorOverride } from '../catalogue/template.ts';
import type { Order } from '../probe/choices.ts';
import type { AptChoice, Resolutions } from './resolutions.ts';
import { decideApt } from './resolve-apt.ts';
import { decideGoProxy, type GoProxyChoice } from './resolve-go.ts';
import { checkBase, decideSuite, movedNote } from './resolve-suite.ts';

export interface ResolveInput {
  readonly scan: Scan;
  readonly profile: Profile;
  readonly catalogue: Catalogue;
  /** `--mirror KIND=VALUE`: wins over the profile. */
  readonly overrides: readonly MirrorOverride[];
  /** `--image NAME=REF`: name of a repository as `golang` or `djs55/vpnkit` → a whole reference. */
  readonly images: GivenImages;
  /** `--frontend`: `builtin` or a reference. */
  readonly frontend: string | undefined;
  /** `--without`: `vpnkit`. */
  readonly without: readonly string[];
  /** The text of `--sources-list FILE`. */
  readonly sourcesList: string | undefined;
  /** The bytes of `--apt-keyring FILE`, or of a keyring of this machine when there is a need (`keyring-needed`). */
  readonly aptKeyring: Uint8Array | undefined;
  /** `--suite`: codename. */
  readonly suite: string | undefined;
  /** true: the points outside the closure are rewritten too, where a rule exists. */
  readonly all: boolean;
  /** The order that a probe came to; without it the profile's stands. */
  readonly order?: Order | undefined;
  /** The images whose digest is settled; the others stay by tag. */
  readonly pins?: ImagePins | undefined;
}

/** What is decided once for the whole tree, and what each point is then decided by. */
export interface TreeChoices {
  readonly input: ResolveInput;
  /** The mirrors of a kind, as flags and profile give them. */
  readonly candidates: (kind: MirrorKind) => readonly Candidate[];
  /** Those that may serve the repository of a git point: named for it alone, or for all. */
  readonly repositories: (point: EgressPoint) => readonly Candidate[];
  readonly order: Order;
  /** true: a flag names mirrors of this kind. */
  readonly byFlag: (kind: MirrorKind) => boolean;
  /** false: the point is outside the closure of the target, and nobody asked for all points. */
  readonly active: (point: EgressPoint) => boolean;
  /** true: the tree's own text is right unless a flag says otherwise. */
  readonly untouched: boolean;
  /** true: the recipe's shape, and nothing that it leaves. */
  readonly recipe: boolean;
  /** Names of the images, by the point's id. */
  readonly names: ReadonlyMap<string, string>;
  /** The stages that stand on stage `base`. */
  readonly inBase: ReadonlySet<string>;
  readonly frontends: readonly Candidate[];
  readonly frozen: readonly EgressPoint[];
  readonly move: Resolutions['suite'];
  /** The Debian release of the base image; null when it cannot be known. */
  readonly release: SuiteFacts | null;
  /** The release whose packages are used; null when it cannot be known. */
  readonly target: SuiteFacts | null;
  readonly aptCandidates: readonly Candidate[];
  /** Mirrors of single suites. */
  readonly aptParts: readonly Candidate[];
  /** true: stage `base` keeps the sources of its image. */
  readonly leaveApt: boolean;
  readonly apt: AptChoice | null | { readonly miss: string };
  readonly proxies: readonly Candidate[];
  readonly go: GoProxyChoice | null;
}

/** Decides what is the whole tree's: suite, apt sources, module proxies. Adds to `notes`. Throws as `resolveMirrors`. */
export function decideTree(input: ResolveInput, notes: Note[]): TreeChoices {
  const { scan, profile, catalogue } = input;
  const candidates = (kind: MirrorKind): readonly Candidate[] =>
    candidatesOf(kind, profile, catalogue, input.overrides);
  const order: Order = input.order ?? ((_kind, _point, list) => list);
  const byFlag = (wanted: MirrorKind): boolean =>
    input.overrides.some(({ kind, part }) => kind === wanted && part === undefined);

  const names = imageNames(scan, catalogue, candidates('image'));
  checkImages(input.images, new Set(names.values()), new Set(scan.points.map(({ anchor }) => anchor?.text ?? '')));
  const untouched = profile.style === 'untouched';
  const aptParts = partsOf('apt', input);
  const leaveApt = untouched && !byFlag('apt') && aptParts.length === 0 && input.sourcesList === undefined;
  checkBase(input.images, input.suite, !leaveApt && input.sourcesList === undefined);
  const { move, release, target } = decideSuite(scan.facts, input.images, input.suite);
  if (move !== null) notes.push(movedNote(move, scan.facts, input.images));

  const aptCandidates = order('apt', null, candidates('apt'));
  const recipe = profile.style === 'recipe';
  const apt = leaveApt
    ? null
    : decideApt(
        {
          suite: target,
          release,
          candidates: aptCandidates,
          security: candidates('apt-security'),
          parts: aptParts,
          text: input.sourcesList,
          keyring: input.aptKeyring !== undefined,
          ownImage: baseImageGiven(input.images) !== undefined,
          recipe,
          backports: move === null && asksForBackports(scan),
        },
        notes,
      );
  if (leaveApt && target?.archived === true) notes.push(archivedAsItIs(target));

  const proxies = order('gomod', null, candidates('gomod'));
  return {
    input,
    candidates,
    repositories: (point) => repositoryCandidates(originalRepository(point.url, input), input),
    order,
    byFlag,
    active: (point) => point.inClosure || input.all,
    untouched,
    recipe,
    names,
    inBase: stagesOn(scan, 'base'),
    frontends: frontendCandidates(input.frontend, candidates('frontend')),
    frozen: scan.points.filter(({ kind }) => kind === 'frozen-image'),
    move,
    release,
    target,
    aptCandidates,
    aptParts,
    leaveApt,
    apt,
    proxies,
    go: decideGoProxy(proxies, goVersionGiven(input.images) ?? scan.facts.goVersion, notes),
  };
}

function asksForBackports(scan: Scan): boolean {
  return scan.points.some(({ kind, suite }) => kind === 'apt-source' && suite?.endsWith('-backports') === true);
}

function archivedAsItIs({ codename }: SuiteFacts): Note {
  return {
    level: 'warning',
    code: 'archived-suite',
    message: `${codename} has left the official mirrors: apt-get update will fail in the tree as it is.`,
    hint: '--profile upstream takes it from the Debian archive.',
  };
}

/** The stages that stand on a stage, itself among them. */
function stagesOn(scan: Scan, name: string): ReadonlySet<string> {
  const on = new Set<string>();
  for (const stage of scan.stages) {
    if (stage.name === name || (stage.parent !== null && on.has(stage.parent))) on.add(stage.name);
  }
  return on;
}
