import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitAccess } from '../system/git/git-access.ts';
import { runGit, type Remote } from '../system/git/git.ts';
import { fetchedCommit, INCOMING, prepareRepository } from './checkout.ts';
import { borrow, type Neighbour } from './neighbour.ts';
import { advertisedRefs, refOf } from '../transport/advertised-refs.ts';
import { noUsableMirror } from '../transport/fetch-failure.ts';
import type { FetchFailure } from '../transport/fetch-outcome.ts';
import { readProgress } from '../transport/fetch-progress.ts';
import { firstToServe, type FetchListener } from '../transport/first-to-serve.ts';
import { IDLE_MS, transfer, type CloneCandidate, type TransferOptions } from '../transport/transfer.ts';

export interface ComponentWish {
  /** `runc v1.0.2`; for messages. */
  readonly title: string;
  /** 40 hex digits; null where the tree names a tag only, and the server says which commit that is. */
  readonly commit: string | null;
  /** The tag that the tree gives it. It must be that commit. */
  readonly tag: string | null;
  /** Whether its build asks `git describe`: it then needs the tag of the commit, or all history where it has none. */
  readonly described: boolean;
}

export interface ComponentSource {
  readonly commit: string;
  /** Tags that were fetched: of the commit, or with all history also of those before it. */
  readonly tags: readonly string[];
  /** true: only the server says that the commit has these tags. */
  readonly tagsUnchecked: boolean;
  readonly history: 'commit' | 'full';
  /** How it was had from a server that hands out no single commits: `tag v1.0.2`, `all its history`; absent where the server does. */
  readonly instead?: string | undefined;
}

export interface FetchedComponent extends ComponentSource {
  readonly mirror: string;
  readonly url: string;
  /** Bytes that came over the network from the candidate that served it, as git tells them. */
  readonly receivedBytes: number;
}

export interface ComponentFetchOptions extends FetchListener {
  /** In the order of trying. */
  readonly candidates: readonly CloneCandidate[];
  /** An empty or missing directory of ours; becomes a repository that holds the commit. */
  readonly dir: string;
  /** Another commit of the same repository that this machine has; asked once. */
  readonly neighbour?: (() => Promise<Neighbour | null>) | undefined;
  /** How this run's gits reach the candidates. */
  readonly access: GitAccess;
  /** Milliseconds of silence after which a mirror is given up; for tests. */
  readonly idleMs?: number | undefined;
}

/**
 * Fetches one commit of a component from the first candidate that hands out that very commit: by its tag where the tree names
 * one, else by its id. A server that gives no bare ids is asked for the tag or branch that is the commit, else (also for a build that
 * describes a commit between tags) for all history.
 *
 * Throws `disk-full` (3), `network-down`, `mirror-answers-html`, `no-usable-mirror` (5), `interrupted`.
 */
export async function fetchComponent(wish: ComponentWish, options: ComponentFetchOptions): Promise<FetchedComponent> {
  const { candidates, dir, onProgress, access } = options;
  const idleTimeoutMs = options.idleMs ?? IDLE_MS;
  const neighbour = (await options.neighbour?.()) ?? null;
  const attempt = async (candidate: CloneCandidate) => {
    let receivedBytes = 0;
    const onLine = (line: string): void => {
      const progress = readProgress(line);
      if (progress === null) return;
      receivedBytes = Math.max(receivedBytes, progress.receivedBytes ?? 0);
      onProgress?.(progress, candidate);
    };
    // What another server sent must not pass for this one's.
    await rm(dir, { recursive: true, force: true });
    if (neighbour !== null) await borrow(dir, neighbour, access, idleTimeoutMs);
    await prepareRepository(dir, candidate, 'full');
    const source = await fromCandidate(dir, wish, candidate, {
      access,
      onLine,
      idleTimeoutMs,
      onAgain: (failure, waitMs) => options.onAgain?.({ ...failure, ...candidate }, waitMs),
    });
    return 'outcome' in source ? source : { ...source, ...candidate, receivedBytes };
  };
  const { served, failed } = await firstToServe(candidates, attempt, options);
  if (served === null) throw noUsableMirror(wish.title, failed);
  return served;
}

type Attempt = ComponentSource | FetchFailure;

async function fromCandidate(
  dir: string,
  wish: ComponentWish,
  candidate: CloneCandidate,
  options: TransferOptions,
): Promise<Attempt> {
  const { commit, tag, described } = wish;
  if (tag !== null) {
    const byTag = await oneCommit(dir, [tag], commit, candidate, options);
    // A build that does not ask for its tag does not need it.
    const missing = 'outcome' in byTag && byTag.outcome === 'no-such-ref';
    if (!missing || described || commit === null) return byTag;
  }
  if (commit === null) throw new Error(`${wish.title} has neither commit nor tag`);
  if (described) {
    const names = await tagsOf(dir, commit, { access: options.access, url: candidate.url });
    if ('outcome' in names) return names;
    if (names.tags.length === 0) return withHistory(dir, commit, candidate, options);
    const byTags = await oneCommit(dir, names.tags, commit, candidate, options);
    return 'outcome' in byTags ? byTags : { ...byTags, tagsUnchecked: true };
  }
  const failure = await transfer(dir, candidate, ONE_COMMIT, [`+${commit}:${INCOMING}`], options);
  if (failure?.outcome === 'no-singles' || failure?.outcome === 'no-such-ref')
    return byAnotherName(dir, commit, candidate, options);
  if (failure !== null) return failure;
  const got = await fetchedCommit(dir);
  if (got !== commit) return otherCommit(commit, got, commit);
  return { commit, tags: [], tagsUnchecked: false, history: 'commit' };
}

/** The tag or the branch that is the commit, else all history. What comes along with the commit is not kept (store/bare-repository.ts). */
async function byAnotherName(
  dir: string,
  commit: string,
  candidate: CloneCandidate,
  options: TransferOptions,
): Promise<Attempt> {
  const refs = await advertisedRefs(dir, { access: options.access, url: candidate.url }, IDLE_MS);
  if ('outcome' in refs) return refs;
  const named = refOf(refs, commit);
  if (named === undefined) {
    const whole = await withHistory(dir, commit, candidate, options);
    // Nothing describes the commit, so what is kept is the same as from a server that hands it out alone.
    const kept = { commit, tags: [], tagsUnchecked: false, history: 'commit', instead: 'all its history' } as const;
    return 'outcome' in whole ? whole : kept;
  }
  const came = await shallow(dir, candidate, [`+${named.name}:${INCOMING}`], options);
  if (came.failure !== null) return came.failure;
  const got = await fetchedCommit(dir);
  if (got !== commit) return otherCommit(named.name, got, commit);
  const [, kind = '', name = ''] = /^refs\/(head|tag)s\/(.+)$/.exec(named.name) ?? [];
  const what = `${kind === 'tag' ? 'tag' : 'branch'} ${name}`;
  const instead = came.whole ? `${what} with its history` : what;
  return { commit, tags: [], tagsUnchecked: false, history: 'commit', instead };
}

/** Without history where the server can; plain files over HTTP have no other way than all of it. */
async function shallow(
  dir: string,
  candidate: CloneCandidate,
  refspecs: readonly string[],
  options: TransferOptions,
): Promise<{ readonly failure: FetchFailure | null; readonly whole: boolean }> {
  const failure = await transfer(dir, candidate, ONE_COMMIT, refspecs, options);
  if (failure?.outcome !== 'no-singles') return { failure, whole: false };
  await startAgain(dir, candidate);
  return { failure: await transfer(dir, candidate, ['--no-tags'], refspecs, options), whole: true };
}

/** Where history comes along, it must not end at a neighbour whose own history is cut. */
async function startAgain(dir: string, candidate: CloneCandidate): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await prepareRepository(dir, candidate, 'full');
}

const ONE_COMMIT = ['--depth=1', '--no-tags'];

async function oneCommit(
  dir: string,
  tags: readonly string[],
  commit: string | null,
  candidate: CloneCandidate,
  options: TransferOptions,
): Promise<Attempt> {
  const refspecs = tags.map((tag) => `+refs/tags/${tag}:refs/tags/${tag}`);
  const { failure, whole } = await shallow(dir, candidate, refspecs, options);
  if (failure !== null) return failure;
  let expected = commit;
  for (const tag of tags) {
    const got = await commitOf(dir, `refs/tags/${tag}`);
    expected ??= got;
    if (got === null || got !== expected) return otherCommit(tag, got, expected);
  }
  const instead = whole ? { instead: `tag ${tags.join(', ')} with its history` } : {};
  return { commit: expected ?? '', tags, tagsUnchecked: false, history: 'commit', ...instead };
}

/** All branches and tags with all history: what `git clone` brings. */
async function withHistory(
  dir: string,
  commit: string,
  candidate: CloneCandidate,
  options: TransferOptions,
): Promise<Attempt> {
  await startAgain(dir, candidate);
  const refspecs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
  const failure = await transfer(dir, candidate, [], refspecs, options);
  if (failure !== null) return failure;
  if (existsSync(join(dir, '.git/shallow'))) return { outcome: 'refused', reason: 'its own copy has no whole history' };
  if ((await commitOf(dir, commit)) === null) return { outcome: 'no-such-ref', reason: `it does not have ${commit}` };
  const { stdout } = await runGit(dir, ['tag', '--merged', commit]);
  const tags = stdout.split('\n').filter((tag) => tag !== '');
  return { commit, tags, tagsUnchecked: tags.length > 0, history: 'full' };
}

/** Annotated tags of a commit, as the server has them: `git describe` heeds no others. */
async function tagsOf(
  dir: string,
  commit: string,
  remote: Remote,
): Promise<FetchFailure | { readonly tags: readonly string[] }> {
  const refs = await advertisedRefs(dir, remote, IDLE_MS);
  if ('outcome' in refs) return refs;
  const tags = refs.filter((ref) => ref.annotated && ref.commit === commit && ref.name.startsWith('refs/tags/'));
  return { tags: tags.map(({ name }) => name.slice('refs/tags/'.length)) };
}

function otherCommit(what: string, got: string | null, expected: string | null): FetchFailure {
  const reason = `it hands out another commit as ${what}: ${got ?? 'none'} instead of ${expected ?? 'one'}`;
  return { outcome: 'other-commit', reason };
}

async function commitOf(dir: string, name: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(dir, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
    allowFailure: true,
  });
  return exitCode === 0 ? stdout.trim() : null;
}
