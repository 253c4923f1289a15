import type { Resolution } from './resolutions.ts';
import type { EgressPoint, MirrorKind, Note, Scan } from '../../types.ts';
import { candidatesOf, caveatOf, type Candidate } from '../candidates/candidates.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { frontendCandidates } from '../candidates/frontend-candidates.ts';
import {
  baseImageGiven,
  checkImages,
  goVersionGiven,
  imageGiven,
  imageNames,
  isLeftOut,
  type GivenImages,
} from '../candidates/given-images.ts';
import type { ImagePins } from '../candidates/pins.ts';
import type { Order } from '../probe/choices.ts';
import type { Profile } from '../catalogue/profile.ts';
import type { Resolutions } from './resolutions.ts';
import { decideApt, decideAptSource } from './resolve-apt.ts';
import { aptOutside, isDebianSuite } from './resolve-apt-outside.ts';
import { decideFrozen } from './resolve-frozen.ts';
import { decideGoProxy, decideSumdb, sumdbAlias } from './resolve-go.ts';
import { heldAlready } from './resolve-held.ts';
import { keyringFor } from './resolve-keyring.ts';
import { decideNamed, none, type Decision } from './resolve-named.ts';
import { decidePip, pipIndexOf } from './resolve-pip.ts';
import { isImportPath } from '../candidates/import-path.ts';
import { decideRedirect, withoutSubmodules } from './resolve-redirect.ts';
import { decideSuite, movedNote } from './resolve-suite.ts';
import { suiteFacts } from '../catalogue/suites.ts';
import type { MirrorOverride } from '../catalogue/template.ts';

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

/**
 * Decides how every egress point is met. Pure: nothing is contacted, nothing is written.
 * Throws MobyBuildError: 2 for a value that cannot be used (`hostile-value`, `secret-in-url`, `bad-mirror`, `bad-image`,
 * `unknown-suite`); 3 `keyring-needed` where the base image's keys are older than the suite and no keyring is given.
 */
export function resolveMirrors(input: ResolveInput): Resolutions {
  const { scan, profile, catalogue } = input;
  const notes: Note[] = [];
  const candidates = (kind: MirrorKind): readonly Candidate[] =>
    candidatesOf(kind, profile, catalogue, input.overrides);
  const order: Order = input.order ?? ((_kind, _point, list) => list);
  const recipe = profile.style === 'recipe';

  const names = imageNames(scan, catalogue, candidates('image'));
  checkImages(input.images, new Set(names.values()), new Set(scan.points.map(({ anchor }) => anchor?.text ?? '')));
  const { move, release, target } = decideSuite(scan.facts, input.images, input.suite);
  if (move !== null) notes.push(movedNote(move, scan.facts, input.images));

  const aptFlag = input.overrides.some(({ kind }) => kind === 'apt');
  const aptCandidates = order('apt', null, candidates('apt'));
  const untouched = profile.style === 'untouched';
  const leaveApt = untouched && !aptFlag && input.sourcesList === undefined;
  const backports = scan.points.some(
    (point) => point.kind === 'apt-source' && point.suite?.endsWith('-backports') === true && move === null,
  );
  const apt = leaveApt
    ? null
    : decideApt(
        {
          suite: target,
          release,
          candidates: aptCandidates,
          security: candidates('apt-security'),
          text: input.sourcesList,
          recipe,
          backports,
        },
        notes,
      );
  const aptChoice = apt !== null && 'miss' in apt ? null : apt;
  if (leaveApt && (target?.archived ?? false)) {
    notes.push({
      level: 'warning',
      code: 'archived-suite',
      message: `${target?.codename ?? ''} has left the official mirrors: apt-get update will fail in the tree as it is.`,
      hint: '--profile upstream takes it from the Debian archive.',
    });
  }

  const goFlag = input.overrides.some(({ kind }) => kind === 'gomod');
  const proxies = order('gomod', null, candidates('gomod'));
  const go = decideGoProxy(proxies, goVersionGiven(input.images) ?? scan.facts.goVersion, notes);
  const inBase = stagesOn(scan, 'base');
  const frontends = frontendCandidates(input.frontend, candidates('frontend'));
  const used = new Map<MirrorKind, Candidate>();
  const frozen = scan.points.filter(({ kind }) => kind === 'frozen-image');

  const decide = (point: EgressPoint): Decision => {
    const named = (kind: MirrorKind, list: readonly Candidate[]): Decision => {
      if (untouched && list.length === 0) return asItIs();
      const { chosen, ...decision } = decideNamed(
        point,
        kind,
        order(kind, point.id, list),
        catalogue,
        active(point) ? notes : [],
      );
      if (chosen !== null && active(point)) used.set(kind, chosen);
      return decision;
    };
    const redirect = (place: EgressPoint): Decision => {
      const list = candidates('git');
      if (untouched && list.length === 0) return asItIs();
      // One host is asked in the place of another for all that a stage does: what the whole tree shares.
      const { chosen, ...decision } = decideRedirect(
        place,
        order('git', null, list),
        catalogue,
        active(place) ? notes : [],
      );
      if (chosen !== null && active(place)) used.set('git', chosen);
      return decision;
    };
    const pin = input.pins?.get(point.id);
    if (pin !== undefined) {
      const { candidate, ...pinned } = pin;
      if (candidate !== null && active(point)) used.set(point.kind === 'frontend' ? 'frontend' : 'image', candidate);
      return pinned;
    }
    switch (point.kind) {
      case 'frontend':
        return named('frontend', frontends);
      case 'image': {
        const name = names.get(point.id);
        const given = imageGiven(input.images, name, point.anchor?.text);
        if (given !== undefined) return { via: 'mirror', mirror: 'flag', to: given, reason: `--image ${name ?? ''}` };
        if (name !== undefined && isLeftOut(name, input.without)) {
          return {
            via: 'dropped',
            mirror: null,
            to: null,
            reason: `left out by --without ${name.split('/').at(-1) ?? ''}`,
          };
        }
        return named('image', candidates('image'));
      }
      case 'git':
      case 'http':
        if (
          point.kind === 'git' &&
          recipe &&
          !isRecipeClone(point) &&
          !input.overrides.some(({ kind }) => kind === 'git')
        ) {
          return none('the recipe leaves it');
        }
        return point.kind === 'git' && point.anchor === null
          ? redirect(point)
          : named(point.kind, candidates(point.kind));
      case 'apt':
        if (leaveApt) return asItIs();
        if (apt !== null && 'miss' in apt) return none(apt.miss);
        if (!inBase.has(point.stage)) return aptOutside(point, apt, recipe);
        if (apt === null)
          return { via: 'upstream', mirror: null, to: null, reason: 'the official host, as the profile says' };
        return { via: apt.via, mirror: apt.mirror, to: null, reason: apt.reason };
      case 'apt-source':
        if (leftByMove(point, move)) return decideAptSource(point, aptCandidates, move);
        if (untouched && !aptFlag) return asItIs();
        if (recipe && !aptFlag) return none('the recipe leaves it');
        // A source of somebody else's is a download like any other.
        if (!isDebianSuite(point)) return named('http', candidates('http'));
        return decideAptSource(
          point,
          order('apt', point.id, candidates('apt')),
          move,
          inBase.has(point.stage) ? aptChoice : null,
        );
      case 'gomod':
        if (isImportPath(point)) return recipe ? none('the recipe leaves it') : redirect(point);
        if (untouched && !goFlag) return asItIs();
        if (go === null) return none('the profile names no mirror for gomod');
        if (go.value === null) return { via: 'upstream', mirror: null, to: null, reason: go.reason };
        if (point.anchor === null && !inBase.has(point.stage))
          return none('its stage does not stand on base, where GOPROXY is set');
        return { via: 'mirror', mirror: go.mirror, to: go.value, reason: go.reason };
      case 'pip':
        return decidePip(point, candidates('pip'), untouched, inBase.has(point.stage));
      case 'frozen-image': {
        const list = order('image', frozen[0]?.id ?? point.id, candidates('image'));
        if (untouched && list.length === 0) return asItIs();
        return recipe ? none('the recipe leaves it') : decideFrozen(point, frozen, list);
      }
    }
  };

  const active = (point: EgressPoint): boolean => point.inClosure || input.all;
  const decided = new Map(scan.points.map((point) => [point.id, decide(point)]));
  // What go get without modules clones asks no proxy.
  const throughProxy = (point: EgressPoint): boolean =>
    point.kind === 'gomod' && !isImportPath(point) && decided.get(point.id)?.via === 'mirror';
  const loaded = scan.points.filter((point) => throughProxy(point) && active(point));
  // ENV GOPROXY reaches every stage on base, so one point that needs it covers those outside the closure too.
  const needsEnv = loaded.some(({ anchor }) => anchor === null);
  const points = scan.points.map((point): Resolution => {
    const decision = withoutSubmodules(point, decided.get(point.id) ?? none(''), scan.points, decided);
    const byTheWay =
      (point.kind === 'apt' && decision.ownSources === undefined) ||
      (throughProxy(point) && point.anchor === null && needsEnv);
    const changes = decision.to !== null || decision.via === 'dropped' || decision.via === 'mirror';
    // A move to another release concerns the whole Dockerfile: its old sources go everywhere.
    const moved = point.kind === 'apt-source' && decision.via === 'dropped';
    const already = decision.to !== null && point.anchor?.text === decision.to;
    if (active(point) || byTheWay || moved || already || !changes) return { pointId: point.id, ...decision };
    return { pointId: point.id, ...none('outside the closure of the target; --all rewrites it') };
  });
  for (const [kind, chosen] of used) {
    const caveat = caveatOf(chosen, kind);
    if (caveat !== null) notes.push(caveat);
  }

  const gosumdb = decideSumdb(candidates('gosumdb'), loaded.length > 0 ? proxies : [], sumdbAlias(catalogue), notes);
  // A tree that is left as it is keeps its base image too, whatever that is.
  const changesBase = !untouched || aptChoice !== null || move !== null || baseImageGiven(input.images) !== undefined;

  return {
    points,
    apt: aptChoice,
    keyring: keyringFor(input.aptKeyring, aptChoice, release),
    pipIndex: pipIndexOf(scan.points.filter(active), decided),
    goproxy: needsEnv ? (go?.value ?? null) : null,
    gosumdb,
    suite: move,
    held: heldAlready(input, move, frontends),
    deb822: changesBase && (release?.deb822 ?? true),
    recipe,
    without: input.without,
    notes: unique(notes),
  };
}

/** The four clones of the recipe: those in the installers of containerd, proxy, runc and tini. */
function isRecipeClone(point: EgressPoint): boolean {
  return point.inClosure && /(?:^|\/)(?:containerd|proxy|runc|tini)\.installer$/.test(point.file);
}

function leftByMove(point: EgressPoint, move: Resolutions['suite']): boolean {
  return move !== null && point.suite !== undefined && suiteFacts(point.suite)?.codename === move.from;
}

function asItIs(): Decision {
  return { via: 'upstream', mirror: null, to: null, reason: 'left as the tree has it' };
}

/** The stages that stand on a stage, itself among them. */
function stagesOn(scan: Scan, name: string): ReadonlySet<string> {
  const on = new Set<string>();
  for (const stage of scan.stages) {
    if (stage.name === name || (stage.parent !== null && on.has(stage.parent))) on.add(stage.name);
  }
  return on;
}

function unique(notes: readonly Note[]): readonly Note[] {
  return notes.filter((note, index) => notes.findIndex(({ message }) => message === note.message) === index);
}
