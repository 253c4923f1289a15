/** What all tags of one series of moby have in common, as far as this program goes by it. */
export interface Series {
  /** `20.10`, `26.1`, `29`: as moby names its release branches. */
  readonly name: string;
  /** Versions that belong to it, as a semver range (prereleases included). */
  readonly range: string;
  /** What this program does with it; `build` includes `patch`. */
  readonly supported: 'build' | 'patch';
  /** Who drives the build: hack/make.sh in a container, `docker build --target`, or `docker buildx bake`. */
  readonly builtBy: 'docker-run' | 'docker-build' | 'bake';
  /** Digits of the commit in official builds' `--version`: `git rev-parse --short` up to 23.0, all of it later (moby Makefile, DOCKER_GITCOMMIT). */
  readonly commitDigits: 7 | 40;
  /** For a series that moby maintains no more: its last release. */
  readonly ended: { readonly lastRelease: string; readonly date: string; readonly meaning: string } | null;
  /** The last day of maintenance that moby expects (YYYY-MM-DD), or null where it names none. */
  readonly maintainedUntil?: string | undefined;
  /** Build arguments that its Makefile names again at the end of its command line (VERSION_AUTOGEN_ARGS; Makefile at v20.10.12, v22.06.0-beta.0). */
  readonly namedArgs: readonly string[];
  /** The binaries that each target leaves; none for a series that is not built here. */
  readonly makes: Readonly<Record<string, Binaries>>;
  readonly daemon: DaemonFacts;
}

/** Names, and those that some versions of the series make only (semver ranges), or some architectures. */
export interface Binaries {
  readonly names: readonly string[];
  readonly some?: readonly { readonly name: string; readonly range: string; readonly arches?: readonly string[] }[];
}

/** What differs in a daemon. Everything else that a smoke check expects holds from 19.03 to 29. */
export interface DaemonFacts {
  /** Highest API version of the series' first release: tells the series of a daemon that calls itself `dev` (api/common.go, daemon/config). */
  readonly api: string;
  /** The order in which a graph driver is tried (daemon/graphdriver/driver_linux.go, `priority`). */
  readonly drivers: readonly string[];
  /** The name of the driver that the containerd image store brings instead, where that is the default. */
  readonly snapshotter: string | null;
  /** Names that /info lists as runtimes by default (daemon/runtime_unix.go). */
  readonly runtimes: readonly string[];
  /** Whether /info says CgroupVersion. */
  readonly cgroupVersion: boolean;
}

const NO_FIXES = 'Security holes that were found since stay open in it.';
const DEBIAN_HAS_ONE =
  "No release of 20.10 has the fix for CVE-2024-41110, though Debian's docker.io 20.10.24 carries it as a patch.";

const RUNTIME = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'docker-init'];
const ROOTLESS = ['rootlesskit', 'dockerd-rootless.sh', 'dockerd-rootless-setuptool.sh'];
const DAEMON = ['dockerd', 'docker-proxy'];

/** vpnkit has images for these two; elsewhere its stage is empty. */
const VPNKIT_ARCHES = ['amd64', 'arm64'];

/**
 * Target `binary` of 20.10 and 22.06: hack/make/binary-daemon, copy_binaries (v20.10.0 to v20.10.27, v22.06.0-beta.0), and the proxy's
 * own script. vpnkit came to arm64 in v20.10.6 (commit fed6ba2790).
 */
const HACK_BINARY: Binaries = {
  names: [...DAEMON, ...RUNTIME, 'containerd-shim', ...ROOTLESS, 'rootlesskit-docker-proxy'],
  some: [
    { name: 'vpnkit', range: '<20.10.6', arches: ['amd64'] },
    { name: 'vpnkit', range: '>=20.10.6', arches: VPNKIT_ARCHES },
  ],
};

const V2 = 'io.containerd.runc.v2';
const V1 = 'io.containerd.runtime.v1.linux';

const daemon = (api: string, drivers: string, changes: Partial<DaemonFacts> = {}): DaemonFacts => ({
  api,
  drivers: [...drivers.split(' '), 'vfs'],
  snapshotter: null,
  runtimes: ['runc', V2],
  cgroupVersion: true,
  ...changes,
});
const DRIVERS_OF_23 = 'overlay2 fuse-overlayfs btrfs zfs aufs overlay devicemapper';
const DRIVERS = 'overlay2 fuse-overlayfs btrfs zfs';

/** What all that bake builds have in common. */
const BAKED = {
  supported: 'build',
  builtBy: 'bake',
  commitDigits: 40,
  ended: null,
  namedArgs: [],
  makes: {
    // Dockerfile, stage `binary` (v23.0.0 to docker-v29.7.2).
    binary: { names: DAEMON },
    dynbinary: { names: DAEMON },
    // Dockerfile, stage `all`, and the RUN of tini, runc, containerd, rootlesskit in the same tags.
    all: {
      names: [...DAEMON, ...RUNTIME, ...ROOTLESS],
      some: [
        { name: 'rootlesskit-docker-proxy', range: '<28.0.0-0' },
        { name: 'vpnkit', range: '<29.5.0-0', arches: VPNKIT_ARCHES },
      ],
    },
  },
} as const satisfies Partial<Series>;

/** What `docker build` and `docker run` build have in common. */
const HACKED = { commitDigits: 7 } as const satisfies Partial<Series>;

/** For a series that is "Unmaintained" there, without more to say. */
const ended = (lastRelease: string, date: string): Series['ended'] => ({ lastRelease, date, meaning: NO_FIXES });

/**
 * The series, oldest first: the only table of them. Which are maintained is what moby says itself (project/BRANCHES-AND-TAGS.md at b985e2313a
 * of 2026-08-23); a last release is the newest tag of its series in a clone of that day. `npm run upstream` compares both.
 */
export const SERIES: readonly Series[] = [
  {
    ...HACKED,
    name: '19.03',
    range: '>=19.3.0-0 <19.4.0-0',
    supported: 'patch',
    builtBy: 'docker-run',
    ended: { lastRelease: 'v19.03.15', date: '2021-02-01', meaning: NO_FIXES },
    namedArgs: [],
    makes: {},
    daemon: daemon('1.40', 'btrfs zfs overlay2 aufs overlay devicemapper', {
      runtimes: ['runc'],
      cgroupVersion: false,
    }),
  },
  {
    ...HACKED,
    name: '20.10',
    range: '>=20.10.0-0 <20.11.0-0',
    supported: 'build',
    builtBy: 'docker-build',
    ended: {
      lastRelease: 'v20.10.27',
      date: '2023-12-01',
      meaning: `${NO_FIXES} ${DEBIAN_HAS_ONE}`,
    },
    namedArgs: ['GO_VERSION', 'PRODUCT', 'PLATFORM', 'DEFAULT_PRODUCT_LICENSE'],
    // hack/make/dynbinary-daemon copies nothing beside dockerd; 22.06's hack/make/dynbinary makes docker-proxy too.
    makes: { binary: HACK_BINARY, dynbinary: { names: ['dockerd'] } },
    daemon: daemon('1.41', 'btrfs zfs overlay2 fuse-overlayfs aufs overlay devicemapper', {
      runtimes: ['runc', V2, V1],
    }),
  },
  {
    ...HACKED,
    name: '22.06',
    range: '>=22.6.0-0 <22.7.0-0',
    supported: 'build',
    builtBy: 'docker-build',
    ended: {
      lastRelease: 'v22.06.0-beta.0',
      date: '2022-06-03',
      meaning: 'It was never released; 23.0 took its place.',
    },
    namedArgs: ['GO_VERSION', 'PRODUCT', 'PLATFORM', 'DEFAULT_PRODUCT_LICENSE', 'PACKAGER_NAME'],
    makes: { binary: HACK_BINARY, dynbinary: { names: DAEMON } },
    daemon: daemon('1.42', DRIVERS_OF_23),
  },
  {
    ...BAKED,
    name: '23.0',
    range: '>=23.0.0-0 <23.1.0-0',
    commitDigits: 7,
    ended: ended('v23.0.18', '2025-05-15'),
    daemon: daemon('1.42', DRIVERS_OF_23),
  },
  {
    ...BAKED,
    name: '24.0',
    range: '>=24.0.0-0 <24.1.0-0',
    ended: ended('v24.0.9', '2024-02-01'),
    daemon: daemon('1.43', `${DRIVERS} devicemapper`),
  },
  {
    ...BAKED,
    name: '25.0',
    range: '>=25.0.0-0 <25.1.0-0',
    maintainedUntil: '2026-12-04',
    daemon: daemon('1.44', DRIVERS),
  },
  {
    ...BAKED,
    name: '26.0',
    range: '>=26.0.0-0 <26.1.0-0',
    ended: ended('v26.0.2', '2024-04-18'),
    daemon: daemon('1.45', DRIVERS),
  },
  {
    ...BAKED,
    name: '26.1',
    range: '>=26.1.0-0 <26.2.0-0',
    ended: ended('v26.1.5', '2024-07-23'),
    daemon: daemon('1.45', DRIVERS),
  },
  {
    ...BAKED,
    name: '27',
    range: '>=27.0.0-0 <28.0.0-0',
    ended: ended('v27.5.1', '2025-01-22'),
    daemon: daemon('1.46', DRIVERS),
  },
  {
    ...BAKED,
    name: '28',
    range: '>=28.0.0-0 <29.0.0-0',
    ended: ended('v28.5.2', '2025-11-05'),
    daemon: daemon('1.48', DRIVERS),
  },
  {
    ...BAKED,
    name: '29',
    range: '>=29.0.0-0 <30.0.0-0',
    daemon: daemon('1.52', DRIVERS, { snapshotter: 'overlayfs' }),
  },
];
