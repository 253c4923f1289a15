import { quoteWord } from '../system/command-line.ts';
import type { DiskFree } from '../system/files/disk-free.ts';
import { needsEngine, notSeenHere, requireEngine } from './engine-checks.ts';
import type { Check, CheckContext, Verdict } from './context.ts';
import { ownLine } from './own-line.ts';
import { buildsNothing } from './program-checks.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * Where the engine keeps images and build cache: a golang image is near 1 GiB unpacked, the packages of stage `base` and of
 * the component stages some more, Go's build caches over 1 GiB. Below the first number a build fails late, after minutes.
 */
const ENGINE_LEAST = 4 * GIB;
/** Room for a second build with another base image, so that the cache of the first survives. */
const ENGINE_COMFORTABLE = 8 * GIB;
/** The tree (82 MB with its .git), a copy of it, bundles (under 300 MB), the same again in the out dir, logs. */
const WORK_LEAST = GIB;
/** A scan or patch fetches some hundred small files, or at worst the shallow tree. */
const PATCH_LEAST = 200 * MIB;
/** Linking dockerd alone takes more; the kernel then ends the linker (`signal: killed`, moby#2976). RAM and swap. */
const MEMORY_LEAST = 1 * GIB;
/** BuildKit compiles dockerd, containerd and runc side by side; below this they are in each other's way or in swap. */
const MEMORY_COMFORTABLE = 4 * GIB;

export const SPACE_CHECKS: readonly Check[] = [
  {
    id: 'work-dir',
    title: 'work directory',
    skip: () => null,
    run: judgeWorkDir,
  },
  {
    id: 'out-dir',
    title: 'out directory',
    skip: ({ outDir }) => (outDir === null ? 'nothing is written there' : null),
    run: async (context) => judgeWritable(context, context.outDir ?? ''),
  },
  {
    id: 'engine-disk',
    title: "engine's disk",
    skip: (context) => needsEngine(context) ?? engineElsewhere(context),
    run: judgeEngineDisk,
  },
  {
    id: 'memory',
    title: 'memory',
    skip: (context) => buildsNothing(context) ?? notSeenHere(context),
    run: judgeMemory,
  },
];

/** Why the engine's files cannot be seen from here. */
function engineElsewhere(context: CheckContext): string | null {
  const { dockerRootDir } = requireEngine(context);
  if (dockerRootDir === null) return 'the engine does not say where its files are';
  return isLocal(context) ? null : 'the engine is on another machine';
}

/** An engine behind a unix socket has this machine's disk and memory, but Desktop's, which is in a virtual machine. */
export function isLocal(context: CheckContext): boolean {
  const { host, desktop } = requireEngine(context);
  return host.startsWith('unix://') && !desktop;
}

async function judgeWritable({ machine }: CheckContext, path: string): Promise<Verdict> {
  const { path: nearest } = await machine.diskFree(path);
  if (await machine.mayWrite(path)) return { result: 'ok', seen: path };
  return {
    result: 'failed',
    seen: `${nearest} cannot be written by ${machine.userName}`,
    fix: `ls -ld ${quoteWord(nearest)}   # or choose another directory`,
  };
}

async function judgeWorkDir(context: CheckContext): Promise<Verdict> {
  const writable = await judgeWritable(context, context.workDir);
  if (writable.result !== 'ok') return { ...writable, fix: `${elsewhere(context)}   # one that you may write` };
  const free = await context.machine.diskFree(context.workDir);
  const least = context.engine === null ? PATCH_LEAST : WORK_LEAST;
  return judgeFree(free, least, least, `${elsewhere(context)}   # on a disk with more room`);
}

function elsewhere({ line }: CheckContext): string {
  return ownLine(line, { set: [['--work-dir', 'DIR']] });
}

async function judgeEngineDisk(context: CheckContext): Promise<Verdict> {
  const free = await context.machine.diskFree(requireEngine(context).dockerRootDir ?? '/');
  return judgeFree(
    free,
    ENGINE_LEAST,
    ENGINE_COMFORTABLE,
    'docker builder prune   # gives back what former builds keep',
  );
}

function judgeFree(free: DiskFree, least: number, comfortable: number, fix: string): Verdict {
  const seen = `${gib(free.freeBytes)} free at ${free.path}`;
  if (free.freeFiles !== null && free.freeFiles < 50_000)
    return { result: 'failed', seen: `${seen}, but only ${String(free.freeFiles)} inodes`, fix };
  if (free.freeBytes < least) return { result: 'failed', seen: `${seen}; ${gib(least)} is the least`, fix };
  if (free.freeBytes < comfortable)
    return { result: 'warning', seen: `${seen}; ${gib(comfortable)} is comfortable`, fix };
  return { result: 'ok', seen };
}

function judgeMemory(context: CheckContext): Verdict {
  const { machine } = context;
  const { serverMemory } = requireEngine(context);
  const local = isLocal(context);
  const ram = serverMemory ?? machine.memory.ram;
  const total = ram + (local ? machine.memory.swap : 0);
  const seen = `${gib(ram)}${local && machine.memory.swap > 0 ? ` and ${gib(machine.memory.swap)} of swap` : ''}`;
  const fix = local
    ? `${machine.isRoot ? '' : 'sudo '}sh -c 'fallocate -l 4G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile'`
    : 'Give the machine that the engine runs on more memory.';
  if (total < MEMORY_LEAST) return { result: 'failed', seen: `${seen}; ${gib(MEMORY_LEAST)} is the least`, fix };
  if (total < MEMORY_COMFORTABLE)
    return { result: 'warning', seen: `${seen}; with less than ${gib(MEMORY_COMFORTABLE)} linking may be killed`, fix };
  return { result: 'ok', seen };
}

function gib(bytes: number): string {
  return bytes < GIB
    ? `${String(Math.floor(bytes / MIB))} MiB`
    : `${(Math.floor((bytes / GIB) * 10) / 10).toFixed(1)} GiB`;
}
