import type { CommandSpec } from '../../system/command-spec.ts';
import type { Note } from '../../types.ts';
import type { EngineProxies } from './proxies.ts';

/** What is built, as the series has it. */
export interface BuildTarget {
  /** `binary`, `dynbinary`, `all` */
  readonly name: string;
  /** Dockerfile stage. */
  readonly stage: string;
  /** Build arguments of the target itself. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Inside the tree: `bundles/binary`. */
  readonly outputDir: string;
  readonly inMakefile: boolean;
}

export interface MakeInput {
  /** Build arguments that the Makefile names by itself, so that they go by the environment. */
  readonly namedArgs: readonly string[];
  /** Whether docker-bake.hcl names a mirror for apt by itself. */
  readonly bakesAptMirror: boolean;
  readonly builtBy: 'docker-build' | 'bake';
  readonly target: BuildTarget;
  /** Stamped into dockerd: the ref without `v`. */
  readonly version: string;
  /** Stamped into dockerd: the short id up to 23.0. */
  readonly gitCommit: string;
  /** Where the build runs; left out for a command that is only shown. */
  readonly treeDir?: string | undefined;
  /** What is built for, and what the engine runs on. GOARCH names. */
  readonly arch: string;
  readonly nativeArch: string;
  /** Build arguments, the plan's and the user's, the user's having won. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Build arguments by name alone: their values stay in the environment. */
  readonly inheritedArgs?: readonly string[] | undefined;
  readonly network?: string | undefined;
  /** `NAME:ADDRESS` each. */
  readonly addHosts?: readonly string[] | undefined;
  readonly dockerBuildOpts?: readonly string[] | undefined;
  readonly makeArgs?: readonly string[] | undefined;
  /** The docker client, when it is not the first one on PATH. */
  readonly docker?: string | undefined;
  readonly dockerContext?: string | undefined;
  /** The buildx builder that builds, where it is not the engine itself. */
  readonly builder?: string | undefined;
  /** What stands for images of the Dockerfile: `NAME=oci-layout://…`. */
  readonly contexts?: readonly string[] | undefined;
  /** Caches beyond the builder: values of `--cache-from` and `--cache-to`, and what tells this build's apart from others in the same place. */
  readonly caches?:
    { readonly from: readonly string[]; readonly to: readonly string[]; readonly scope: string } | undefined;
  /** `--netrc`: the file that steps see as a secret. */
  readonly netrc?: string | undefined;
  /** What the engine says of its proxies; without it nobody was asked. */
  readonly engineProxies?: EngineProxies | undefined;
  /** The caller's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What dockerd will say of itself. */
export interface Stamp {
  readonly version: string;
  readonly gitCommit: string;
}

export interface BuildCommand {
  readonly spec: CommandSpec;
  readonly notes: readonly Note[];
  readonly stamped: Stamp;
}

/** Words and variables of a build, before the caller's environment is looked at. */
export interface BuildWords {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
}
