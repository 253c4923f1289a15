import { rangeOf } from '../../config/ref-range.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { FetchMode } from '../../source/checkout.ts';
import { commitTime } from '../../source/clone-refs.ts';
import { inspectExisting, type ExistingTree } from '../../source/existing.ts';
import { fetchSource } from '../../source/fetch.ts';
import { makeTargetIn } from './target-in.ts';
import { expectedCommit } from '../../moby/pins.ts';
import { mayBeNewer } from '../../moby/witnesses.ts';
import { type Series } from '../../moby/series-table.ts';
import {
  endOfLifeNote,
  missingFixesNote,
  requireSupported,
  seriesOfRef,
  seriesOfSource,
  shapeNote,
} from '../../moby/series.ts';
import type { StoredCopy } from '../../transport/transfer.ts';
import { makeWorkingCopy } from '../../source/working-copy.ts';
import type { Entry } from '../../store/entry.ts';
import { addEntry, listEntries } from '../../store/store.ts';
import type { Note } from '../../types.ts';
import { loadTree } from '../../system/files/load-tree.ts';
import { OFFLINE_WORDS } from '../notes/offline-words.ts';
import { gitLack, offlineLacks } from '../notes/offline-lacks.ts';
import { cloneCandidates, isHere } from './clone-candidates.ts';
import { noteGitSettings } from '../prepare/network.ts';
import { nearestStored } from '../../source/neighbour.ts';
import { storedSource, storeRoot } from './source-store.ts';
import { orderClones } from './order-clones.ts';
import type { Io } from '../stage/io.ts';
import { witnessTag } from './witness-tag.ts';
import { noSinglesNote, tellFetch } from './tell-fetch.ts';
import type { Need } from '../stage/purposes.ts';
import type { Checked, SourceTree, Sourced } from '../stage/stages.ts';

export interface SourceWish {
  /** Where a clone or copy goes. */
  readonly dir: string;
  /** `files`: the dozen files that a plan reads. `full`: all that a build needs, in a directory that may be written to. */
  readonly mode: FetchMode;
}

/**
 * Checks, before anything is fetched, that the ref is of a series that `need` can be done with. Needs a ref on the line; a directory is
 * judged when it is read.
 *
 * @throws MobyBuildError `unsupported-series`, exit 4
 */
export function judgeRef({ ref, commit }: Checked['options'], need: Need): void {
  if (ref === null || need === 'audit') return;
  const series = seriesOfRef(ref);
  // A branch or a tag of somebody's own says nothing; with --commit its tree will.
  if (series === null && commit !== null) return;
  if (series !== null) requireSupported(series, need, ref);
}

/**
 * Checks that a ref that is to be cloned is one that the table of tags knows, or comes with --commit: what nobody can check is never
 * fetched, and a name written another way (`29.7.2`) is answered before this machine is looked at.
 *
 * @throws MobyBuildError `unknown-ref`, `bad-ref`, `bad-commit`, exit 2
 */
export function requireKnownRef({ ref, commit, source }: Checked['options']): void {
  if (ref === null || source.kind !== 'url' || rangeOf(ref) !== null) return;
  // The git servers are asked for it.
  if (commit === null && mayBeNewer(ref)) return;
  expectedCommit(ref, commit ?? undefined);
}

/** A source before anybody has asked whether its series can be built. null: of no series that is known. */
export type FoundSource = Omit<SourceTree, 'series'> & { readonly series: Series | null };

/**
 * Brings the source: a clone through the git mirrors, or the user's own tree.
 *
 * @param need what its series must be good for
 */
export async function getSource(
  from: Checked,
  io: Io,
  wish: SourceWish,
  need: Need,
): Promise<Pick<Sourced, 'source' | 'target'> & { readonly words: string }> {
  const { found, words } = await findSource(from, io, wish);
  const series = seriesFor(io, found, need);
  const { target, notes } = makeTargetIn(found.files, series, from.options.target, from.options.withDeps);
  io.note(...notes);
  return { source: { ...found, series }, target, words };
}

/** As `getSource`, for whoever takes a tree of any series. @param ref instead of `--ref` */
export async function findSource(
  from: Checked,
  io: Io,
  wish: SourceWish,
  ref: string | null = from.options.ref,
): Promise<{ readonly found: FoundSource; readonly words: string }> {
  const { source } = from.options;
  return source.kind === 'url' ? cloned(from, io, source.url, ref, wish) : existing(from, io, source.path, ref, wish);
}

type Brought = Awaited<ReturnType<typeof findSource>>;

async function cloned(from: Checked, io: Io, url: string, ref: string | null, wish: SourceWish): Promise<Brought> {
  if (ref === null) throw new Error('a clone without a ref');
  const given = from.options.commit;
  const isNewer = given === null && mayBeNewer(ref);
  const { offline } = from.options;
  if (isNewer && offline)
    throw offlineLacks([gitLack(`moby ${ref}`, OFFLINE_WORDS.commit)], from.options, OFFLINE_WORDS.restUnknown);
  const witnessed = isNewer ? await witnessTag(from, io, ref) : null;
  const commit = given ?? witnessed?.commit ?? null;
  // What is looked at only, is kept nowhere.
  const keep = wish.mode === 'full' || from.bundle !== null;
  const reads = keep || offline;
  const expected = expectedCommit(ref, commit ?? undefined);
  const fetched = await fetchSource({
    ref,
    commit: commit ?? undefined,
    candidates: () => orderClones(from, io, url, clonesHere(from, url, `moby ${ref} (${expected.commit})`)),
    stored: async () => {
      const entry = reads ? await storedSource(from, io, expected.commit, ref) : null;
      return entry === null ? null : copyOf(entry, ref);
    },
    neighbour: async () => nearestStored(await listEntries(storeRoot(from.options)), url, ref),
    dir: wish.dir,
    mode: wish.mode,
    access: (await from.network.reach()).access,
    ...tellFetch(io, ref, 'the clone'),
  });
  await noteGitSettings(from, io);
  if (fetched.whole === true) io.note(noSinglesNote(fetched.mirror, ref, 'all its history'));
  if (keep && !fetched.reused && !fetched.fromStore) {
    const { mirror, receivedBytes } = fetched;
    const common = { commit: fetched.commit, upstream: url, tags: [ref], history: 'commit' } as const;
    await addEntry(storeRoot(from.options), fetched.dir, { ...common, mirror, url: fetched.url, receivedBytes });
  }
  const files = await loadTree(fetched.dir);
  const found: FoundSource = {
    dir: fetched.dir,
    files,
    ref,
    commit: fetched.commit,
    committed: await commitTime(fetched.dir, fetched.commit),
    pin: witnessed !== null ? 'witnesses' : commit === null ? 'table' : 'flag',
    ...(witnessed === null ? {} : { witnesses: witnessed.witnesses }),
    series: seriesOfSource(ref, fetched.commit, files),
    clonedThrough: fetched.mirror,
    clonedFrom: fetched.url,
    receivedBytes: fetched.receivedBytes,
  };
  const how = fetched.reused ? 'there already' : fetched.fromStore ? 'from the store' : `through ${fetched.mirror}`;
  return { found, words: `${ref}${fetched.reused ? ',' : ''} ${how}` };
}

/**
 * Whom a clone is asked of; under `--offline` repositories of this machine alone.
 *
 * @throws MobyBuildError `offline-lacks` (5) where there are none
 */
function clonesHere(from: Checked, url: string, title: string): ReturnType<typeof cloneCandidates> {
  const all = cloneCandidates(url, from);
  const here = from.options.offline ? all.filter((candidate) => isHere(candidate)) : all;
  if (here.length === 0)
    throw offlineLacks([gitLack(title, OFFLINE_WORDS.tree)], from.options, OFFLINE_WORDS.restUnknown);
  return here;
}

/** The store is asked by the name that moby gives the commit where it has it, else by the commit. */
function copyOf({ dir, record }: Entry, ref: string): StoredCopy {
  const { mirror, url } = record;
  const wanted = record.tags.includes(ref) ? ref : record.commit;
  return { mirror: 'the store', url: dir, wanted, origin: { mirror, url } };
}

async function existing(from: Checked, io: Io, path: string, ref: string | null, wish: SourceWish): Promise<Brought> {
  const { commit, inPlace } = from.options;
  const there = await inspectExisting(path, { ref: ref ?? undefined, commit: commit ?? undefined });
  io.note(...there.notes);
  if (from.goal === 'patch' && there.applyWith !== null) io.note(applyNote(there.dir, there.applyWith));
  if (from.goal === 'build' || from.goal === 'bundle') requireWhole(there);
  let dir = there.dir;
  if (wish.mode === 'full' && !inPlace) {
    io.say(`copying ${there.dir}`);
    await makeWorkingCopy(there, wish.dir);
    dir = wish.dir;
  }
  const files = await loadTree(dir);
  const named = nameOf(there);
  const found: FoundSource = {
    dir,
    files,
    ref: named,
    commit: there.commit,
    committed: there.committed,
    pin: commit !== null && there.changed.length === 0 ? 'flag' : 'unchecked',
    series: seriesOfSource(there.ref, there.commit, files),
    clonedThrough: null,
    clonedFrom: null,
    receivedBytes: 0,
  };
  return { found, words: `${named}, as it is in ${there.dir}` };
}

/** A build of a tree that cannot succeed is not begun; a dry run and a patch set go with the warning. Throws `tree-damaged` (4). */
function requireWhole({ dir, faults }: ExistingTree): void {
  const [first] = faults;
  if (first === undefined) return;
  throw new MobyBuildError({
    code: 'tree-damaged',
    exitCode: EXIT.tree,
    message: faults.map(({ message }) => message).join('\n'),
    where: dir,
    hint: faults.map(({ hint }) => hint).join('\n'),
  });
}

function applyNote(dir: string, command: string): Note {
  return {
    level: 'info',
    code: 'apply-with',
    message: `The patch set is for ${dir} as it stands; git am does not take it there.`,
    hint: `Apply it with: ${command}`,
  };
}

/** What a tree is called that has no tag: its commit, or its content. */
function nameOf(there: ExistingTree): string {
  return there.ref ?? (there.commit ?? there.treeId).slice(0, 12);
}

function seriesFor(io: Io, { series, ref }: FoundSource, need: Need): Series {
  const sure = requireSupported(series, need === 'audit' ? 'patch' : need, ref);
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const notes = [shapeNote(ref, sure), endOfLifeNote(sure, ref, today), missingFixesNote(sure, ref)];
  io.note(...notes.filter((note) => note !== null));
  return sure;
}

/** VERSION of a build: the ref without `v`. @throws MobyBuildError `no-version`, exit 2, for a tree whose ref is no version */
export function versionOf(ref: string): string {
  const match = /^(?:docker-)?v(\d[\w.+~-]*)$/u.exec(ref);
  if (match?.[1] !== undefined) return match[1];
  if (/^[\w.+~-]+$/u.test(ref)) return ref;
  throw new MobyBuildError({
    code: 'no-version',
    exitCode: EXIT.usage,
    message: `${ref} cannot be stamped into dockerd as its version.`,
    where: '--ref',
    hint: 'Say which version this is.',
    command: NEXT.version('20.10.12'),
  });
}
