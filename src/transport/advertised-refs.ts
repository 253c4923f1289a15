import { runGit, type Remote } from '../system/git/git.ts';
import { classifyFetchFailure, type FetchFailure } from './fetch-outcome.ts';

/** A tag or a branch as a server lists it. */
export interface AdvertisedRef {
  /** `refs/tags/v1.1.0`, `refs/heads/main` */
  readonly name: string;
  /** The commit that it is, an annotated tag peeled. */
  readonly commit: string;
  readonly annotated: boolean;
}

/**
 * The tags and branches of a repository with their commits (git-ls-remote(1): a second line with `^{}` for what an annotated tag peels to),
 * or why it did not say.
 * @param timeoutMs of the whole answer
 */
export async function advertisedRefs(
  dir: string,
  remote: Remote,
  timeoutMs: number,
): Promise<readonly AdvertisedRef[] | FetchFailure> {
  const { exitCode, stdout, stderr, timedOut } = await runGit(dir, ['ls-remote', '--heads', '--tags', remote.url], {
    remote,
    allowFailure: true,
    timeoutMs,
  });
  return exitCode !== 0 || timedOut ? classifyFetchFailure(stderr, timedOut) : refsIn(stdout);
}

/** Pure. */
export function refsIn(listing: string): readonly AdvertisedRef[] {
  const refs = new Map<string, AdvertisedRef>();
  for (const line of listing.split('\n')) {
    const [, commit, name, peeled] = /^([0-9a-f]{40})\t(refs\/(?:heads|tags)\/.+?)(\^\{\})?$/.exec(line) ?? [];
    if (commit !== undefined && name !== undefined) refs.set(name, { name, commit, annotated: peeled !== undefined });
  }
  return [...refs.values()];
}

/** The ref that is a commit: a tag before a branch, for a branch moves. Pure. */
export function refOf(refs: readonly AdvertisedRef[], commit: string): AdvertisedRef | undefined {
  const named = refs.filter((ref) => ref.commit === commit);
  return named.find(({ name }) => name.startsWith('refs/tags/')) ?? named[0];
}
