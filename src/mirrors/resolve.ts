import { EXIT, MobyBuildError } from '../errors.ts';
import type { EgressPoint, MirrorKind, Note, Resolution, Scan } from '../types.ts';
import { candidatesOf, caveatOf, type Candidate } from './candidates.ts';
import type { Catalogue } from './catalogue.ts';
import { badMirror, refuseHostile } from './hostile.ts';
import { imageName, isImageReference, parseImageReference } from './image-reference.ts';
import { armorKeyring } from './keyring.ts';
import { originalOf } from './originals.ts';
import type { Profile } from './profile.ts';
import type { AptChoice, Resolutions } from './resolutions.ts';
import { decideApt, decideAptSource } from './resolve-apt.ts';
import { decideGoProxy, decideSumdb } from './resolve-go.ts';
import { decideNamed, none, type Decision } from './resolve-named.ts';
import { newestSuite, parseSourcesList } from './sources-list.ts';
import { SUITES, suiteFacts, suiteOfImage, type SuiteFacts } from './suites.ts';
import type { MirrorOverride } from './template.ts';

export interface ResolveInput {
  readonly scan: Scan;
  readonly profile: Profile;
  readonly catalogue: Catalogue;
  /** `--mirror KIND=VALUE`: wins over the profile. */
  readonly overrides: readonly MirrorOverride[];
  /** `--image NAME=REF`: name of a repository as `golang` or `djs55/vpnkit` → a whole reference. */
  readonly images: Readonly<Record<string, string>>;
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
}

/**
 * Decides how every egress point is met. Pure: nothing is contacted, nothing is written.
 * Throws MobyBuildError: 2 for a value that cannot be used (`hostile-value`, `secret-in-url`, `bad-mirror`, `bad-image`,
 * `unknown-suite`); 3 `keyring-needed` where the base image's keys are older than the suite and no keyring is given.
 */
export function resolveMirrors(input: ResolveInput): Resolutions {
  const { scan, profile, catalogue } = input;
  const notes: Note[] = [];
  if (profile.caveat !== undefined) notes.push({ level: 'info', code: `profile-${profile.name}`, message: profile.caveat });
  const candidates = (kind: MirrorKind): readonly Candidate[] => candidatesOf(kind, profile, catalogue, input.overrides);
  const recipe = profile.style === 'recipe';

  const names = imageNames(scan, catalogue, candidates('image'));
  checkImages(input.images, new Set(names.values()));
  const { move, release, target } = decideSuite(input);
  if (move !== null) notes.push(movedNote(move, input));

  const aptFlag = input.overrides.some(({ kind }) => kind === 'apt');
  const aptCandidates = candidates('apt');
  const untouched = profile.style === 'untouched';
  const leaveApt = untouched && !aptFlag && input.sourcesList === undefined;
  const backports = scan.points.some((point) => point.kind === 'apt-source' && point.suite?.endsWith('-backports') === true && move === null);
  const apt = leaveApt
    ? null
    : decideApt(
        {
          suite: target,
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
    notes.push({ level: 'warning', code: 'archived-suite', message: `${target?.codename ?? ''} has left the official mirrors: apt-get update will fail in the tree as it is.`, hint: '--profile upstream takes it from the Debian archive.' });
  }

  const goFlag = input.overrides.some(({ kind }) => kind === 'gomod');
  const go = decideGoProxy(candidates('gomod'), goOf(input) ?? scan.facts.goVersion, notes);
  const inBase = stagesOn(scan, 'base');
  const frontendCandidates = frontendOf(input, candidates('frontend'));
  const used = new Map<MirrorKind, Candidate>();

  const decide = (point: EgressPoint): Decision => {
    const named = (kind: MirrorKind, list: readonly Candidate[]): Decision => {
      if (untouched && list.length === 0) return asItIs();
      const { chosen, ...decision } = decideNamed(point, kind, list, catalogue, active(point) ? notes : []);
      if (chosen !== null && active(point)) used.set(kind, chosen);
      return decision;
    };
    switch (point.kind) {
      case 'frontend':
        return named('frontend', frontendCandidates);
      case 'image': {
        const name = names.get(point.id);
        // The second time the tree holds the very reference already.
        const given = (name === undefined ? undefined : input.images[name]) ?? Object.values(input.images).find((reference) => reference === point.anchor?.text);
        if (given !== undefined) return { via: 'mirror', mirror: 'flag', to: given, reason: `--image ${name ?? ''}` };
        if (name !== undefined && input.without.some((component) => name.split('/').at(-1)?.startsWith(component) === true)) {
          return { via: 'dropped', mirror: null, to: null, reason: `left out by --without ${name.split('/').at(-1) ?? ''}` };
        }
        return named('image', candidates('image'));
      }
      case 'git':
      case 'http':
        if (point.kind === 'git' && recipe && !isRecipeClone(point) && !input.overrides.some(({ kind }) => kind === 'git')) {
          return none('the recipe leaves it');
        }
        return named(point.kind, candidates(point.kind));
      case 'apt':
        if (leaveApt) return asItIs();
        if (apt !== null && 'miss' in apt) return none(apt.miss);
        if (!inBase.has(point.stage)) return aptOutside(point, apt);
        if (apt === null) return { via: 'upstream', mirror: null, to: null, reason: 'the official host, as the profile says' };
        return { via: apt.via, mirror: apt.mirror, to: null, reason: apt.reason };
      case 'apt-source':
        if (untouched && !aptFlag) return asItIs();
        if (recipe && !aptFlag && move === null) return none('the recipe leaves it');
        return decideAptSource(point, aptCandidates, move);
      case 'gomod':
        if (untouched && !goFlag) return asItIs();
        if (go === null) return none('the profile names no mirror for gomod');
        if (go.value === null) return { via: 'upstream', mirror: null, to: null, reason: go.reason };
        if (point.anchor === null && !inBase.has(point.stage)) return none('its stage does not stand on base, where GOPROXY is set');
        return { via: 'mirror', mirror: go.mirror, to: go.value, reason: go.reason };
      case 'pip':
      case 'frozen-image':
        return untouched || (candidates('pip')[0]?.template === null && point.kind === 'pip')
          ? asItIs()
          : none(`nothing rewrites ${point.kind} points`);
    }
  };

  const active = (point: EgressPoint): boolean => point.inClosure || input.all;
  const decided = new Map(scan.points.map((point) => [point.id, decide(point)]));
  // ENV GOPROXY reaches every stage on base, so one point that needs it covers those outside the closure too.
  const needsEnv = scan.points.some(
    (point) => point.kind === 'gomod' && point.anchor === null && active(point) && decided.get(point.id)?.via === 'mirror',
  );
  const points = scan.points.map((point): Resolution => {
    const decision = decided.get(point.id) ?? none('');
    const byTheWay = point.kind === 'apt' || (point.kind === 'gomod' && point.anchor === null && needsEnv);
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

  // A tree that is left as it is keeps its base image too, whatever that is.
  const changesBase = !untouched || aptChoice !== null || move !== null || baseImageGiven(input) !== undefined;

  return {
    points,
    apt: aptChoice,
    keyring: keyringFor(input, aptChoice, release),
    goproxy: needsEnv ? (go?.value ?? null) : null,
    gosumdb: decideSumdb(candidates('gosumdb')),
    suite: move,
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

function asItIs(): Decision {
  return { via: 'upstream', mirror: null, to: null, reason: 'left as the tree has it' };
}

function aptOutside(point: EgressPoint, apt: AptChoice | null): Decision {
  if (apt === null) return { via: 'upstream', mirror: null, to: null, reason: 'the official host, as the profile says' };
  return none(`stage ${point.stage} does not stand on base, whose sources are written`);
}

/** `golang`, `djs55/vpnkit` for each image point whose name can be read. */
function imageNames(scan: Scan, catalogue: Catalogue, candidates: readonly Candidate[]): ReadonlyMap<string, string> {
  const templates = candidates.flatMap(({ template }) => (template === null ? [] : [template]));
  const names = new Map<string, string>();
  for (const point of scan.points) {
    if (point.kind !== 'image') continue;
    const parsed = parseImageReference(originalOf('image', point.anchor?.text ?? point.url, catalogue, templates)) ?? parseImageReference(point.url);
    if (parsed !== null) names.set(point.id, imageName(parsed));
  }
  return names;
}

function checkImages(images: Readonly<Record<string, string>>, known: ReadonlySet<string>): void {
  for (const [name, reference] of Object.entries(images)) {
    const where = `--image ${name.slice(0, 80)}`;
    refuseHostile(reference, where, /^[A-Za-z0-9._:/@-]$/);
    if (!isImageReference(reference)) throw badMirror(where, `${where} is not an image reference: ${reference}`);
    // The tree may hold the very reference already, from an earlier run.
    const given = parseImageReference(reference);
    if (known.has(name) || (given !== null && known.has(imageName(given)))) continue;
    throw new MobyBuildError({
      code: 'bad-image',
      exitCode: EXIT.usage,
      message: `The tree starts from no image named ${name}.`,
      where,
      hint: `It starts from ${[...known].join(', ')}.`,
    });
  }
}

function baseImageGiven({ images }: ResolveInput): string | undefined {
  return images['golang'];
}

function goOf(input: ResolveInput): string | undefined {
  const given = baseImageGiven(input);
  return given === undefined ? undefined : /:(\d+\.\d+(?:\.\d+)?)/.exec(given)?.[1];
}

interface SuiteDecision {
  readonly move: { readonly from: string; readonly to: string } | null;
  /** Release of the base image, or null when it cannot be known. */
  readonly release: SuiteFacts | null;
  /** Release whose packages are used. */
  readonly target: SuiteFacts | null;
}

/** An image of the user's whose tag names another release moves the build as `--suite` does. */
function decideSuite(input: ResolveInput): SuiteDecision {
  const tree = input.scan.facts.suite;
  const given = baseImageGiven(input);
  const ofImage = given === undefined ? undefined : suiteOfImage(given);
  if (input.suite !== undefined && suiteFacts(input.suite)?.codename !== input.suite) {
    throw new MobyBuildError({
      code: 'unknown-suite',
      exitCode: EXIT.usage,
      message: `--suite is not a release of Debian that is known here: ${input.suite.slice(0, 40)}`,
      where: '--suite',
      hint: `Known: ${SUITES.map(({ codename }) => codename).join(', ')}.`,
    });
  }
  const to = input.suite ?? ofImage?.codename ?? tree;
  const target = to === null ? null : (suiteFacts(to) ?? null);
  const release = given === undefined ? target : (ofImage ?? null);
  return { move: tree !== null && to !== null && tree !== to ? { from: tree, to } : null, release, target };
}

function movedNote(move: { readonly from: string; readonly to: string }, input: ResolveInput): Note {
  const image = baseImageGiven(input);
  if (image !== undefined) return { level: 'info', code: 'suite-moved', message: `The build moves from ${move.from} to ${move.to}, on ${image}.` };
  return {
    level: 'warning',
    code: 'suite-moved',
    message: `The build moves from ${move.from} to ${move.to}: its image becomes golang:${input.scan.facts.goVersion ?? 'VERSION'}-${move.to}, which may not exist.`,
    hint: '--image golang=REF names one that does. Do not change the Go version lightly: moby vendors parts of the standard library.',
  };
}

function frontendOf(input: ResolveInput, fromLists: readonly Candidate[]): readonly Candidate[] {
  const { frontend } = input;
  if (frontend === undefined) return fromLists;
  if (frontend === 'builtin') return [{ id: null, via: 'dropped', template: null, entry: null, byFlag: true }];
  refuseHostile(frontend, '--frontend', /^[A-Za-z0-9._:/@-]$/);
  if (!isImageReference(frontend)) throw badMirror('--frontend', `--frontend is not an image reference: ${frontend}`, 'Give builtin or a reference such as docker/dockerfile:1.2');
  return [{ id: 'flag', via: 'mirror', template: { kind: 'frontend', text: frontend }, entry: null, byFlag: true }];
}

/** The stages that stand on a stage, itself among them. */
function stagesOn(scan: Scan, name: string): ReadonlySet<string> {
  const on = new Set<string>();
  for (const stage of scan.stages) {
    if (stage.name === name || (stage.parent !== null && on.has(stage.parent))) on.add(stage.name);
  }
  return on;
}

/** A newer keyring where the sources name a release newer than the image's own keys may know. */
function keyringFor(input: ResolveInput, apt: AptChoice | null, release: SuiteFacts | null): string | null {
  if (input.aptKeyring !== undefined) return armorKeyring(input.aptKeyring);
  if (apt === null || release === null) return null;
  const newest = apt.text === null ? (suiteFacts(apt.suite) ?? null) : newestSuite(parseSourcesList(apt.text));
  if (newest === null || newest.version <= release.version) return null;
  throw new MobyBuildError({
    code: 'keyring-needed',
    exitCode: EXIT.machine,
    message: `The sources name ${newest.codename}, but the base image is of ${release.codename}, whose keys may not know it; signatures stay on.`,
    where: '--sources-list',
    hint: 'Give a keyring that does: --apt-keyring FILE. Debian has one in the package debian-archive-keyring.',
    command: 'sudo apt-get install debian-archive-keyring',
  });
}

function unique(notes: readonly Note[]): readonly Note[] {
  return notes.filter((note, index) => notes.findIndex(({ message }) => message === note.message) === index);
}
