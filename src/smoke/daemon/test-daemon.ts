import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InsideProcess, Sandbox } from '../../system/sandbox/sandbox.ts';
import { DockerApi } from './api.ts';
import { StartFailure } from './failure.ts';

export interface DaemonSetup {
  readonly name: string;
  /** Flags beside the places, which are always its own. */
  readonly args: readonly string[];
  readonly umask?: string | undefined;
  /** File on the host that gets everything it prints. */
  readonly logFile: string;
}

/** Where a daemon keeps its things, inside the sandbox. */
export interface DaemonPlaces {
  readonly base: string;
  readonly data: string;
  readonly exec: string;
  readonly pidFile: string;
  readonly socket: string;
  readonly config: string;
}

export function daemonPlaces(name: string): DaemonPlaces {
  const base = `/moby/${name}`;
  return {
    base,
    data: `${base}/data`,
    exec: `${base}/exec`,
    pidFile: `${base}/docker.pid`,
    socket: `${base}/docker.sock`,
    config: `${base}/daemon.json`,
  };
}

/** The flags that keep a daemon in its own places. */
export function placeFlags(places: DaemonPlaces): string[] {
  return [
    `--config-file=${places.config}`,
    `--data-root=${places.data}`,
    `--exec-root=${places.exec}`,
    `--pidfile=${places.pidFile}`,
    `--host=unix://${places.socket}`,
  ];
}

const POLL_MS = 60;
/** More of its output is not kept in memory; the file has it all. */
const KEPT_LINES = 5_000;

/**
 * Which check a failed start belongs to, by the daemon's own words. First match wins.
 * Words: cmd/dockerd, libcontainerd/supervisor/remote_daemon.go, daemon/graphdriver, libnetwork of 19.03 to 29.
 */
const BLAME: readonly (readonly [RegExp, string])[] = [
  [
    /failed to start containerd|waiting for containerd|starting containerd|start containerd|"?containerd"?: (executable file not found|exec format)|containerd: (exec format error|no such file|permission denied)|failed to dial .*containerd|containerd did not exit successfully|containerd exited/i,
    'containerd-started',
  ],
  [/graphdriver|storage.driver|driver not supported|snapshotter/i, 'graph-driver'],
  [/network controller|create default .bridge|iptables|docker0/i, 'mtu-default'],
  [/TLS|certificate/, 'tls-with-certificate'],
  [/runtime/i, 'runtimes'],
];

/** One dockerd of the folder, running inside. */
export class TestDaemon {
  readonly places: DaemonPlaces;
  readonly setup: DaemonSetup;
  readonly lines: string[] = [];
  readonly api: DockerApi;
  readonly process: InsideProcess;
  /** null while it runs. */
  ended: { readonly code: number | null; readonly signal: string | null } | null = null;

  constructor(sandbox: Sandbox, setup: DaemonSetup) {
    this.setup = setup;
    this.places = daemonPlaces(setup.name);
    this.api = new DockerApi({ socketPath: sandbox.path(this.places.socket) });
    const argv = ['dockerd', ...placeFlags(this.places), ...setup.args];
    appendFileSync(setup.logFile, `$ ${argv.join(' ')}\n`);
    this.process = sandbox.start(argv, {
      umask: setup.umask,
      onLine: (line) => {
        appendFileSync(setup.logFile, `${line}\n`);
        if (this.lines.length < KEPT_LINES) this.lines.push(line);
      },
    });
    void this.process.exit.then((end) => {
      this.ended = end;
    });
  }

  /** Waits until it answers `/_ping`. Throws StartFailure when it leaves before or the time is over. */
  async ready(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      if (this.ended !== null) {
        throw new StartFailure(
          `dockerd left ${endWords(this.ended)} instead of serving: ${this.reason()}`,
          this.blame(),
        );
      }
      const answer = await this.api.send({ path: '/_ping', timeoutMs: 2_000 }).catch(() => null);
      if (answer?.status === 200) return;
      if (performance.now() > until) {
        throw new StartFailure(
          `dockerd did not answer on ${this.places.socket} within ${String(timeoutMs / 1000)} s: ${this.reason()}`,
          this.blame(),
        );
      }
      await sleep(POLL_MS);
    }
  }

  /** Waits for its end; null when the time is over first. */
  async waitEnd(timeoutMs: number): Promise<{ readonly code: number | null; readonly signal: string | null } | null> {
    return Promise.race([this.process.exit, sleep(timeoutMs, null, { ref: false })]);
  }

  /** Its last telling line. */
  reason(): string {
    const errors = this.lines.filter((line) => /level=(error|fatal)|^failed|^panic|rror/.test(line));
    return (errors.at(-1) ?? this.lines.at(-1) ?? 'it printed nothing').slice(0, 400);
  }

  private blame(): string | null {
    // The last words count: an early warning of the same kind may be harmless.
    for (const line of this.lines.slice(-40).reverse()) {
      if (!/level=(error|fatal)|^failed|rror/.test(line)) continue;
      const found = BLAME.find(([pattern]) => pattern.test(line));
      if (found !== undefined) return found[1];
    }
    return null;
  }
}

export function endWords(end: { readonly code: number | null; readonly signal: string | null }): string {
  return end.signal === null ? `with exit code ${String(end.code)}` : `by ${end.signal}`;
}
