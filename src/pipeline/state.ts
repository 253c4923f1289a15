import type { Lock, LockedImage, LockedModule, LockedSuite } from '../artifacts/lock-file.ts';
import type { Collected } from '../build/collect.ts';
import type { BuildCommand } from '../build/make-input.ts';
import type { EngineFacts } from '../build/engine.ts';
import type { RunOptions } from '../config/parse.ts';
import type { Catalogue } from '../mirrors/catalogue.ts';
import type { Exclusion } from '../mirrors/exclusion.ts';
import type { ImagePins } from '../mirrors/images/pins.ts';
import type { Order } from '../mirrors/probe/choices.ts';
import type { Probed } from '../mirrors/probe/run-probe.ts';
import type { Profile } from '../mirrors/profile.ts';
import type { Resolutions } from '../mirrors/resolutions.ts';
import type { MirrorOverride } from '../mirrors/template.ts';
import type { GitAccess } from '../system/git-access.ts';
import type { Reach } from '../system/http-agent.ts';
import type { MakeTarget } from '../source/make-target.ts';
import type { Series } from '../source/series.ts';
import type { BinaryFacts, BuildStep, CheckResult, ComponentChoice, Note, Plan, Scan, Tree } from '../types.ts';
import type { HostSource, ReadySource } from './host-sources.ts';

/** The tree that is planned for, wherever it came from. */
export interface SourceTree {
  /** Where it lies now; for a build: where it is patched and built. */
  readonly dir: string;
  readonly files: Tree;
  /** The tag, or what was found instead of one. */
  readonly ref: string;
  /** null for a tree without a usable .git. */
  readonly commit: string | null;
  /** Who said which commit it must be; `unchecked`: nobody, for it is the user's own tree. */
  readonly pin: 'table' | 'flag' | 'unchecked';
  readonly series: Series;
  /** The mirror that it was cloned through, or null for the user's own directory. */
  readonly clonedThrough: string | null;
  readonly clonedFrom: string | null;
  readonly receivedBytes: number;
}

/** How this run reaches the network. */
export interface Network {
  readonly reach: Reach;
  /** How its gits do. */
  readonly access: GitAccess;
  /** PEM text of `--ca`, for the stages of the build; null without it. */
  readonly stageCertificates: string | null;
}

/** The suites and modules of a plan, as mirrors serve them. */
export interface Served {
  readonly suites: readonly (Omit<LockedSuite, 'date'> & { readonly date: string | null })[];
  readonly modules: readonly (Omit<LockedModule, 'sum' | 'goModSum'> & {
    readonly sum: string | null;
    readonly goModSum: string | null;
  })[];
}

/** What a build has come to: one plain object that the steps fill in, from top to bottom. */
export interface RunState {
  readonly options: RunOptions;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly toolVersion: string;
  /** The user's own line, for "run this again": `moby-build --arch arm64`. */
  readonly invocation: string;
  readonly started: Date;
  /** Sentences for the user that have come up so far, each once. */
  readonly notes: Note[];
  catalogue: Catalogue | null;
  profile: Profile | null;
  overrides: readonly MirrorOverride[];
  network: Network | null;
  /** The measurement of the git mirrors for moby's own repository, which is made once. */
  sourceProbe: Promise<Probed> | null;
  /** What a probe came to; null: the profile's order stands. */
  order: Order | null;
  /** What `--lock` or `--locked` read. */
  lock: Lock | null;
  /** The images whose digest is settled, and what the tree gets for them. */
  images: readonly LockedImage[];
  pins: ImagePins | null;
  /** The mirrors that failed a build of this run, and for what. */
  excluded: readonly Exclusion[];
  engine: EngineFacts | null;
  machine: readonly CheckResult[];
  source: SourceTree | null;
  /** What `--target` and `--with-deps` come to in its series. */
  target: MakeTarget | null;
  /** git's tree ids, for the manifest. */
  treeBefore: string | null;
  treeAfter: string | null;
  /** What `--component` comes to in this tree. */
  components: readonly ComponentChoice[];
  scan: Scan | null;
  /** Who fetches the components: the steps of the build, through mirrors, or this machine beforehand. */
  sourcesBy: 'mirror' | 'host';
  /** Hosts of git servers that were not there in this run, or accepted and said nothing. */
  readonly silentServers: Set<string>;
  /** The sources that this machine fetches for the build, and those of them that are ready. */
  hostSources: readonly HostSource[];
  readySources: readonly ReadySource[];
  plan: Plan | null;
  /** What the plan was made of: how each point is met, and the sources of stage base. */
  resolutions: Resolutions | null;
  /** What the mirrors said of the suites and modules of the plan; without a date or sum where nobody said it. */
  served: Served;
  command: BuildCommand | null;
  logFile: string | null;
  steps: readonly BuildStep[];
  downloadedBytes: number | null;
  outDir: string | null;
  /** The binaries on their way to the out dir; they are there once the manifest is written. */
  collected: Collected | null;
  binaries: readonly BinaryFacts[];
  /** What the binaries print of their versions, by name. */
  versionTexts: Readonly<Record<string, string>>;
  checks: readonly CheckResult[];
  /** The checks of `--smoke`. */
  smoke: readonly CheckResult[];
  manifest: string | null;
}

export function newState(
  given: Pick<RunState, 'options' | 'env' | 'toolVersion' | 'invocation'> & { readonly notes: readonly Note[] },
): RunState {
  const { options, env, toolVersion, invocation } = given;
  return {
    options,
    env,
    toolVersion,
    invocation,
    notes: [...given.notes],
    started: new Date(),
    catalogue: null,
    profile: null,
    overrides: [],
    network: null,
    sourceProbe: null,
    order: null,
    lock: null,
    images: [],
    pins: null,
    excluded: [],
    engine: null,
    machine: [],
    source: null,
    target: null,
    treeBefore: null,
    treeAfter: null,
    components: [],
    scan: null,
    sourcesBy: 'mirror',
    silentServers: new Set(),
    hostSources: [],
    readySources: [],
    plan: null,
    resolutions: null,
    served: { suites: [], modules: [] },
    command: null,
    logFile: null,
    steps: [],
    downloadedBytes: null,
    outDir: null,
    collected: null,
    binaries: [],
    versionTexts: {},
    checks: [],
    smoke: [],
    manifest: null,
  };
}

/** Adds notes that were not said yet. */
export function addNotes(state: RunState, notes: readonly Note[]): void {
  for (const note of notes) {
    if (!state.notes.some(({ code, message }) => code === note.code && message === note.message))
      state.notes.push(note);
  }
}

/**
 * A member that an earlier step has filled in.
 * @throws Error when the list of steps is in the wrong order: a mistake of ours
 */
export function known<K extends keyof RunState>(state: RunState, name: K): NonNullable<RunState[K]> {
  const value = state[name];
  if (value === null) throw new Error(`the step that fills in ${name} has not run`);
  return value;
}
