import type { Builder, BuilderNode } from '../../../src/make/engine/builder.ts';
import { runChecks } from '../../../src/doctor/checks.ts';
import type { CheckContext, EngineFacts, Machine } from '../../../src/doctor/context.ts';

export const GIB = 2 ** 30;

/** A machine that lacks nothing. */
export const goodMachine: Machine = {
  nodeVersion: '20.20.2',
  platform: 'linux',
  isRoot: false,
  userName: 'ann',
  os: { id: 'debian', idLike: [], versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  systemd: true,
  dockerdInstalled: true,
  memory: { ram: 8 * GIB, swap: 0 },
  program: (name) => Promise.resolve({ path: `/usr/bin/${name}`, version: name === 'git' ? '2.39.5' : '5.2' }),
  diskFree: (path) => Promise.resolve({ path, freeBytes: 100 * GIB, freeFiles: 1_000_000, device: 1 }),
  mayWrite: () => Promise.resolve(true),
  realPath: (path) => Promise.resolve(path),
  emulation: () => Promise.resolve('ready'),
};

export const goodEngine: EngineFacts = {
  clientPath: '/usr/bin/docker',
  clientVersion: '20.10.24',
  buildkit: 'builtin',
  buildxVersion: null,
  buildkitVersion: '0.8',
  builder: null,
  builderRefused: null,
  otherClients: [],
  context: 'default',
  host: 'unix:///var/run/docker.sock',
  endpoint: 'root-socket',
  serverVersion: '20.10.24',
  serverArch: 'amd64',
  serverOs: 'linux',
  podman: false,
  rootless: false,
  desktop: false,
  dockerRootDir: '/var/lib/docker',
  serverMemory: 8 * GIB,
  serverCpus: 4,
  storageDriver: 'overlay2',
  httpProxy: null,
  httpsProxy: null,
  apiVersion: '1.41',
  minApiVersion: '1.12',
};

/** What is otherwise than on the good machine. */
export interface Change {
  readonly machine?: Partial<Machine>;
  readonly engine?: Partial<EngineFacts> | null;
  readonly context?: Partial<CheckContext>;
}

/** All checks of the good machine with these changes. */
export async function check(change: Change = {}) {
  const results = await runChecks({
    arch: 'amd64',
    emulate: false,
    caches: { from: [], to: [] },
    builtBy: 'docker-build',
    frontend: null,
    workDir: '/home/ann/.cache/moby-build',
    clientReads: [],
    outDir: '/home/ann/out',
    line: ['--ref', 'v20.10.12'],
    env: { HOME: '/home/ann' },
    engine: change.engine === null ? null : { ...goodEngine, ...change.engine },
    machine: { ...goodMachine, ...change.machine },
    ...change.context,
  });
  return { results, of: (id: string) => results.find((result) => result.id === id) };
}

export const noClient: Partial<EngineFacts> = {
  clientPath: null,
  clientVersion: null,
  buildkit: 'none',
  serverVersion: null,
  refused: { kind: 'no-client', message: 'docker is not on PATH' },
};

/** A builder of one node, of the architecture of the good machine. */
export function builderOf(name: string, driver: string, node: Partial<BuilderNode> = {}): Builder {
  const good = {
    name: `${name}0`,
    endpoint: `tcp://${name}:1234`,
    status: 'running',
    error: null,
    native: 'amd64',
    arches: ['amd64'],
    buildkitVersion: '0.18',
  };
  return { name, driver, nodes: [{ ...good, ...node }], buildkitVersion: '0.18' };
}
