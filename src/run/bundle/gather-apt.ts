import { movedSourcesList, rootOf, type MovedSource } from '../../bundle/apt/apt-root.ts';
import { foreignArches, installationOf, readUris, type Installation } from '../../bundle/apt/apt-words.ts';
import { crossingOf, crossInstallation, namesToTry, type Crossing } from '../../bundle/apt/cross-packages.ts';
import type { BundleObject } from '../../bundle/format/contents.ts';
import { NOTHING_GATHERED, together, type Gap, type Gathered } from '../../bundle/make/gathered.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import type { BundleFile } from '../../bundle/make/write-bundle.ts';
import { debianArch } from '../../cpus.ts';
import { APT_LISTS } from '../../mirrors/apt/apt-lists.ts';
import { parseSourcesList } from '../../mirrors/apt/sources-list.ts';
import { parseInRelease } from '../../mirrors/requests/in-release.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import type { MetPoint } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { askerOf } from '../prepare/network.ts';
import { archiveAt } from '../offline/mount-folders.ts';
import { buildArchOf } from '../plan/build-arch.ts';
import type { Io } from '../stage/io.ts';
import type { Compared, Planned } from '../stage/stages.ts';
import { aptCommand, type AptCommand } from './apt-command.ts';
import { startAptRelay, type AptMirrors, type AptRelay } from './apt-relay.ts';
import { readImage, type ImageFacts } from './image-files.ts';

/** Why something is not in a bundle. */
export const APT_REASONS = {
  noApt: 'apt-get, which finds out what it needs, is not on this machine',
  aptSourcesOfImage: 'its sources are those of the base image, of which the plan knows nothing',
  aptWithoutSums: 'apt names a file without its SHA-256',
  noCross: 'which packages xx takes for this architecture is not known',
  notListed: 'no suite of the sources lists it',
  noDpkgStatus: 'the base image says nothing of the packages that it has',
} as const;

/** What packages are found out of. */
type Planning = Omit<Planned, 'command'>;

/** The sources of a plan, and who serves them. */
export interface Sources {
  readonly list: readonly MovedSource[];
  readonly roots: ReadonlyMap<string, AptMirrors>;
}

/**
 * Debian's packages that the steps of the closure install, and the signed indexes of their suites. Which packages these are apt itself finds out, on
 * this machine, in a root of its own in which those of the base image count as installed; it checks the signatures with the keys of that image. What a
 * stage below has installed is not counted, so there may be more than a build takes, and nothing less.
 *
 * @param images those of the bundle, whose layers are parts
 */
export async function gatherApt(from: Compared, io: Io, parts: Parts, images: Gathered['images']): Promise<Gathered> {
  const image = images.find(({ reference }) => reference === baseReference(from));
  const [manifest] = image?.manifests.filter(({ platform }) => platform === `linux/${buildArchOf(from)}`) ?? [];
  const facts = () => (manifest === undefined ? Promise.resolve(null) : readImage(parts, manifest.layers));
  return gatherPackages(from, io, parts, { facts, sources: sourcesOf(from) });
}

/** The points of which packages are needed. Pure. */
export function packagePoints({ plan }: Pick<Planning, 'plan'>): readonly MetPoint[] {
  return plan.points.filter(({ kind, inClosure, via }) => kind === 'apt' && inClosure && via !== 'dropped');
}

/** As `gatherApt`, whoever knows the base image and the sources. */
export async function gatherPackages(
  from: Planning,
  io: Io,
  parts: Parts,
  known: { readonly facts: () => Promise<ImageFacts | null>; readonly sources: Sources | null },
): Promise<Gathered> {
  const points = packagePoints(from);
  if (points.length === 0) return NOTHING_GATHERED;
  const gapsOf = (reason: string): Gathered => ({
    ...NOTHING_GATHERED,
    gaps: points.map((each) => gapOf(each, reason)),
  });
  const { sources } = known;
  if (sources === null) return gapsOf(APT_REASONS.aptSourcesOfImage);
  const own = buildArchOf(from);
  const facts = await known.facts();
  if (facts === null) return gapsOf(APT_REASONS.noDpkgStatus);
  const crossing = crossingOf(from.options.arch, own);
  const { installations, gaps } = installationsOf(points, crossing);
  const relay = await startAptRelay(
    parts,
    await askerOf(from),
    sources.roots,
    sources.list.map(({ suite }) => suite),
  );
  try {
    const foreign = foreignArches(installations.map(({ wanted }) => wanted));
    const target = installations.flatMap((each) => each.crossing?.arch ?? []);
    const architectures = [...new Set([debianArch(own), ...foreign, ...target])];
    const expired = from.resolutions.apt?.expired ?? false;
    const list = movedSourcesList(sources.list, relay.base);
    const apt = await aptCommand(facts, list, from.resolutions.keyring, { architectures, expired });
    if (apt === null) return gapsOf(APT_REASONS.noApt);
    io.say(MESSAGES.readingSuites);
    const fault = await apt.update();
    const faults = relay.faults();
    if (fault !== null) return gapsOf(faults.length === 0 ? fault : faults.join('; '));
    const packages = await bringPackages(io, apt, relay, installations);
    return together([
      await indexObjects(parts, relay),
      await packageObjects(parts, packages.paths),
      {
        ...NOTHING_GATHERED,
        gaps: [...gaps, ...packages.gaps],
      },
    ]);
  } finally {
    await relay.close();
  }
}

/** The image of stage `base`, as the plan pins it: `library/golang:1.16.12-buster`. */
export function baseReference({ scan, images }: Pick<Planning, 'scan' | 'images'>): string {
  const [name = ''] = (scan.facts.baseImage ?? '').split('@');
  const plain = name.replace(/^.*\//u, '').replace(/:.*$/u, '');
  return images.find(({ reference }) => reference.includes(`/${plain}:`))?.reference ?? name;
}

/** The sources of stage base as the plan writes them, and those that the tree adds; null: they stay those of the image. */
export function sourcesOf({
  plan,
  resolutions,
  scan,
}: Pick<Planning, 'plan' | 'resolutions' | 'scan'>): Sources | null {
  const { apt } = resolutions;
  const text = plan.after.get('sources.list')?.text;
  if (apt === null || text === undefined) return null;
  const roots = new Map<string, AptMirrors>();
  const lists = new Map([
    [`mirror+file:${APT_LISTS.debian}`, apt.lists?.debian ?? []],
    [`mirror+file:${APT_LISTS.security}`, apt.lists?.security ?? []],
  ]);
  const moved = (url: string, mirror: string | null): string => {
    const bases = lists.get(url.replace(/\/+$/u, '')) ?? [url];
    const root = rootOf(bases[0] ?? url);
    const before = roots.get(root)?.bases ?? [];
    const places = bases.map((base) => (base.startsWith('file:') ? (archiveAt(base) ?? base) : base));
    roots.set(root, { bases: [...new Set([...before, ...places])], mirror });
    return root;
  };
  const own = parseSourcesList(text).map(({ type, url, suite, components }): MovedSource => ({
    type,
    root: moved(url, apt.mirror),
    suite,
    components,
  }));
  const added = scan.points.flatMap((point, index): MovedSource[] => {
    const resolution = resolutions.points[index];
    if (point.kind !== 'apt-source' || !point.inClosure || point.suite === undefined) return [];
    if (resolution === undefined || resolution.to === null || resolution.via === 'dropped') return [];
    const root = moved(resolution.to, resolution.mirror);
    return [{ type: 'deb', root, suite: point.suite, components: ['main'] }];
  });
  return { list: [...own, ...added], roots };
}

interface Step {
  readonly point: MetPoint;
  readonly wanted: Installation;
  /** null: it is for the machine that builds. */
  readonly crossing: Crossing | null;
}

function installationsOf(
  points: readonly MetPoint[],
  crossing: ReturnType<typeof crossingOf>,
): {
  readonly installations: readonly Step[];
  readonly gaps: readonly Gap[];
} {
  const installations: Step[] = [];
  const gaps: Gap[] = [];
  for (const point of points) {
    for (const call of point.aptCalls ?? []) {
      const wanted = installationOf(call);
      if (typeof wanted === 'string') gaps.push(gapOf(point, wanted));
      else if (wanted === null) continue;
      else if (call.forTarget && crossing === undefined) gaps.push(gapOf(point, APT_REASONS.noCross));
      else installations.push({ point, wanted, crossing: call.forTarget ? (crossing ?? null) : null });
    }
  }
  return { installations, gaps };
}

/** Asks apt what each step would download, and brings it. @returns paths in the bundle */
async function bringPackages(
  io: Io,
  apt: AptCommand,
  relay: AptRelay,
  installations: readonly Step[],
): Promise<{ readonly paths: ReadonlySet<string>; readonly gaps: readonly Gap[] }> {
  const paths = new Set<string>();
  const gaps: Gap[] = [];
  for (const { point, wanted } of await asXxMakesThem(apt, installations)) {
    const answer = await apt.uris(wanted);
    const files = 'printed' in answer ? readUris(answer.printed) : null;
    if (files === null) {
      const unknown = 'fault' in answer ? await unknownOf(apt, wanted) : [];
      const reason = 'fault' in answer ? answer.fault : APT_REASONS.aptWithoutSums;
      gaps.push(...(unknown.length === 0 ? [gapOf(point, reason)] : unknown));
    }
    for (const { url, bytes, sha256 } of files ?? []) {
      throwIfStopping();
      const path = decodeURIComponent(url.slice(relay.base.length + 1));
      if (paths.has(`apt/${path}`)) continue;
      io.say(MESSAGES.fetchingPackage(path.slice(path.lastIndexOf('/') + 1), bytes));
      const fault = await relay.bring(path, { sha256, bytes });
      if (fault === null) paths.add(`apt/${path}`);
      else gaps.push({ kind: 'apt', name: path.slice(path.lastIndexOf('/') + 1), reason: fault });
    }
  }
  return { paths, gaps };
}

/** The packages that no suite lists: apt names the first one alone. */
async function unknownOf(apt: AptCommand, { packages }: Installation): Promise<readonly Gap[]> {
  const names = packages.map((each) => each.replace(/[=/].*$/u, ''));
  const known = await apt.known(names);
  const unknown = [...new Set(names)].filter((name) => !known.has(name));
  return unknown.map((name) => ({ kind: 'apt', name, reason: APT_REASONS.notListed }));
}

/** Those for another architecture as xx makes them, and as they stand, too: a step that is told of no architecture installs these. */
async function asXxMakesThem(apt: AptCommand, installations: readonly Step[]): Promise<readonly Step[]> {
  const all: Step[] = [];
  for (const step of installations) {
    const { wanted, crossing } = step;
    all.push(step);
    if (crossing === null) continue;
    const known = await apt.known(namesToTry(wanted, crossing));
    all.push({ ...step, wanted: crossInstallation(wanted, crossing, known) });
  }
  return all;
}

/** A suite with its indexes: one object, known by its signed list. */
async function indexObjects(parts: Parts, { asked }: AptRelay): Promise<Gathered> {
  const releases = [...asked].filter((path) => path.endsWith('/InRelease')).sort();
  const gathered: Gathered[] = [];
  for (const release of releases) {
    const folder = release.slice(0, -'InRelease'.length);
    const files = [...asked].filter((path) => path.startsWith(folder) && !isBelowLonger(path, folder, releases)).sort();
    const text = (await parts.read(release)).toString('utf8');
    const { date } = parseInRelease(text);
    const suite = folder.replace(/^.*\/dists\//u, '').replace(/\/$/u, '');
    const sum = (await parts.find(release))?.sha256 ?? '';
    const witness = MESSAGES.signedByArchive(date === null ? '' : new Date(date).toISOString().slice(0, 10));
    gathered.push(
      await objectOf(parts, { name: suite, upstream: folder, digest: `sha256:${sum}`, witness }, files, release),
    );
  }
  return together(gathered);
}

/** `buster/updates` has indexes of its own below `buster`. */
function isBelowLonger(path: string, folder: string, releases: readonly string[]): boolean {
  return releases.some((other) => {
    const longer = other.slice(0, -'InRelease'.length);
    return longer.length > folder.length && longer.startsWith(folder) && path.startsWith(longer);
  });
}

async function packageObjects(parts: Parts, paths: ReadonlySet<string>): Promise<Gathered> {
  const gathered: Gathered[] = [];
  for (const path of [...paths].sort()) {
    const sum = (await parts.find(path))?.sha256 ?? '';
    const name = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)).replace(/\.deb$/u, '');
    const about = {
      name,
      upstream: path.replace(/^apt\//u, ''),
      digest: `sha256:${sum}`,
      witness: MESSAGES.listedBySuite,
    };
    gathered.push(await objectOf(parts, about, [path], path));
  }
  return together(gathered);
}

async function objectOf(
  parts: Parts,
  about: Pick<BundleObject, 'name' | 'upstream' | 'digest' | 'witness'>,
  paths: readonly string[],
  served: string,
): Promise<Gathered> {
  const files = new Map<string, BundleFile>();
  for (const path of paths) {
    const part = await parts.find(path);
    if (part !== null) files.set(path, { ...part, from: parts.at(path) });
  }
  const bytes = [...files.values()].reduce((sum, each) => sum + each.bytes, 0);
  const object: BundleObject = { kind: 'apt', ...about, ...parts.servedBy(served), bytes, files: [...files.keys()] };
  return { ...NOTHING_GATHERED, objects: [object], files };
}

function gapOf({ file, line }: MetPoint, reason: string): Gap {
  const plain = reason.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').slice(0, 500);
  return { kind: 'apt', name: `${file}:${String(line)}`, reason: plain };
}
