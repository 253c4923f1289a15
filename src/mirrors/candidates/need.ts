import { debianArch } from '../../cpus.ts';
import type { EgressKind, EgressPoint, MirrorKind, Scan } from '../../types.ts';
import { parseImageReference } from '../../image-reference.ts';
import type { Candidate } from './candidates.ts';
import { partFor } from './suite-places.ts';
import { isImportPath } from './import-path.ts';
import { suiteFacts, type SuiteFacts } from '../catalogue/suites.ts';

/** A suite of Debian at a mirror. */
export interface WantedSuite {
  readonly root: 'debian' | 'debian-security';
  /** `bookworm`, `bookworm-updates`, `buster/updates`, `bookworm-security` */
  readonly suite: string;
  readonly archived: boolean;
}

/** What has to be had of it, by the kind of thing. */
export type Wanted =
  | {
      readonly is: 'suites';
      readonly suites: readonly WantedSuite[];
      /** Debian's name: `armhf` */ readonly arch: string;
    }
  | {
      readonly is: 'repository';
      readonly url: string;
      /** Commit id or tag; null: whatever HEAD is. */ readonly ref: string | null;
    }
  | { readonly is: 'module'; readonly path: string; readonly version: string }
  | { readonly is: 'image'; readonly reference: string; /** `linux/arm64` */ readonly platform: string }
  | { readonly is: 'file'; readonly url: string };

/** One object that a build needs, and the egress points that need it. */
export interface Need {
  readonly kind: MirrorKind;
  /** Stable from run to run: a kept choice is found by it. `library/golang:1.16.12-buster linux/arm64` */
  readonly key: string;
  readonly points: readonly string[];
  readonly wanted: Wanted;
  /** The repository or suite for which mirrors of its own are named; absent: those of the kind are asked. */
  readonly part?: string | undefined;
}

export interface NeedsInput {
  readonly scan: Scan;
  /** The points that mirrors are asked for, as the plan decides (`askedPoints`). */
  readonly points: readonly EgressPoint[];
  /** GOARCH that is built for, and that of the machine that builds. */
  readonly arch: string;
  readonly buildArch: string;
  /** The release that the build uses (`decideSuite`). */
  readonly suite: string | null;
  /** true: its security updates come from elsewhere (`--mirror apt-security`), and the mirrors of apt need not have them. */
  readonly securityElsewhere: boolean;
  /** The pin of the component that a point clones, a commit id or a tag; null: it says none. */
  readonly pinOf: (point: EgressPoint) => string | null;
  /** Mirrors of single suites. */
  readonly aptParts: readonly Candidate[];
  /** The repository that a point clones. */
  readonly repositoryOf: (point: EgressPoint) => WantedRepository;
}

/** A repository, and whether mirrors may differ in having it. */
export interface WantedRepository {
  /** Its own address, as upstream has it. */
  readonly url: string;
  /** true: mirrors are asked for this very one; false: who has one has them all. */
  readonly alone: boolean;
  /** As `Need` has it. */
  readonly part: string | undefined;
}

/** Components by the size of a shallow clone: the first that is there is fetched (kilobytes: tini 40, rootlesskit 200, …). */
const SMALLEST_FIRST = ['tini', 'rootlesskit', 'vpnkit', 'libnetwork', 'runc'];

/**
 * A module for trees whose own can be named by a commit only: rootlesskit's go.mod requires it at every version that moby
 * builds, and a proxy has it at hand. Asking for a commit would measure how fast the proxy clones.
 */
const COMMON_MODULE = { path: 'github.com/pkg/errors', version: 'v0.9.1' };

/** What has to be asked of mirrors for one tree: the objects behind the points that the plan takes from them. Pure. */
export function neededObjects(input: NeedsInput): readonly Need[] {
  const of = (kind: EgressKind): readonly EgressPoint[] => input.points.filter((point) => point.kind === kind);
  const needs = [
    ...suiteNeeds(of('apt'), of('apt-source'), input),
    ...repositoryNeeds(of('git'), input),
    // What an import path names is cloned, and no proxy is asked for it.
    ...moduleNeed(of('gomod').filter((point) => !isImportPath(point))),
    ...of('frontend').flatMap((point) => imageNeed('frontend', point, input)),
    ...of('image').flatMap((point) => imageNeed('image', point, input)),
    ...of('http').flatMap(fileNeed),
  ];
  const merged = new Map<string, Need>();
  for (const need of needs) {
    const name = `${need.kind} ${need.key}`;
    const before = merged.get(name);
    merged.set(name, before === undefined ? need : { ...before, points: [...before.points, ...need.points] });
  }
  return [...merged.values()];
}

/** The need of moby's own repository, before there is a tree to scan. */
export function sourceNeed(url: string, ref: string | null, part?: string): Need {
  const wanted: Wanted = { is: 'repository', url, ref };
  return { kind: 'git', key: `source ${url}`, points: [], wanted, ...(part === undefined ? {} : { part }) };
}

function suiteNeeds(calls: readonly EgressPoint[], added: readonly EgressPoint[], input: NeedsInput): Need[] {
  const arch = debianArch(input.arch);
  const release = input.suite === null ? undefined : suiteFacts(input.suite);
  const own: Need[] =
    calls.length === 0 || release === undefined
      ? []
      : [
          {
            kind: 'apt' as const,
            key: release.codename,
            points: calls.map(({ id }) => id),
            wanted: { is: 'suites' as const, suites: suitesOf(release, input.securityElsewhere), arch },
          },
        ].flatMap((need) => byPart(need, input.aptParts));
  const more = added.flatMap((point): Need[] => {
    const facts = point.suite === undefined ? undefined : suiteFacts(point.suite);
    // A build that moves to another release drops the sources of the old one.
    if (facts === undefined || point.suite === undefined || facts.codename !== release?.codename) return [];
    const archived = point.suite.includes('backports') ? facts.backportsArchived : facts.archived;
    const security = point.suite === facts.security || point.suite.endsWith('-security');
    const suite: WantedSuite = { root: security ? 'debian-security' : 'debian', suite: point.suite, archived };
    const need = {
      kind: 'apt',
      key: point.suite,
      points: [point.id],
      wanted: { is: 'suites', suites: [suite], arch },
    } as const;
    return byPart(need, input.aptParts);
  });
  return [...own, ...more];
}

/** Suites that have mirrors of their own are asked of these; those that are left out, of nobody. */
function byPart(
  need: Need & { readonly wanted: { readonly suites: readonly WantedSuite[]; readonly arch: string } },
  parts: readonly Candidate[],
): Need[] {
  const groups = new Map<string | undefined, WantedSuite[]>();
  for (const suite of need.wanted.suites) {
    const part = partFor(suite, parts);
    if (part?.via === 'dropped') continue;
    groups.set(part?.part, [...(groups.get(part?.part) ?? []), suite]);
  }
  return [...groups].map(([part, suites]): Need => {
    const wanted: Wanted = { is: 'suites', suites, arch: need.wanted.arch };
    if (part === undefined) return { ...need, wanted };
    const key = suites.map(({ suite }) => suite).join(' ');
    return { ...need, key, points: part === need.key ? need.points : [], wanted, part };
  });
}

/** What the sources of stage `base` name (templates/): the release, its updates, its security updates. */
function suitesOf({ codename, archived, security }: SuiteFacts, securityElsewhere: boolean): readonly WantedSuite[] {
  return [
    { root: 'debian', suite: codename, archived },
    { root: 'debian', suite: `${codename}-updates`, archived },
    ...(securityElsewhere ? [] : [{ root: 'debian-security', suite: security, archived } as const]),
  ];
}

/**
 * One component stands for all at mirrors that pass GitHub on as a whole. A repository that mirrors may lack is asked for by itself; the
 * smallest one is fetched, of the others it is seen that they are there.
 */
function repositoryNeeds(clones: readonly EgressPoint[], { pinOf, repositoryOf }: NeedsInput): Need[] {
  const named = clones.filter(({ url }) => /^https?:\/\//u.test(url) && !url.includes('$'));
  const repositories = named.map((point) => ({ point, ...repositoryOf(point) }));
  const groups = new Map<string, typeof repositories>();
  for (const each of repositories) {
    const key = each.alone ? withoutQuery(each.url) : '';
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const smallest = smallestOf(repositories.filter(({ part }) => part === undefined));
  return [...groups].flatMap(([key, members]): Need[] => {
    const first = smallestOf(members);
    if (first === undefined) return [];
    const { point, part } = first;
    const url = withoutQuery(first.url);
    // An ADD says in its URL what it takes of the repository.
    const ref = /[?&](?:ref|commit)=([^&#]+)/u.exec(point.url)?.[1] ?? pinOf(point);
    const measured = key === '' || part !== undefined || first === smallest;
    const wanted: Wanted = { is: 'repository', url, ref: measured ? ref : null };
    const points =
      key === '' ? clones.filter(({ id }) => !isAlone(id, repositories)) : members.map((each) => each.point);
    const own = part === undefined ? {} : { part };
    return [{ kind: 'git', key: url, points: points.map(({ id }) => id), wanted, ...own }];
  });
}

function isAlone(
  id: string,
  repositories: readonly { readonly point: EgressPoint; readonly alone: boolean }[],
): boolean {
  return repositories.some(({ point, alone }) => alone && point.id === id);
}

function smallestOf<T extends { readonly url: string }>(repositories: readonly T[]): T | undefined {
  const size = ({ url }: T): number => {
    const at = SMALLEST_FIRST.findIndex((name) => url.includes(name));
    return at === -1 ? SMALLEST_FIRST.length : at;
  };
  return repositories.toSorted((a, b) => size(a) - size(b))[0];
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/u, '');
}

function moduleNeed(points: readonly EgressPoint[]): Need[] {
  if (points.length === 0) return [];
  const versioned = points.flatMap((point) => moduleOf(point) ?? []);
  const { path, version } = versioned[0] ?? COMMON_MODULE;
  return [
    { kind: 'gomod', key: 'modules', points: points.map(({ id }) => id), wanted: { is: 'module', path, version } },
  ];
}

/** The module that a point names with its version; null where it names none. */
export function moduleOf({ module }: EgressPoint): { readonly path: string; readonly version: string } | null {
  const [, path, version] = /^([\w.~/-]+)@(v\d+\.\d+\.\d+[\w.+-]*)$/u.exec(module ?? '') ?? [];
  return path === undefined || version === undefined ? null : { path: modulePath(path), version };
}

/** A module's path from that of a package in it: on GitHub three parts and a major version. */
function modulePath(path: string): string {
  return /^(?:github\.com\/[^/]+\/[^/]+)(?:\/v\d+)?(?=\/|$)/u.exec(path)?.[0] ?? path;
}

/** `linux/arm64`: a frontend runs where the engine is; so does a stage of $BUILDPLATFORM. */
export function imagePlatform(
  { kind, platform }: Pick<EgressPoint, 'kind' | 'platform'>,
  { arch, buildArch }: Pick<NeedsInput, 'arch' | 'buildArch'>,
): string {
  const onBuilder = kind === 'frontend' || /BUILD(?:PLATFORM|ARCH)/u.test(platform ?? '');
  const wanted = onBuilder ? buildArch : (platform ?? arch).replace(/^linux\//u, '');
  return `linux/${wanted.includes('$') ? arch : wanted}`;
}

/** The image of a point with registry and `library/`, in the release that the build uses: a tag that is a variable moves with `--suite`. */
export function movedReference({ url, anchor }: EgressPoint, from: string | null, to: string | null): string {
  const parsed = parseImageReference(url);
  if (parsed === null) return url;
  const moves = from !== null && to !== null && anchor?.text.includes('$') === true;
  return `${parsed.host}/${parsed.repository}${moves ? parsed.suffix.replaceAll(from, to) : parsed.suffix}`;
}

function imageNeed(kind: 'image' | 'frontend', point: EgressPoint, input: NeedsInput): Need[] {
  const parsed = parseImageReference(point.url);
  if (parsed === null || point.url.includes('$')) return [];
  const reference = movedReference(point, input.scan.facts.suite, input.suite);
  const platform = imagePlatform(point, input);
  return [{ kind, key: `${reference} ${platform}`, points: [point.id], wanted: { is: 'image', reference, platform } }];
}

function fileNeed({ id, url }: EgressPoint): Need[] {
  if (!/^https?:\/\/[^$]+$/u.test(url)) return [];
  return [{ kind: 'http', key: url, points: [id], wanted: { is: 'file', url } }];
}
