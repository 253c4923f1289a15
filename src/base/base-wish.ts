import { imageName, parseImageReference, splitDigest } from '../image-reference.ts';
import { suiteFacts } from '../mirrors/catalogue/suites.ts';
import { isLeftOut } from '../mirrors/candidates/given-images.ts';
import { movedReference } from '../mirrors/candidates/need.ts';
import type { Resolution, Resolutions } from '../mirrors/resolve/resolutions.ts';
import { componentCommit } from '../moby/component-pins.ts';
import type { EgressPoint, Scan } from '../types.ts';

/** The images that are made here in place of those of a tree. */
export interface BaseWish {
  /** Codename of Debian's release. */
  readonly suite: string;
  /** `1.19.7` */
  readonly go: string;
  /** GOARCH on which the steps run. */
  readonly arch: string;
  /** Where the tree starts from tonistiigi/xx: its tag and commit; without a tag the commit that `--component xx` names. */
  readonly xx: { readonly tag: string | null; readonly commit: string } | null;
  /** The stage that each image becomes, by the id of its point. */
  readonly stages: ReadonlyMap<string, string>;
}

/** The names of the stages that are put into a tree. */
export const BASE_STAGES = { debian: 'moby-build-debian', golang: 'moby-build-golang', xx: 'moby-build-xx' } as const;

/** What the stages leave out: its image is made of nothing that Debian has. */
export const LEFT_OUT = 'vpnkit';

/** Images that our Debian stands for: of busybox moby's stages only want a shell and commands that Debian has, too. */
const MADE_OF_DEBIAN = new Set(['debian', 'busybox']);

/** The components that a build leaves out. Pure. */
export function withoutOf(
  { without }: { readonly without: readonly string[] },
  base: BaseWish | null,
): readonly string[] {
  return base === null ? without : [...new Set([...without, LEFT_OUT])];
}

export interface BaseQuestion {
  readonly scan: Scan;
  /** `--suite`, or null. */
  readonly suite: string | null;
  readonly arch: string;
  /** `--component xx`: a tag or a commit id, in place of the tag of the image; null: not given. */
  readonly xx: string | null;
}

/**
 * What the images of the closure are made of. An image that was written into the tree by an earlier plan is a stage already, so the tree's own facts say the
 * rest. Pure.
 *
 * @returns or why they cannot be made, in words for a person
 */
export function baseWish({ scan, suite, arch, xx: wanted }: BaseQuestion): BaseWish | { readonly reason: string } {
  const stages = new Map<string, string>();
  let go = scan.facts.goVersion;
  let tag: string | null = null;
  for (const point of scan.points) {
    if (point.kind !== 'image' || !point.inClosure) continue;
    const reference = splitDigest(movedReference(point, scan.facts.suite, suite)).plain;
    const name = nameOf(point);
    if (isLeftOut(name, [LEFT_OUT])) continue;
    if (point.anchor === null) return { reason: `${reference} is named by a build argument` };
    const [, version = ''] = /:([\w.-]+)$/u.exec(reference) ?? [];
    if (name === 'golang') {
      go = /^\d+\.\d+(?:\.\d+)?/u.exec(version)?.[0] ?? go;
      stages.set(point.id, BASE_STAGES.golang);
    } else if (name === 'tonistiigi/xx') {
      tag = `v${version}`;
      stages.set(point.id, BASE_STAGES.xx);
    } else if (MADE_OF_DEBIAN.has(name)) stages.set(point.id, BASE_STAGES.debian);
    else return { reason: `nobody knows how to make ${reference}` };
  }
  const release = suite ?? scan.facts.suite;
  const facts = release === null ? undefined : suiteFacts(release);
  if (facts === undefined) return { reason: 'the Debian release of its images is not known' };
  // Its keys have ended, and apt of that time knows neither lists of mirrors nor https.
  if (facts.version < 10)
    return { reason: `Debian ${facts.codename} is older than what its archive's keys are known for` };
  if (go === null) return { reason: 'which Go it is built with is not known' };
  const xx = tag === null ? null : xxRelease(wanted ?? tag);
  if (xx !== null && 'reason' in xx) return xx;
  if (xx === null && wanted !== null)
    return { reason: '--component xx would change nothing: no image of the target is tonistiigi/xx' };
  return { suite: facts.codename, go, arch, xx, stages };
}

/** @param version a tag or a commit id */
function xxRelease(version: string): NonNullable<BaseWish['xx']> | { readonly reason: string } {
  if (/^[0-9a-f]{40}$/u.test(version)) return { tag: null, commit: version };
  const commit = componentCommit('tonistiigi/xx', version);
  if (commit !== null) return { tag: version, commit };
  return { reason: `tonistiigi/xx ${version} is no release that is known; --component xx=COMMIT names its commit` };
}

function nameOf({ url }: EgressPoint): string {
  const parsed = parseImageReference(url);
  return parsed === null ? url : imageName(parsed);
}

/** The same decisions, in which those images are stages of the tree. Pure. */
export function withBase(resolutions: Resolutions, wish: BaseWish): Resolutions {
  const points = resolutions.points.map((resolution): Resolution => {
    const stage = wish.stages.get(resolution.pointId);
    if (stage === undefined) return resolution;
    const reason = `made of Debian ${wish.suite} and Go ${wish.go}, which this machine fetches and checks`;
    return { pointId: resolution.pointId, via: 'host', mirror: null, to: stage, reason };
  });
  // That an image of another suite may not exist is no matter here.
  return { ...resolutions, points, notes: resolutions.notes.filter(({ code }) => code !== 'suite-moved') };
}
