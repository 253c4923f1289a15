import type { SealFacts } from '../../document/parts.ts';
import type { BundledImage } from '../../bundle/use/bundled-image.ts';
import type { GatheredBuild } from '../../bundle/make/gathered.ts';
import type { Lock, LockedImage, LockedModule, LockedSuite } from '../../lockfile/lock-file.ts';
import type { Collected as CollectedFolder } from '../../make/collect/collect.ts';
import type { BuildCommand } from '../../make/flags/make-input.ts';
import type { LocalFolders, TakenOut } from '../../bundle/use/local-folders.ts';
import type { EngineFacts } from '../../make/engine/engine.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import type { Catalogue } from '../../mirrors/catalogue/catalogue.ts';
import type { Exclusion } from '../../mirrors/probe/exclusion.ts';
import type { ImagePins } from '../../mirrors/candidates/pins.ts';
import type { Order } from '../../mirrors/probe/choices.ts';
import type { Profile } from '../../mirrors/catalogue/profile.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';
import type { MirrorOverride } from '../../mirrors/catalogue/template.ts';
import type { MakeTarget } from '../../moby/make-target.ts';
import type { Series } from '../../moby/series-table.ts';
import type {
  BinaryFacts,
  BuildStep,
  CheckResult,
  ComponentChoice,
  Plan,
  PlannedPatch,
  Scan,
  Tree,
} from '../../types.ts';
import type { HostSource, ReadySource } from '../../handover/host-sources.ts';
import type { Signer } from '../../signing/secret-key.ts';
import type { Login } from '../../system/http/netrc.ts';
import type { GitAccess } from '../../system/git/git-access.ts';
import type { BaseWish } from '../../base/base-wish.ts';
import type { ReadyBase } from '../../base/ready-base.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';
import type { EngineImage, Lack } from '../../mirrors/images/engine-image.ts';
import type { Reach } from '../../system/http/http-agent.ts';

/*
 * A run is a chain of stages. Each extends the one before it, none is ever changed, and none has a field that is filled in later:
 * what a step needs is the stage that it takes.
 */

/** What a run is for; the table of what follows from it is in purposes.ts. */
export type Goal = 'build' | 'bundle' | 'dry-run' | 'patch' | 'audit' | 'probe';

/** The line, the environment and the file have been read. */
export interface Requested {
  readonly options: RunOptions;
  readonly goal: Goal;
  /** Where the tree goes: the work dir of its ref and architecture, or a directory that goes when the command is done. */
  readonly place: { readonly is: 'work-dir' } | { readonly is: 'temporary'; readonly dir: string };
  readonly started: Date;
  /** Signs the checksums of what is built; null: nobody does. */
  readonly signer: Signer | null;
  /** Has all that the run would fetch; null: it is fetched. */
  readonly bundle: UsedBundle | null;
}

/** The flags and their files have been judged; nothing was fetched. */
export interface Checked extends Requested {
  readonly catalogue: Catalogue;
  readonly profile: Profile;
  readonly overrides: readonly MirrorOverride[];
  readonly network: Network;
  readonly locking: Locking;
  /** Who fetches the components: the steps of the build, through mirrors, or this machine beforehand. */
  readonly sourcesBy: 'mirror' | 'host';
}

/** The machine has been looked at, where a build is to run on it. */
export interface Equipped extends Checked {
  readonly machine: Machine;
}

/** The tree is here. */
export interface Sourced extends Equipped {
  readonly source: SourceTree;
  /** What `--target` and `--with-deps` come to in its series. */
  readonly target: MakeTarget;
  /** Absolute: where binaries go. */
  readonly outDir: string;
  /** Absolute: the log of the build. */
  readonly logFile: string;
}

/** Its egress points are known. The fail-over starts again from here. */
export interface Scanned extends Sourced {
  /** What `--component` comes to in this tree. */
  readonly components: readonly ComponentChoice[];
  /** What made `source` a tree that cross-compiles: none where it is built for the engine's own architecture, or does so by itself. */
  readonly crossing: Crossing;
  readonly scan: Scan;
  /** The images that are made here, of Debian's packages and Go; null: images are pulled. */
  readonly base: BaseWish | null;
  /** What images that nobody serves can be made of; null: they cannot, or the options go against it. */
  readonly spareBase: BaseWish | null;
  /** The mirrors that failed a build of this run, and for what. */
  readonly excluded: readonly Exclusion[];
}

/** The first patches of a plan: the tree is scanned with them. */
export type Crossing = readonly PlannedPatch[];

/** Mirrors are in the order that a probe found, or in the profile's. */
export interface Measured extends Scanned {
  readonly order: Order;
}

/** The digest of each image is known, or it stays a tag. */
export interface Pinned extends Measured {
  readonly images: readonly LockedImage[];
  readonly pins: ImagePins;
  /** The images that the engine gets out of a bundle. */
  readonly bundled: readonly BundledImage[];
  /** The images that the engine has already, and that nobody is asked for. */
  readonly ofEngine: readonly EngineImage[];
  /** Under `--offline`: the images that it does not have, or that nothing vouches for. */
  readonly lacking: readonly Lack[];
}

/** Every edit, every build argument and the command are there; the planned tree was proved by a scan. */
export interface Planned extends Pinned {
  readonly plan: Plan;
  /** What the plan was made of: how each point is met, and the sources of stage base. */
  readonly resolutions: Resolutions;
  /** The sources that this machine fetches for the build. */
  readonly hostSources: readonly HostSource[];
  /** Folders of this machine that stand for mirrors of packages and modules; null: there are none. */
  readonly folders: LocalFolders | null;
  /** What the steps take out of them. */
  readonly taken: TakenOut;
  readonly command: BuildCommand;
}

/** The sources that this machine fetches are in the store. */
export interface Fetched extends Planned {
  readonly readySources: readonly ReadySource[];
  /** What the images are made of is on this machine; null: images are pulled, or a dry run fetches nothing. */
  readonly readyBase: ReadyBase | null;
}

/** Suites, modules and tree have been compared with the lock file, where there is one. */
export interface Compared extends Fetched {
  readonly served: Served;
}

/** Everything that a bundle holds is on this machine. */
export interface GatheredStage extends Compared {
  readonly gathered: GatheredBuild;
}

/** The tree on the disk is the planned one, with the fetched sources in it. */
export interface Applied extends Compared {
  /** git's ids of the tree before and after the patches. */
  readonly treeBefore: string;
  readonly treeAfter: string;
}

export interface Built extends Applied {
  readonly steps: readonly BuildStep[];
  /** null where BuildKit did not say. */
  readonly downloadedBytes: number | null;
  /** null without `--seal`. */
  readonly seal: SealFacts | null;
}

/** The binaries are on their way to the out dir; they are there once the manifest is written. */
export interface Collected extends Built {
  readonly collected: CollectedFolder;
}

export interface Verified extends Collected {
  readonly binaries: readonly BinaryFacts[];
  /** What the binaries print of their versions, by name. */
  readonly versionTexts: Readonly<Record<string, string>>;
  readonly checks: readonly CheckResult[];
}

export interface Smoked extends Verified {
  readonly smoke: readonly CheckResult[];
}

export interface Recorded extends Smoked {
  readonly manifest: string;
}

/** What is known of a run that may have failed anywhere. */
export type Facts = Partial<Recorded>;

/** The tree that is planned for, wherever it came from. */
export interface SourceTree {
  /** Where it lies now; for a build: where it is patched and built. */
  readonly dir: string;
  readonly files: Tree;
  /** The tag, or what was found instead of one. */
  readonly ref: string;
  /** null for a tree without a usable .git. */
  readonly commit: string | null;
  /** When that commit was made: seconds since 1970. */
  readonly committed: number | null;
  /** Who said which commit it must be; `unchecked`: nobody, for it is the user's own tree. */
  readonly pin: 'table' | 'flag' | 'witnesses' | 'unchecked';
  /** The git servers that said which commit the tag is, where the table does not have it. */
  readonly witnesses?: readonly string[] | undefined;
  readonly series: Series;
  /** The mirror that it was cloned through, or null for the user's own directory. */
  readonly clonedThrough: string | null;
  readonly clonedFrom: string | null;
  readonly receivedBytes: number;
}

/** How this run reaches the network, and whom it believes. */
export interface Network {
  /** PEM text of `--ca`, for the stages of the build; null without it. */
  readonly stageCertificates: string | null;
  /** Those of `--netrc`. */
  readonly logins: readonly Login[];
  /** Made when it is first asked for: reading this machine's certificates takes a tenth of a second of CPU. */
  readonly reach: () => Promise<{ readonly reach: Reach; readonly access: GitAccess }>;
}

/** The lock file that is read, and what for. */
export type Locking =
  | { readonly is: 'free' }
  /** `--lock FILE`: its digests count as known. */
  | { readonly is: 'known'; readonly path: string; readonly lock: Lock }
  /** `--locked`: nothing else may be built. */
  | { readonly is: 'required'; readonly path: string; readonly lock: Lock };

/** This machine as a build needs it; a dry run does not look at it. */
export type Machine =
  | { readonly is: 'unchecked' }
  | { readonly is: 'checked'; readonly engine: EngineFacts; readonly checks: readonly CheckResult[] };

/** The suites and modules of a plan, as mirrors serve them. */
export interface Served {
  readonly suites: readonly (Omit<LockedSuite, 'date'> & { readonly date: string | null })[];
  readonly modules: readonly (Omit<LockedModule, 'sum' | 'goModSum'> & {
    readonly sum: string | null;
    readonly goModSum: string | null;
  })[];
}
