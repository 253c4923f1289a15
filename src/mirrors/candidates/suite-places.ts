import { fill } from '../catalogue/template-images.ts';
import type { MirrorTemplate } from '../catalogue/template.ts';
import type { Candidate } from './candidates.ts';

/** A suite and the archive of Debian that it belongs to. */
export interface Suite {
  readonly suite: string;
  readonly root: 'debian' | 'debian-security';
}

/**
 * The mirror that is named for a suite: by its own name (`apt:bookworm-security`), for updates also by that of their release, else by the
 * archive that it belongs to (`apt:debian`, `apt:debian-security`). A candidate that is `dropped` leaves the suite out. Pure.
 */
export function partFor({ suite, root }: Suite, parts: readonly Candidate[]): Candidate | undefined {
  const names = [suite, ...(suite.endsWith('-updates') ? [suite.replace(/-updates$/, '')] : []), root];
  for (const name of names) {
    const found = parts.find(({ part }) => part === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The address before `/dists/SUITE`: of a mirror that is named for the suite its own, of one with a hole (`…/{suite}`) as it says, else
 * below its base.
 */
export function suiteAddress({ suite, root }: Suite, base: string, isPart: boolean): string {
  if (base.includes('{')) return fill(base, { suite });
  return isPart ? base : `${base}/${root}`;
}

/** Whether a mirror of apt has a repository for each suite. */
export function hasSuiteHole(template: MirrorTemplate | null): boolean {
  return template?.text.includes('{suite}') === true;
}
