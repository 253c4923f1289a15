import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from '../system/run.ts';
import type { InsideOptions, InsideProcess, Sandbox } from '../system/sandbox.ts';
import { ApiError, DockerApi } from './api.ts';
import { makeCertificates, type Certificates } from './certificates.ts';
import { CheckFailure, StartFailure, type Resource } from './check.ts';
import { findPrograms, type FoundProgram } from './programs.ts';
import { seriesFacts, type SeriesFacts } from './series-table.ts';
import { tarArchive } from './tar-archive.ts';
import { daemonPlaces, endWords, TestDaemon } from './test-daemon.ts';

export interface ContextFacts {
  /** The folder of binaries, on the host. */
  readonly folder: string;
  /** Architecture of dockerd, and whether this machine only emulates it. */
  readonly arch: string;
  readonly foreign: boolean;
  readonly series: string | undefined;
  /** Ours on the host: certificates are made there. */
  readonly workDir: string;
  readonly logDir: string;
  /** For containers, of dockerd's architecture, and for this machine; null where we cannot make one. */
  readonly probe: Uint8Array | null;
  readonly hostProbe: Uint8Array | null;
  readonly openSandbox: () => Promise<Sandbox>;
}

/** A daemon has containerd to start, which itself gives up after 15 s, and its own things to make. */
const START_MS = 40_000;
/** A command that only prints or refuses. */
const COMMAND_MS = 10_000;
const OUTSIDE_CONTAINERD_MS = 20_000;

export const PLAIN_PORT = 2375;
export const TLS_PORT = 2376;
export const IMAGE = 'moby-build-smoke:probe';
export const REGISTRY_MIRROR = 'https://mirror.example/';
export const INSECURE_NETWORK = '198.51.100.0/24';
/** The socket of the containerd that the second daemon is given. */
export const OUTSIDE_SOCKET = '/moby/outside/containerd.sock';
export const OUTSIDE_MTU = 1400;

/** What the checks act on: sandboxes, daemons and what is known of them. Each is made when a check first asks, and once. */
export class SmokeContext {
  readonly facts: ContextFacts;
  readonly programs: ReadonlyMap<string, FoundProgram>;
  private readonly made = new Map<string, Promise<unknown>>();
  private current: TestDaemon | null = null;
  private other: TestDaemon | null = null;
  private api = '';
  /** Open sandboxes, in order. */
  readonly sandboxes: Sandbox[] = [];
  /** Why published ports and rules are tested without iptables, or null. */
  withoutIptables: string | null = null;

  constructor(facts: ContextFacts) {
    this.facts = facts;
    this.programs = findPrograms(facts.folder);
  }

  /** Makes what a check needs. Rejects with the same error for everybody who asks. */
  async provide(resource: Resource): Promise<void> {
    switch (resource) {
      case 'help':
        await this.help();
        return;
      case 'main':
        await this.main();
        return;
      case 'image':
        await this.image();
        return;
      case 'second':
        await this.second();
        return;
    }
  }

  /** The sandbox of the main daemon. */
  async sandbox(): Promise<Sandbox> {
    return this.once('sandbox', () => this.open());
  }

  /** The sandbox of the second daemon: of its own, because two daemons in one network would share docker0. */
  async secondSandbox(): Promise<Sandbox> {
    return this.once('second-sandbox', () => this.open());
  }

  /** Runs dockerd with these arguments to its end, in a sandbox where it can do no harm. */
  async dockerd(args: readonly string[], options: InsideOptions & { readonly timeoutMs?: number } = {}): Promise<RunResult> {
    const result = await (await this.sandbox()).run(['dockerd', ...args], { timeoutMs: COMMAND_MS, ...options });
    appendFileSync(join(this.facts.logDir, 'commands.log'), `$ dockerd ${args.join(' ')}\n${result.stdout}${result.stderr}\n`);
    return result;
  }

  /** Text of `dockerd --help`: which flags this build knows. */
  async help(): Promise<string> {
    return this.once('help', async () => (await this.dockerd(['--help'])).stdout);
  }

  /** The daemon that most checks talk to, running. Throws StartFailure. */
  async main(): Promise<TestDaemon> {
    await this.once('main', () => this.startMain());
    return this.current as TestDaemon;
  }

  /** Starts the main daemon (again). */
  async startMain(): Promise<void> {
    const sandbox = await this.sandbox();
    const places = daemonPlaces('main');
    if (!this.made.has('main-config')) {
      this.made.set('main-config', Promise.resolve());
      this.writeInside(sandbox, places.config, JSON.stringify({ labels: ['smoke=first'] }));
    }
    const daemon = new TestDaemon(sandbox, {
      name: 'main',
      // What it makes itself must not depend on the umask it is given.
      umask: '077',
      logFile: join(this.facts.logDir, 'main.log'),
      args: [
        `--host=tcp://127.0.0.1:${String(PLAIN_PORT)}`,
        '--log-level=debug',
        `--registry-mirror=${REGISTRY_MIRROR}`,
        `--insecure-registry=${INSECURE_NETWORK}`,
        ...(await this.networkFlags(sandbox)),
      ],
    });
    this.current = daemon;
    await daemon.ready(START_MS);
    const ping = await daemon.api.send({ path: '/_ping' });
    this.api = ping.headers['api-version'] ?? '';
  }

  /** The row of the series table for this daemon. Needs the main daemon. */
  series(): SeriesFacts {
    return seriesFacts(this.facts.series, this.api);
  }

  /** An API client that reaches the main daemon by TCP. */
  async overTcp(): Promise<DockerApi> {
    const sandbox = await this.sandbox();
    return new DockerApi({ open: () => sandbox.connect(PLAIN_PORT) });
  }

  /** Our image in the main daemon; its id. */
  async image(): Promise<string> {
    return this.once('image', async () => this.importImage((await this.main()).api));
  }

  /** Imports the probe as an image of one file, without any registry. Returns its id. */
  async importImage(api: DockerApi): Promise<string> {
    if (this.facts.probe === null) throw new CheckFailure('a probe for this architecture', `none for ${this.facts.arch}`);
    const archive = tarArchive([
      { name: 'probe', mode: 0o755, content: this.facts.probe },
      { name: 'data/', mode: 0o755, content: new Uint8Array() },
    ]);
    const change = encodeURIComponent('ENTRYPOINT ["/probe"]');
    const [repo = '', tag = ''] = IMAGE.split(':');
    const answer = await api.send({ method: 'POST', path: `/images/create?fromSrc=-&repo=${repo}&tag=${tag}&changes=${change}`, body: archive, timeoutMs: 30_000 });
    const text = answer.bytes.toString('utf8');
    if (answer.status !== 200 || text.includes('"error"')) throw new ApiError(`import: ${String(answer.status)} ${text.trim().slice(0, 300)}`, answer.status);
    return (await api.json<{ Id: string }>({ path: `/images/${IMAGE}/json` })).Id;
  }

  /** The daemon with everything else than the defaults: TLS, MTU, vfs, an outside containerd, a runtime with arguments. */
  async second(): Promise<{ readonly daemon: TestDaemon; readonly containerd: InsideProcess; readonly certificates: Certificates | null }> {
    return this.once('second', async () => {
      const sandbox = await this.secondSandbox();
      const certificates = await makeCertificates(this.facts.workDir);
      const containerd = await this.startOutsideContainerd(sandbox);
      const places = daemonPlaces('second');
      this.writeInside(
        sandbox,
        places.config,
        JSON.stringify({ runtimes: { 'with-arguments': { path: 'runc', runtimeArgs: ['--debug'] } } }),
      );
      const tls: string[] = [];
      if (certificates !== null) {
        tls.push(`--host=tcp://127.0.0.1:${String(TLS_PORT)}`, '--tlsverify');
        for (const [flag, file] of [
          ['tlscacert', certificates.ca],
          ['tlscert', certificates.cert],
          ['tlskey', certificates.key],
        ] as const) {
          this.writeInside(sandbox, `/moby/tls/${file}`, readFileSync(join(this.facts.workDir, file)), 0o600);
          tls.push(`--${flag}=/moby/tls/${file}`);
        }
      }
      const daemon = new TestDaemon(sandbox, {
        name: 'second',
        logFile: join(this.facts.logDir, 'second.log'),
        args: [
          `--containerd=${OUTSIDE_SOCKET}`,
          `--mtu=${String(OUTSIDE_MTU)}`,
          '--storage-driver=vfs',
          '--log-level=error',
          ...tls,
          ...(await this.networkFlags(sandbox)),
        ],
      });
      this.other = daemon;
      try {
        await daemon.ready(START_MS);
      } catch (cause) {
        // The same words blame other checks here than in the main daemon.
        if (!(cause instanceof StartFailure)) throw cause;
        const other = { 'containerd-started': 'containerd-outside', 'graph-driver': 'graph-driver-vfs', 'mtu-default': 'mtu-flag' }[cause.blame ?? ''];
        throw new StartFailure(cause.message, other ?? cause.blame);
      }
      return { daemon, containerd, certificates };
    });
  }

  /** null when the daemon answers, else what is the matter with it. */
  async health(name: 'main' | 'second', timeoutMs: number): Promise<string | null> {
    const daemon = name === 'main' ? this.current : this.other;
    if (daemon === null) return null;
    if (daemon.ended !== null) return `dockerd left ${endWords(daemon.ended)}`;
    const answer = await daemon.api.send({ path: '/_ping', timeoutMs }).catch((cause: unknown) => cause as Error);
    return answer instanceof Error ? answer.message : null;
  }

  /** Writes a file of the sandbox. */
  writeInside(sandbox: Sandbox, inside: string, content: string | Uint8Array, mode = 0o644): void {
    const path = sandbox.path(inside);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content, { mode });
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
    if (hostProbe !== null) this.writeInside(sandbox, '/moby/probe', hostProbe, 0o755);
    const loopback = hostProbe === null ? ['ip', 'link', 'set', 'lo', 'up'] : ['/moby/probe', 'u'];
    const up = await sandbox.run(loopback, { timeoutMs: COMMAND_MS });
    if (up.exitCode !== 0) throw new CheckFailure('a loopback interface in the sandbox', `${loopback.join(' ')}: ${up.stderr.trim() || `exit code ${String(up.exitCode)}`}`);
    return sandbox;
  }

  /** iptables where it works in the sandbox, else none: dockerd refuses to start without it (libnetwork/drivers/bridge). */
  private async networkFlags(sandbox: Sandbox): Promise<string[]> {
    const works = await this.once('iptables', async () => {
      const tried = await sandbox.run(['sh', '-c', 'command -v iptables >/dev/null || exit 127; exec iptables -t nat -L -n'], { timeoutMs: COMMAND_MS });
      if (tried.exitCode === 0) return true;
      this.withoutIptables = tried.exitCode === 127 ? 'this machine has no iptables' : `iptables does not work here: ${tried.stderr.trim().split('\n')[0] ?? ''}`;
      return false;
    });
    if (works) return [];
    return ['--iptables=false', ...((await this.help()).includes('--ip6tables') ? ['--ip6tables=false'] : [])];
  }

  private async startOutsideContainerd(sandbox: Sandbox): Promise<InsideProcess> {
    const base = '/moby/outside';
    this.writeInside(
      sandbox,
      `${base}/containerd.toml`,
      `version = 2\nroot = "${base}/root"\nstate = "${base}/state"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "${OUTSIDE_SOCKET}"\n`,
    );
    const log = join(this.facts.logDir, 'containerd.log');
    let last = 'it printed nothing';
    let ended = false;
    const containerd = sandbox.start(['containerd', '--config', `${base}/containerd.toml`], {
      onLine: (line) => {
        last = line;
        appendFileSync(log, `${line}\n`);
      },
    });
    void containerd.exit.then(() => {
      ended = true;
    });
    const until = performance.now() + OUTSIDE_CONTAINERD_MS;
    while (statSync(sandbox.path(OUTSIDE_SOCKET), { throwIfNoEntry: false }) === undefined) {
      if (ended) throw new StartFailure(`containerd left instead of serving: ${last.slice(0, 300)}`, 'containerd-outside');
      if (performance.now() > until) throw new StartFailure(`containerd made no socket within ${String(OUTSIDE_CONTAINERD_MS / 1000)} s: ${last.slice(0, 300)}`, 'containerd-outside');
      await sleep(50);
    }
    return containerd;
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
