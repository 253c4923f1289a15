import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../system/process/run.ts';
import type { InsideOptions, Sandbox } from '../../system/sandbox/sandbox.ts';
import { DockerApi } from '../daemon/api.ts';
import { CheckFailure, StartFailure } from '../daemon/failure.ts';
import { FIRST_CONFIG, launchMain, PLAIN_PORT, START_MS } from '../daemon/main-daemon.ts';
import { networkFlags, type NetworkFlags } from '../daemon/network-flags.ts';
import { importProbeImage } from '../daemon/probe-image.ts';
import { findPrograms, type FoundProgram } from '../daemon/programs.ts';
import { launchSecond, type SecondDaemon } from '../daemon/second-daemon.ts';
import { daemonFacts } from '../../moby/daemon-facts.ts';
import type { DaemonFacts } from '../../moby/series-table.ts';
import { daemonPlaces, endWords, type TestDaemon } from '../daemon/test-daemon.ts';
import { writeInside } from '../daemon/write-inside.ts';

/** What several checks stand on. Each is made when first needed, once. */
export type Resource = 'main' | 'image' | 'second';

export interface ContextFacts {
  /** The folder of binaries, on the host. */
  readonly folder: string;
  /** Architecture that dockerd is meant for, what its ELF header says (null: no ELF file), and whether this machine only emulates it. */
  readonly arch: string;
  readonly elf: string | null;
  readonly foreign: boolean;
  readonly series: string | undefined;
  /** Factor on time limits. */
  readonly patience: number;
  /** Ours on the host: certificates are made there. */
  readonly workDir: string;
  readonly logDir: string;
  /** For containers, of dockerd's architecture, and for this machine; null where we cannot make one. */
  readonly probe: Uint8Array | null;
  readonly hostProbe: Uint8Array | null;
  readonly openSandbox: () => Promise<Sandbox>;
}

/** A command that only prints or refuses. */
const COMMAND_MS = 10_000;

/** The words of a failed start blame these checks when it is the second daemon. */
const SECOND_BLAME: Readonly<Record<string, string>> = {
  'containerd-started': 'containerd-outside',
  'graph-driver': 'graph-driver-vfs',
  'mtu-default': 'mtu-flag',
  runtimes: 'runtimes-script',
};

/** How the words begin for a daemon that is no longer there. */
export const LEFT = 'dockerd left';

/** What the checks act on: sandboxes, daemons and what is known of them. Each is made when a check first asks, and once. */
export class SmokeContext {
  readonly facts: ContextFacts;
  readonly programs: ReadonlyMap<string, FoundProgram>;
  /** Open sandboxes, in order. */
  readonly sandboxes: Sandbox[] = [];
  private readonly made = new Map<string, Promise<unknown>>();
  private readonly daemons: { main: TestDaemon | null; second: TestDaemon | null } = { main: null, second: null };
  private apiVersion = '';

  constructor(facts: ContextFacts) {
    this.facts = facts;
    this.programs = findPrograms(facts.folder);
  }

  /** Makes what a check needs. Rejects with the same error for everybody who asks. */
  async provide(resource: Resource): Promise<void> {
    const makers: Readonly<Record<Resource, () => Promise<unknown>>> = {
      main: () => this.main(),
      image: () => this.image(),
      second: () => this.second(),
    };
    await makers[resource]();
  }

  /** The sandbox of the main daemon. */
  async sandbox(): Promise<Sandbox> {
    return this.once('sandbox', () => this.open());
  }

  /** The sandbox of the second daemon: of its own, because two daemons in one network would share docker0. */
  async secondSandbox(): Promise<Sandbox> {
    return this.once('second-sandbox', () => this.open());
  }

  /** Runs dockerd with these arguments to its end. A time-out is in the result. */
  async dockerd(
    args: readonly string[],
    options: InsideOptions & { readonly timeoutMs?: number } = {},
  ): Promise<RunResult> {
    const result = await (
      await this.sandbox()
    ).run(['dockerd', ...args], { timeoutMs: COMMAND_MS * this.facts.patience, ...options });
    appendFileSync(
      join(this.facts.logDir, 'commands.log'),
      `$ dockerd ${args.join(' ')}\n${result.stdout}${result.stderr}\n`,
    );
    return result;
  }

  /** The main daemon, serving. Throws StartFailure. */
  async main(): Promise<TestDaemon> {
    await this.once('main', async () => {
      const { arch, elf } = this.facts;
      if (elf !== null && elf !== arch) throw new StartFailure(`dockerd is for ${elf}, not for ${arch}`, 'version');
      writeInside(await this.sandbox(), daemonPlaces('main').config, FIRST_CONFIG);
      await this.startMain();
    });
    if (this.daemons.main === null) throw new StartFailure('dockerd was not started', null);
    return this.daemons.main;
  }

  /** Starts the main daemon (again, once it has left). Throws StartFailure. */
  async startMain(): Promise<void> {
    const daemon = launchMain(await this.sandbox(), this.facts.logDir, (await this.network()).flags);
    this.daemons.main = daemon;
    await daemon.ready(START_MS * this.facts.patience);
    this.apiVersion = (await daemon.api.send({ path: '/_ping' })).headers['api-version'] ?? '';
  }

  /** The second daemon, serving. Throws StartFailure. */
  async second(): Promise<SecondDaemon> {
    return this.once('second', async () => {
      const { workDir, logDir } = this.facts;
      const network = await this.network();
      const second = await launchSecond(await this.secondSandbox(), { workDir, logDir, networkFlags: network.flags });
      this.daemons.second = second.daemon;
      try {
        await second.daemon.ready(START_MS * this.facts.patience);
      } catch (cause) {
        if (!(cause instanceof StartFailure)) throw cause;
        throw new StartFailure(cause.message, SECOND_BLAME[cause.blame ?? ''] ?? cause.blame);
      }
      return second;
    });
  }

  /** Our image in the main daemon; its id. */
  async image(): Promise<string> {
    return this.once('image', async () => this.importImage((await this.main()).api));
  }

  /** Our image in any daemon; its id. */
  async importImage(api: DockerApi): Promise<string> {
    if (this.facts.probe === null)
      throw new CheckFailure('a probe for this architecture', `none for ${this.facts.arch}`);
    return importProbeImage(api, this.facts.probe);
  }

  /** Flags for the network, and why without iptables. */
  async network(): Promise<NetworkFlags> {
    return this.once('network', async () =>
      networkFlags(await this.sandbox(), (await this.dockerd(['--help'])).stdout),
    );
  }

  /** What the table of series says of this daemon, once the main daemon serves. */
  series(): DaemonFacts {
    return daemonFacts(this.facts.series, this.apiVersion);
  }

  /** An API client that reaches the main daemon by TCP. */
  async overTcp(): Promise<DockerApi> {
    const sandbox = await this.sandbox();
    return new DockerApi({ open: () => sandbox.connect(PLAIN_PORT) });
  }

  /** null when the daemon answers or was never started, else what is the matter with it. */
  async health(name: 'main' | 'second', timeoutMs: number): Promise<string | null> {
    const daemon = this.daemons[name];
    if (daemon === null) return null;
    const answer =
      daemon.ended === null
        ? await daemon.api.send({ path: '/_ping', timeoutMs }).catch((cause: unknown) => cause as Error)
        : null;
    // Its end may have come while it was asked.
    if (daemon.ended !== null) return `${LEFT} ${endWords(daemon.ended)}: ${daemon.reason()}`;
    return answer instanceof Error ? answer.message : null;
  }

  /** Closes every sandbox, whatever became of the daemons in it. */
  async close(): Promise<void> {
    const ends = await Promise.allSettled(this.sandboxes.map((sandbox) => sandbox.close()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async open(): Promise<Sandbox> {
    const sandbox = await this.facts.openSandbox();
    this.sandboxes.push(sandbox);
    const { hostProbe } = this.facts;
    if (hostProbe !== null) writeInside(sandbox, '/moby/probe', hostProbe, 0o755);
    const loopback = hostProbe === null ? ['ip', 'link', 'set', 'lo', 'up'] : ['/moby/probe', 'u'];
    const up = await sandbox.run(loopback, { timeoutMs: COMMAND_MS });
    if (up.exitCode === 0) return sandbox;
    throw new CheckFailure(
      'lo up in the sandbox',
      `${loopback.join(' ')}: ${up.stderr.trim()} exit code ${String(up.exitCode)}`,
    );
  }

  private async once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.made.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const promise = make();
    this.made.set(key, promise);
    // Whoever asks gets the error; that nobody asks again must not end the process.
    promise.catch(() => undefined);
    return promise;
  }
}
