/** What differs by series. Everything else that a check expects holds from 19.03 to 29. */
export interface SeriesFacts {
  readonly series: string;
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

const V2 = 'io.containerd.runc.v2';
const V1 = 'io.containerd.runtime.v1.linux';

export const SERIES: readonly SeriesFacts[] = [
  {
    series: '19.03',
    api: '1.40',
    drivers: ['btrfs', 'zfs', 'overlay2', 'aufs', 'overlay', 'devicemapper', 'vfs'],
    snapshotter: null,
    runtimes: ['runc'],
    cgroupVersion: false,
  },
  {
    series: '20.10',
    api: '1.41',
    drivers: ['btrfs', 'zfs', 'overlay2', 'fuse-overlayfs', 'aufs', 'overlay', 'devicemapper', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2, V1],
    cgroupVersion: true,
  },
  {
    series: '23.0',
    api: '1.42',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'aufs', 'overlay', 'devicemapper', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
  {
    series: '24.0',
    api: '1.43',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'devicemapper', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
  {
    series: '25.0',
    api: '1.44',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
  {
    series: '26.0',
    api: '1.45',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
  {
    series: '27.0',
    api: '1.46',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
  {
    series: '28.0',
    api: '1.48',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'],
    snapshotter: null,
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
  {
    series: '29.0',
    api: '1.52',
    drivers: ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'],
    snapshotter: 'overlayfs',
    runtimes: ['runc', V2],
    cgroupVersion: true,
  },
];

/**
 * The row for a daemon: by the series that the caller knows (`20.10`, `26.1`, or a whole version), else by the API version it speaks. Newer than
 * the table: its last row; older: its first.
 */
export function seriesFacts(known: string | undefined, apiVersion: string): SeriesFacts {
  const last = SERIES.at(-1) as SeriesFacts;
  const named = known === undefined ? null : /(\d+)\.(\d+)/.exec(known);
  if (named !== null && known !== undefined) {
    const exact = SERIES.find((row) => row.series === `${named[1] ?? ''}.${named[2] ?? ''}`);
    // 22.06 never left its beta; it became 23.0.
    const major = named[1] === '22' ? '23' : (named[1] ?? '');
    const row = exact ?? SERIES.find((candidate) => candidate.series.startsWith(`${major}.`));
    if (row !== undefined) return row;
    if (Number(major) > 29) return last;
  }
  const minor = Number(apiVersion.split('.')[1] ?? 0);
  return [...SERIES].reverse().find((row) => Number(row.api.split('.')[1]) <= minor) ?? (SERIES[0] as SeriesFacts);
}
