import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { EXIT, MobyBuildError } from '../../errors.ts';
import {
  cgroupDirectory,
  cgroupHierarchies,
  createCgroups,
  delegateControllers,
  groupFiles,
  leafFiles,
  removeCgroups,
  type CgroupSet,
} from '../process/cgroups.ts';
import { endTree } from '../process/end-tree.ts';
import { LineSplitter } from '../process/lines.ts';
import { descendants, signalProcess } from '../process/process-tree.ts';
import { run, type RunResult } from '../process/run.ts';
import { sandboxReady, sandboxRefused } from './sandbox-ready.ts';
import { BRIDGE, INSIDE, JOIN } from './sandbox-scripts.ts';
import { watchChild } from '../process/supervisor.ts';

export interface SandboxOptions {
  /** Is made, in a directory of ours alone: the new root is mounted in it (nothing of that is seen from outside). It must not exist. */
  readonly directory: string;
  /** Name of the control groups and of the machine inside. */
  readonly name: string;
  /** Files and directories of the host that are shown read-only inside. */
  readonly show: readonly { readonly from: string; readonly to: string }[];
}

export interface InsideOptions {
  /** The whole environment; PATH alone by default. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** User and group id; root by default. */
  readonly uid?: number | undefined;
  /** Octal digits. */
  readonly umask?: string | undefined;
}

/** A process that stays. */
export interface InsideProcess {
  /** Its number as the host sees it, or null once it has left. Known a moment after the start. */
  readonly pid: () => Promise<number | null>;
  /** Settles when it has left and its output has ended. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly signal: (signal: NodeJS.Signals) => Promise<void>;
}

/** Time that the kernel may take to end what is inside. */
const END_MS = 3_000;
const INSIDE_PATH = '/moby/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * A place apart: own mount, pid, network, UTS, IPC and cgroup namespaces (namespaces(7)), a root of its own, and a control group of its own in
 * every hierarchy. Everything in it ends when this process ends, even by SIGKILL; only the control groups (empty) and
 * `directory` then remain.
 */
export class Sandbox {
  /** The pid of its first process, as the host sees it. */
  readonly initPid: number;
  /** Controllers that groups inside can use. */
  readonly controllers: readonly string[];
  private readonly cgroups: CgroupSet;
  private readonly end: () => Promise<void>;
  /** By the pid of the wrapper outside. */
  private readonly running = new Map<number, Promise<unknown>>();

  private constructor(initPid: number, cgroups: CgroupSet, controllers: readonly string[], end: () => Promise<void>) {
    this.initPid = initPid;
    this.cgroups = cgroups;
    this.controllers = controllers;
    this.end = end;
  }

  /**
   * Throws MobyBuildError `no-sandbox` (3) where the kernel, a container around us or a missing program refuses; what had been made is removed.
   */
  static async open(options: SandboxOptions): Promise<Sandbox> {
    const cgroups: CgroupSet = { name: options.name, hierarchies: cgroupHierarchies() };
    if (cgroups.hierarchies.length === 0) throw sandboxRefused('No control groups are mounted on this machine.');
    try {
      createCgroups(cgroups);
    } catch (cause) {
      removeCgroups(cgroups);
      throw sandboxRefused(`A control group of our own cannot be made: ${(cause as Error).message}`, cause);
    }
    mkdirSync(options.directory, { mode: 0o700 });
    const groups = cgroups.hierarchies.flatMap((hierarchy) => {
      const place = relative('/sys/fs/cgroup', hierarchy.mountPoint);
      return place.startsWith('..') ? [] : [cgroupDirectory(hierarchy, cgroups.name), place === '' ? '.' : place];
    });
    const child = execa(
      'sh',
      ['-c', JOIN, 'sh', '022', ...groupFiles(cgroups), '--']
        .concat([
          'unshare',
          '--mount',
          '--pid',
          '--net',
          '--uts',
          '--ipc',
          '--cgroup',
          '--fork',
          '--kill-child=KILL',
          '--propagation',
          'private',
        ])
        .concat(['sh', '-c', INSIDE, 'sh', options.directory, options.name, ...groups, '--'])
        .concat(options.show.flatMap(({ from, to }) => [from, to])),
      { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', buffer: false, reject: false },
    );
    child.stdin.on('error', () => undefined);
    const unwatch = child.pid === undefined ? () => undefined : watchChild(child.pid);
    const end = async (): Promise<void> => {
      child.stdin.destroy();
      await Promise.race([child, sleep(END_MS, null, { ref: false })]);
      if (child.pid !== undefined) await endTree(child.pid, 0);
      await child;
      unwatch();
      const left = removeCgroups(cgroups);
      if (left.length > 0)
        throw new MobyBuildError({
          code: 'cgroup-left',
          exitCode: EXIT.failed,
          message: 'A control group could not be removed.',
          where: left.join(', '),
        });
    };
    try {
      await sandboxReady(child);
      const [init] = await descendants([child.pid ?? 0]);
      if (init === undefined || child.pid === undefined)
        throw sandboxRefused('The namespaces are gone as soon as they were made.');
      const controllers = delegateControllers(cgroups, [child.pid, init.pid]);
      return new Sandbox(init.pid, cgroups, controllers, end);
    } catch (cause) {
      await end();
      throw cause;
    }
  }

  /** Where a path inside is found from outside (proc(5), /proc/PID/root). */
  path(inside: string): string {
    return join(`/proc/${String(this.initPid)}/root`, inside);
  }

  /** Runs a program inside to its end. Throws only what `run` throws for a time-out without `allowFailure`. */
  async run(argv: readonly string[], options: InsideOptions & { readonly timeoutMs: number }): Promise<RunResult> {
    return run(
      { file: 'sh', args: this.enter(argv, options), env: environment(options) },
      { cleanEnv: true, allowFailure: true, timeoutMs: options.timeoutMs },
    );
  }

  /** Starts a program inside that stays. `onLine` gets both of its streams. */
  start(argv: readonly string[], options: InsideOptions & { readonly onLine: (line: string) => void }): InsideProcess {
    const child = execa('sh', this.enter(argv, options), {
      env: environment(options),
      extendEnv: false,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      reject: false,
    });
    const wrapper = child.pid;
    const unwatch = wrapper === undefined ? () => undefined : watchChild(wrapper);
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new LineSplitter(options.onLine);
      stream.on('data', (chunk: Uint8Array) => {
        lines.push(chunk);
      });
      stream.on('end', () => {
        lines.end();
      });
    }
    // A process that it leaves behind may hold the pipes: they are not waited for after it has left.
    child.once('exit', () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 300).unref();
    });
    const exit = child.then((outcome) => {
      unwatch();
      if (wrapper !== undefined) this.running.delete(wrapper);
      return { code: outcome.exitCode ?? null, signal: outcome.signal ?? null };
    });
    if (wrapper !== undefined) this.running.set(wrapper, exit);
    const pid = async (): Promise<number | null> => {
      // sh becomes nsenter, nsenter forks the program: it is the first child.
      for (let tries = 0; tries < 100 && child.exitCode === null && child.signalCode === null; tries += 1) {
        const [first] = await descendants([wrapper ?? 0]);
        if (first !== undefined) return first.pid;
        await sleep(20);
      }
      return null;
    };
    return {
      pid,
      exit,
      signal: async (signal) => {
        const target = await pid();
        if (target !== null) process.kill(target, signal);
      },
    };
  }

  /** A connection to a TCP port inside. */
  connect(port: number, host = '127.0.0.1'): Duplex {
    const child = execa(
      'nsenter',
      ['--target', String(this.initPid), '--net', process.execPath, '-e', BRIDGE, host, String(port)],
      {
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'pipe',
        buffer: false,
        reject: false,
      },
    );
    const unwatch = child.pid === undefined ? () => undefined : watchChild(child.pid);
    child.stdin.on('error', () => undefined);
    let refusal = '';
    child.stderr.on('data', (chunk: Uint8Array) => {
      refusal += Buffer.from(chunk).toString('utf8');
    });
    const duplex = new Duplex({
      read: () => {
        child.stdout.resume();
      },
      write: (chunk: Uint8Array, _encoding, done) => {
        child.stdin.write(chunk, done);
      },
      final: (done) => {
        child.stdin.end(done);
      },
      destroy: (cause, done) => {
        child.kill('SIGKILL');
        done(cause);
      },
    });
    child.stdout.on('data', (chunk: Uint8Array) => {
      if (!duplex.push(chunk)) child.stdout.pause();
    });
    // Its end is told only when it is known whether it was one: a refused connection ends, too.
    void child.then((outcome) => {
      unwatch();
      if (outcome.exitCode === 0) duplex.push(null);
      else duplex.destroy(new Error(`connection to port ${String(port)}: ${refusal.trim() || 'failed'}`));
    });
    return duplex;
  }

  /** The same at once, for a process that is leaving: nothing is waited for but the kernel. */
  abandon(): void {
    signalProcess(this.initPid, 'SIGKILL');
    removeCgroups(this.cgroups);
  }

  /** Ends everything inside and removes the control groups. */
  async close(): Promise<void> {
    // Its first process takes all the others with it, and everybody's parent lives to reap it.
    signalProcess(this.initPid, 'SIGKILL');
    await this.end();
    await Promise.race([Promise.all(this.running.values()), sleep(END_MS, null, { ref: false })]);
    await Promise.all([...this.running.keys()].map((pid) => endTree(pid, 0)));
  }

  private enter(argv: readonly string[], options: InsideOptions): string[] {
    const identity =
      options.uid === undefined ? [] : ['--setuid', String(options.uid), '--setgid', String(options.uid)];
    return ['-c', JOIN, 'sh', options.umask ?? '022', ...leafFiles(this.cgroups), '--']
      .concat([
        'nsenter',
        '--target',
        String(this.initPid),
        '--mount',
        '--pid',
        '--net',
        '--uts',
        '--ipc',
        '--cgroup',
        ...identity,
        '--',
      ])
      .concat(argv);
  }
}

function environment(options: InsideOptions): Record<string, string> {
  return { PATH: INSIDE_PATH, HOME: '/tmp', ...options.env };
}
