/**
 * The values that travel between the rooms. What also stands in a JSON document is inferred from its schema (document/parts.ts); a type that only one room needs stays in that room.
 * The flow is one way: Tree ─scan─▶ Scan ─resolve─▶ Resolutions ─plan─▶ Plan ─▶ (patch set | apply ▶ build ▶ collect ▶ verify ▶ manifest)
 */
import type { ComponentName, EgressKind, Via } from './names.ts';
import type { Note, Totals, UnknownPlace } from './document/parts.ts';

export {
  COMPONENT_NAMES,
  EGRESS_KINDS,
  MIRROR_KINDS,
  SOURCE_NAMES,
  TARGET_NAMES,
  type ComponentName,
  type EgressKind,
  type MirrorKind,
  type SourceName,
  type TargetName,
  type Via,
} from './names.ts';
export type {
  BinaryFacts,
  BuildStep,
  CheckOutcome,
  CheckResult,
  Note,
  Totals,
  UnknownPlace,
} from './document/parts.ts';

/** A text file of a source tree. `text` is exact: encoding it as UTF-8 gives the file's bytes back. */
export interface TreeFile {
  readonly text: string;
  readonly mode: '100644' | '100755';
}

/** The files that matter of a moby tree, by path inside the tree (POSIX, no leading `./`). */
export type Tree = ReadonlyMap<string, TreeFile>;

/** What the text at an anchor is; it decides what may be put there. */
export type AnchorRole = 'syntax' | 'image' | 'git-url' | 'http-url' | 'apt-url' | 'goproxy';

/** The exact text that an edit would change: half-open UTF-16 offsets into the file's text. */
export interface Anchor {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** `tree.get(file).text.slice(start, end)`; variables are not expanded. Quotes are never part of it. */
  readonly text: string;
  readonly role: AnchorRole;
  /** The quotes around it in a shell word (`none` outside a shell). */
  readonly quote: 'none' | 'single' | 'double';
}

/** One place where the tree reaches for the network while it is built. */
export interface EgressPoint {
  /**
   * Stable while URLs and line numbers change: `STAGE/KIND`, with `#2`, `#3`, … for the next ones of the same kind in the
   * same stage, in the order of the text. The frontend is `(frontend)/frontend`.
   */
  readonly id: string;
  readonly file: string;
  /** 1-based: where the text stands that an edit would change, else the command's line. */
  readonly line: number;
  /** 1-based lines of the commands that reach out. */
  readonly netLines: readonly number[];
  /** `(frontend)` for the `# syntax` line. */
  readonly stage: string;
  readonly kind: EgressKind;
  /** With variables expanded. A host that the tree does not name is `<debian default>`, `<go default>` or `<pip default>`. */
  readonly url: string;
  readonly host: string;
  readonly inClosure: boolean;
  /** Where in the Dockerfile the instructions start that reach out (offsets); absent where none was found. */
  readonly reachedIn?: readonly number[] | undefined;
  /** `amd64`, `arm64`: for an image that is pulled for a platform of its own. */
  readonly platform?: string | undefined;
  /** For apt-source: the suite. */
  readonly suite?: string | undefined;
  /** For gomod: what is loaded. */
  readonly module?: string | undefined;
  readonly note?: string | undefined;
  /** For apt: the calls of the RUN, in their order. */
  readonly aptCalls?: readonly AptCall[] | undefined;
  /** For apt and apt-source: all hosts that may be asked, where they are more than one; `host` is the first. */
  readonly hosts?: readonly string[] | undefined;
  /** null where no text names the place: an apt call (its stage's sources decide), go modules (the environment decides). */
  readonly anchor: Anchor | null;
  /** The same URL written again in the same stage: an edit must change these too. */
  readonly moreAnchors?: readonly Anchor[] | undefined;
}

/** A call of apt-get or of what stands for it, its words as they were understood. */
export interface AptCall {
  /** The words behind its name; null where one of them cannot be told from the text. */
  readonly words: readonly string[] | null;
  /** By xx: packages of the architecture that is built for. */
  readonly forTarget: boolean;
}

export interface StageFacts {
  readonly name: string;
  /** 1-based line of its FROM. */
  readonly line: number;
  /** Name of the stage it is built on, or null for an image or scratch. */
  readonly parent: string | null;
  /** The expanded image reference it starts from, or null when it starts from a stage or scratch. */
  readonly image: string | null;
  readonly platform: string | null;
  readonly inClosure: boolean;
}

/** What the tree says of itself, with ARG defaults resolved. */
export interface TreeFacts {
  /** `docker/dockerfile:1.2`, or null when there is no syntax line. */
  readonly syntax: string | null;
  /** `1.16.12`, or null. */
  readonly goVersion: string | null;
  /** Debian codename of stage `base`: from BASE_DEBIAN_DISTRO, or from the base image's tag. */
  readonly suite: string | null;
  /** Expanded reference of the image that stage `base` starts from. */
  readonly baseImage: string | null;
}

export interface Scan {
  readonly target: string;
  readonly platform: string;
  readonly points: readonly EgressPoint[];
  readonly unknown: readonly UnknownPlace[];
  readonly stages: readonly StageFacts[];
  readonly facts: TreeFacts;
}

export interface ScanOptions {
  /** The Dockerfile stage that is built: `binary`, `dynbinary`, … */
  readonly target: string;
  readonly arch: string;
  /** Build arguments that differ from the Dockerfile's defaults. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
}

/** A point as reports and `--json` show it. */
export interface MetPoint extends EgressPoint {
  readonly via: Via;
  readonly mirror: string | null;
  readonly reason: string;
}

/** A component that shall be built in another version than the tree's, and how the tree is brought to it. */
export interface ComponentChoice {
  readonly component: ComponentName;
  /** What was asked for: a tag, a branch, or a commit id. */
  readonly version: string;
  /** By the build argument `variable`, or by an edit of the pin. */
  readonly by: 'build-arg' | 'edit';
  readonly variable: string;
  /** What the tree itself pins, and the comment behind it: a commit id's tag. */
  readonly treePin: string;
  readonly note: string | null;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The range in the file of `treePin`; half-open UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** The stages that take the build argument. */
  readonly stages: readonly string[];
}

/** What one patch does to one file. null before: created; null after: deleted. */
export interface FileChange {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: TreeFile | null;
}

export interface PlannedPatch {
  /** `0001-apt-sources-of-stage-base.patch` */
  readonly name: string;
  /** First line of the commit message. */
  readonly subject: string;
  /** Why: the body of the commit message. */
  readonly reason: string;
  /** Relative to the tree after the patches before it. */
  readonly changes: readonly FileChange[];
}

/** All edits and build arguments, made without touching the disk. A dry run prints it; a build applies the same object. */
export interface Plan {
  readonly ref: string;
  /** Full id, or null for a tree without git. */
  readonly commit: string | null;
  readonly series: string;
  readonly target: string;
  readonly platform: string;
  readonly profile: string;
  readonly points: readonly MetPoint[];
  /** What each point contacts in the planned tree, by its id; one that is gone, or that this machine fetches for, is not there. */
  readonly becomes: ReadonlyMap<string, string>;
  readonly totals: Totals;
  readonly patches: readonly PlannedPatch[];
  /** The components that are built in another version than the tree's. */
  readonly components: readonly ComponentChoice[];
  /** Build arguments that the plan itself needs (not the user's). */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
  /** The tree after all patches: only the files that `patches` change. */
  readonly after: Tree;
}
