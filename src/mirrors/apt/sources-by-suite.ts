import type { Candidate } from '../candidates/candidates.ts';
import { badMirror } from '../catalogue/hostile.ts';
import type { SuiteFacts } from '../catalogue/suites.ts';
import { mirrorKeyText } from '../../names.ts';
import { hasSuiteHole, partFor, suiteAddress, type Suite } from '../candidates/suite-places.ts';

/** Who may serve the suites of a release. */
export interface SuiteServers {
  readonly release: SuiteFacts;
  readonly backports: boolean;
  /** Mirrors of single suites. */
  readonly parts: readonly Candidate[];
  /** The base of the mirror for all other suites, and of that for security; null: there is none, or it has no name. */
  readonly base: (root: Suite['root']) => string | null;
  /** The mirror of the profile or of a flag that comes first. */
  readonly first: Candidate | undefined;
}

/** A sources.list whose suites each have a repository of their own. */
export interface SuiteSources {
  readonly text: string;
  /** The mirror that has the release itself. */
  readonly candidate: Candidate;
}

/** What the sources of stage `base` name: the release, its updates, its security updates, and backports where the tree asks for them. */
export function suitesOf({ codename, security }: SuiteFacts, backports: boolean): readonly Suite[] {
  return [
    { suite: codename, root: 'debian' },
    { suite: `${codename}-updates`, root: 'debian' },
    { suite: security, root: 'debian-security' },
    ...(backports ? [{ suite: `${codename}-backports`, root: 'debian' } as const] : []),
  ];
}

/**
 * The sources where a suite has a mirror of its own, or the mirror a repository for each suite; null where neither is so. Pure.
 * Throws `bad-mirror` (2) where a suite has no place, or the release itself is left out.
 */
export function sourcesBySuite(servers: SuiteServers): SuiteSources | null {
  const { release, parts, first } = servers;
  const suites = suitesOf(release, servers.backports);
  if (!suites.some((suite) => partFor(suite, parts) !== undefined) && !hasSuiteHole(first?.template ?? null))
    return null;
  const lines = suites.flatMap((suite) => lineOf(suite, servers) ?? []);
  const own = partFor({ suite: release.codename, root: 'debian' }, parts) ?? first;
  if (own === undefined || own.via === 'dropped')
    throw badMirror(
      key(release.codename),
      `${key(release.codename)} leaves out the release that the build is made of.`,
    );
  return { text: lines.map((line) => `${line}\n`).join(''), candidate: own };
}

function lineOf(suite: Suite, { parts, base }: SuiteServers): string | null {
  const part = partFor(suite, parts);
  if (part?.via === 'dropped') return null;
  // A mirror of the catalogue, named for one suite, is a base like any other.
  const own = part === undefined ? base(suite.root) : (part.template?.text ?? null);
  if (own === null)
    throw badMirror(
      key(suite.suite),
      `Nothing says where ${suite.suite} is: the official host has no name that could stand beside the mirrors of other suites.`,
      `Give --mirror ${key(suite.suite)}=URL, or =none to leave it out; or --mirror apt=BASE for all others.`,
    );
  const address = suiteAddress(suite, own, part !== undefined && part.entry === null);
  return `deb ${address.replace(/\/+$/, '')} ${suite.suite} main`;
}

function key(suite: string): string {
  return mirrorKeyText({ kind: 'apt', part: suite });
}
