import type { BuildCache } from '../build-cache.ts';
import type { Builder } from '../make/engine/builder.ts';
import type { DoctorCheck } from '../doctor-check-ids.ts';
import type { DiskFree } from '../system/files/disk-free.ts';

/** What the checks read of the engine; `resolveEngine` of the build room gives it. */
export interface EngineFacts {
  /** The client that will build, or null where there is none. */
  readonly clientPath: string | null;
  readonly clientVersion: string | null;
  /** How that client gets at BuildKit. */
  readonly buildkit: 'builtin' | 'buildx' | 'none';
  readonly buildxVersion: string | null;
  /** Major and minor of the BuildKit that builds: `0.13`; null where nothing tells. */
  readonly buildkitVersion: string | null;
  readonly builder: Builder | null;
  /** Why buildx does not tell of the builder that was named; null: it tells, or none was named. */
  readonly builderRefused: string | null;
  /** Further clients on PATH, in its order. */
  readonly otherClients: readonly {
    readonly path: string;
    readonly version: string | null;
    readonly podman: boolean;
    readonly buildkit: 'builtin' | 'buildx' | 'none';
  }[];
  readonly context: string | null;
  /** `unix:///var/run/docker.sock` */
  readonly host: string;
  /** What kind of address that is: only a `root-socket` is opened by sudo. */
  readonly endpoint: string;
  readonly serverVersion: string | null;
  /** GOARCH */
  readonly serverArch: string | null;
  readonly serverOs: string | null;
  readonly podman: boolean;
  readonly rootless: boolean;
  readonly desktop: boolean;
  readonly dockerRootDir: string | null;
  /** Bytes. */
  readonly serverMemory: number | null;
  readonly serverCpus: number | null;
  /** `overlay2` */
  readonly storageDriver: string | null;
  /** What the engine itself pulls through, without passwords. */
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  /** The newest and the oldest version of its API: `1.41`. */
  readonly apiVersion: string | null;
  readonly minApiVersion: string | null;
  readonly refused?: { readonly kind: string; readonly message: string } | undefined;
}

/** A program on PATH; `version` null where it does not say one. */
export interface Program {
  readonly path: string;
  readonly version: string | null;
}

/** What the checks read of this machine. Plain questions, so that a test answers them without one. */
export interface Machine {
  /** `20.20.2` */
  readonly nodeVersion: string;
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly userName: string;
  readonly os: OsRelease;
  /** Whether systemd is the init here. */
  readonly systemd: boolean;
  /** Whether a dockerd is installed here; a docker client alone may be. */
  readonly dockerdInstalled: boolean;
  /** RAM and swap, bytes. */
  readonly memory: { readonly ram: number; readonly swap: number };
  program(name: string): Promise<Program | null>;
  diskFree(path: string): Promise<DiskFree>;
  /** Whether this user may create files in the nearest existing directory of `path`. */
  mayWrite(path: string): Promise<boolean>;
  /** The same place with every link followed; the path itself where nothing is there. */
  realPath(path: string): Promise<string>;
  /** How the kernel runs programs of that architecture (GOARCH) in containers; `unknown` where binfmt_misc cannot be seen. */
  emulation(arch: string): Promise<'ready' | 'absent' | 'disabled' | 'not-in-containers' | 'unknown'>;
}

/** os-release(5): `debian`, `12`. */
export interface OsRelease {
  readonly id: string;
  readonly idLike: readonly string[];
  readonly versionId: string | null;
  readonly prettyName: string;
}

/** What is to be built, and on what. */
export interface CheckContext {
  /** Wanted architecture, GOARCH. */
  readonly arch: string;
  /** `bake` cross-compiles for another architecture, `docker-build` where there is a compiler for it. */
  readonly builtBy: 'docker-run' | 'docker-build' | 'bake';
  /** Whether `docker-build` shall run the steps of another architecture under emulation all the same. */
  readonly emulate: boolean;
  /** The Dockerfile frontend that the build needs of BuildKit itself; null where an image of it is used, or nothing is known. */
  readonly frontend: { readonly version: string; readonly because: string } | null;
  /** Caches beyond the builder that were named. */
  readonly caches: { readonly from: readonly BuildCache[]; readonly to: readonly BuildCache[] };
  readonly workDir: string;
  /** What of the user's the docker client itself reads, beside the work dir, by the option that names it. */
  readonly clientReads: readonly { readonly option: string; readonly path: string }[];
  /** null: nothing is written there. */
  readonly outDir: string | null;
  /** null: nothing is built (`patch`, `audit`), so no engine is needed. */
  readonly engine: EngineFacts | null;
  readonly machine: Machine;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The words of the user's own line, for "run this again". */
  readonly line: readonly string[];
}

/** @typeParam Result what a check may come to; only `doctor` tells what could not be looked at */
export interface Verdict<Result extends string = 'ok' | 'warning' | 'failed'> {
  readonly result: Result;
  /** A few words. */
  readonly seen: string;
  /** The command or sentence that mends it. */
  readonly fix?: string | undefined;
}

export interface Check {
  readonly id: DoctorCheck;
  readonly title: string;
  /** Why it need not or cannot be made now; null: it is made. */
  readonly skip: (context: CheckContext) => string | null;
  readonly run: (context: CheckContext) => Promise<Verdict> | Verdict;
}
