import semver from 'semver';
import type { GitAccess } from '../system/git/git-access.ts';
import { runGit } from '../system/git/git.ts';
import { transfer } from '../transport/transfer.ts';
import { prepareRepository } from './checkout.ts';

/** A commit of the same repository that this machine has: what it shares with the wanted one need not come again. */
export interface Neighbour {
  /** The repository of the store, absolute. */
  readonly dir: string;
}

/** What is known of an entry of the store; its record is null where it cannot be read. */
interface Stored {
  readonly dir: string;
  readonly record: {
    readonly upstream: string;
    readonly tags: readonly string[];
    readonly history: 'commit' | 'full';
  } | null;
  readonly used: Date | null;
}

/** Releases further apart than this many major versions have too little in common for the work that it takes. */
const MAX_MAJORS = 1;
/** Behind every version that a tag may name. */
const FAR = 1_000_000;
const REF = 'refs/moby-build/neighbour';

/**
 * The stored commit of `upstream` that is likely to share most with the wanted one: the nearest release, else the one that was used last.
 *
 * @param tag of the wanted commit; null where it has none
 */
export function nearestStored(stored: readonly Stored[], upstream: string, tag: string | null): Neighbour | null {
  const wanted = tag === null ? null : semver.coerce(tag);
  const distance = ({ record }: Stored): number => {
    const version = semver.coerce(record?.tags[0] ?? '');
    if (wanted === null || version === null) return FAR;
    const majors = Math.abs(wanted.major - version.major);
    if (majors > MAX_MAJORS) return Infinity;
    return majors * 10_000 + Math.abs(wanted.minor - version.minor) * 100 + Math.abs(wanted.patch - version.patch);
  };
  const [nearest] = stored
    .filter((one) => one.record?.upstream === upstream && one.record.history === 'commit')
    .map((one) => ({ dir: one.dir, far: distance(one), used: one.used?.getTime() ?? 0 }))
    .filter(({ far }) => far !== Infinity)
    .sort((a, b) => (a.far === b.far ? b.used - a.used : a.far - b.far));
  return nearest === undefined ? null : { dir: nearest.dir };
}

/**
 * Brings a neighbour's commit into a repository of ours, so that git tells the next server of it and that one sends the rest only. git
 * computes the id of each object anew. Where the neighbour cannot be read, the repository stays as it is.
 *
 * @param dir empty, or a repository that `prepareRepository` made
 */
export async function borrow(
  dir: string,
  neighbour: Neighbour,
  access: GitAccess,
  idleTimeoutMs: number,
): Promise<void> {
  const candidate = { mirror: 'the store', url: neighbour.dir };
  await prepareRepository(dir, candidate, 'full');
  const refspec = `+refs/heads/main:${REF}`;
  await transfer(dir, candidate, ['--depth=1', '--no-tags'], [refspec], {
    access,
    idleTimeoutMs,
    onLine: () => undefined,
  });
}

/** Takes out what only the neighbour had: the repository then holds what it would hold without it. */
export async function giveBack(dir: string): Promise<void> {
  const { exitCode } = await runGit(dir, ['rev-parse', '--verify', '--quiet', REF], { allowFailure: true });
  if (exitCode !== 0) return;
  await runGit(dir, ['update-ref', '-d', REF]);
  await runGit(dir, ['repack', '-a', '-d', '-q']);
  // It also takes the commit out of the list of those whose history is cut (gitrepository-layout(5), shallow).
  await runGit(dir, ['prune', '--expire=now']);
}
