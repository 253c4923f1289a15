import { EXIT, MobyBuildError } from '../errors.ts';
import type { FetchMode } from '../source/checkout.ts';
import { inspectExisting, type ExistingTree } from '../source/existing.ts';
import { fetchSource } from '../source/fetch.ts';
import { endOfLifeNote, requireBuildable, seriesOfRef, seriesOfTree, type Series } from '../source/series.ts';
import { makeWorkingCopy } from '../source/working-copy.ts';
import { loadTree } from '../system/load-tree.ts';
import { cloneCandidates } from './clone-candidates.ts';
import { addNotes, known, type RunState } from './state.ts';

export interface SourceWish {
  /** Where a clone or copy goes. */
  readonly dir: string;
  /** `files`: the dozen files that a plan reads. `full`: all that a build needs, in a directory that may be written to. */
  readonly mode: FetchMode;
  readonly say: (text: string) => void;
}

/**
 * Checks, before anything is fetched, that the ref is of a series that can be built. Needs a ref on the line; a directory is
 * judged when it is read.
 *
 * @throws MobyBuildError `unsupported-series`, exit 4
 */
export function judgeRef(state: RunState): void {
  const { ref, commit } = state.options;
  if (ref === null) return;
  const series = seriesOfRef(ref);
  // A branch or a tag of somebody's own says nothing; with --commit its tree will.
  if (series === null && commit !== null) return;
  if (series !== null) requireBuildable(series, ref);
}

/** Brings the source: a clone through the git mirrors, or the user's own tree. Fills in `state.source`. */
export async function getSource(state: RunState, wish: SourceWish): Promise<string> {
  const { source } = state.options;
  return source.kind === 'url' ? cloned(state, source.url, wish) : existing(state, source.path, wish);
}

async function cloned(state: RunState, url: string, wish: SourceWish): Promise<string> {
  const { ref, commit } = state.options;
  if (ref === null) throw new Error('a clone without a ref');
  const fetched = await fetchSource({
    ref,
    commit: commit ?? undefined,
    candidates: cloneCandidates(url, known(state, 'profile'), known(state, 'catalogue'), state.overrides),
    dir: wish.dir,
    mode: wish.mode,
    onProgress: ({ phase, percent }, candidate) => {
      wish.say(`${candidate.mirror}: ${phase}${percent === null ? '' : ` ${String(percent)} %`}`);
    },
    onFailure: ({ mirror, reason }) => {
      addNotes(state, [
        { level: 'warning', code: 'clone-failed', message: `${mirror} did not serve the clone: ${reason}.` },
      ]);
    },
  });
  const files = await loadTree(fetched.dir);
  const series = seriesFor(state, seriesOfRef(ref) ?? seriesOfTree(files), ref);
  state.source = {
    dir: fetched.dir,
    files,
    ref,
    commit: fetched.commit,
    pin: commit === null ? 'table' : 'flag',
    series,
    clonedThrough: fetched.mirror,
    clonedFrom: fetched.url,
    receivedBytes: fetched.receivedBytes,
  };
  return fetched.reused ? `${ref}, there already` : `${ref} through ${fetched.mirror}`;
}

async function existing(state: RunState, path: string, wish: SourceWish): Promise<string> {
  const { ref, commit, inPlace } = state.options;
  const found = await inspectExisting(path, { ref: ref ?? undefined, commit: commit ?? undefined });
  addNotes(state, found.notes);
  let dir = found.dir;
  if (wish.mode === 'full' && !inPlace) {
    wish.say(`copying ${found.dir}`);
    await makeWorkingCopy(found, wish.dir);
    dir = wish.dir;
  }
  const files = await loadTree(dir);
  const named = nameOf(found);
  state.source = {
    dir,
    files,
    ref: named,
    commit: found.commit,
    pin: 'unchecked',
    series: seriesFor(state, (found.ref === null ? null : seriesOfRef(found.ref)) ?? seriesOfTree(files), named),
    clonedThrough: null,
    clonedFrom: null,
    receivedBytes: 0,
  };
  return `${named} in ${found.dir}`;
}

/** What a tree is called that has no tag: its commit, or its content. */
function nameOf(found: ExistingTree): string {
  return found.ref ?? (found.commit ?? found.treeId).slice(0, 12);
}

function seriesFor(state: RunState, series: Series | null, what: string): Series {
  const sure = requireBuildable(series, what);
  const ended = endOfLifeNote(sure);
  if (ended !== null) addNotes(state, [ended]);
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
    command: 'moby-build --build-arg VERSION=20.10.12',
  });
}
