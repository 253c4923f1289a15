import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InsideProcess, Sandbox } from '../../system/sandbox/sandbox.ts';
import { makeCertificates, type Certificates } from './certificates.ts';
import { StartFailure } from './failure.ts';
import { daemonPlaces, TestDaemon } from './test-daemon.ts';
import { writeInside } from './write-inside.ts';

export const TLS_PORT = 2376;
export const OUTSIDE_MTU = 1400;
/** The socket of the containerd that this daemon is given. */
export const OUTSIDE_SOCKET = '/moby/outside/containerd.sock';
/** A runtime that is runc with an argument. */
export const SCRIPT_RUNTIME = 'with-arguments';

const CONTAINERD_MS = 20_000;
const OUTSIDE = '/moby/outside';

/** Everything in its own place; without CRI, which would look for CNI plugins (containerd's docs/man/containerd-config.toml.5). */
const CONTAINERD_CONFIG = `version = 2
root = "${OUTSIDE}/root"
state = "${OUTSIDE}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${OUTSIDE_SOCKET}"
`;

export interface SecondDaemon {
  readonly daemon: TestDaemon;
  readonly containerd: InsideProcess;
  /** null where there is no openssl: the daemon then has no TLS listener. */
  readonly certificates: Certificates | null;
}

export interface SecondOptions {
  /** On the host: certificates are made in the first. */
  readonly workDir: string;
  readonly logDir: string;
  readonly networkFlags: readonly string[];
}

/** The daemon with everything else than the defaults: TLS, MTU, vfs, a containerd outside, a runtime with arguments. Not waited for. */
export async function launchSecond(sandbox: Sandbox, options: SecondOptions): Promise<SecondDaemon> {
  const certificates = await makeCertificates(options.workDir);
  const containerd = await startContainerd(sandbox, join(options.logDir, 'containerd.log'));
  const runtimes = { [SCRIPT_RUNTIME]: { path: 'runc', runtimeArgs: ['--debug'] } };
  writeInside(sandbox, daemonPlaces('second').config, JSON.stringify({ runtimes }));
  const daemon = new TestDaemon(sandbox, {
    name: 'second',
    logFile: join(options.logDir, 'second.log'),
    args: [
      `--containerd=${OUTSIDE_SOCKET}`,
      `--mtu=${String(OUTSIDE_MTU)}`,
      '--storage-driver=vfs',
      '--log-level=error',
      ...(certificates === null ? [] : tlsFlags(sandbox, options.workDir, certificates)),
      ...options.networkFlags,
    ],
  });
  return { daemon, containerd, certificates };
}

function tlsFlags(sandbox: Sandbox, workDir: string, { ca, cert, key }: Certificates): string[] {
  const files = { tlscacert: ca, tlscert: cert, tlskey: key };
  return [
    `--host=tcp://127.0.0.1:${String(TLS_PORT)}`,
    '--tlsverify',
    ...Object.entries(files).map(([flag, file]) => {
      writeInside(sandbox, `/moby/tls/${file}`, readFileSync(join(workDir, file)), 0o600);
      return `--${flag}=/moby/tls/${file}`;
    }),
  ];
}

/** Throws StartFailure when it leaves, or has no socket in time. */
async function startContainerd(sandbox: Sandbox, log: string): Promise<InsideProcess> {
  writeInside(sandbox, `${OUTSIDE}/containerd.toml`, CONTAINERD_CONFIG);
  const state = { last: 'it printed nothing', ended: false };
  const containerd = sandbox.start(['containerd', '--config', `${OUTSIDE}/containerd.toml`], {
    onLine: (line) => {
      state.last = line.slice(0, 300);
      appendFileSync(log, `${line}\n`);
    },
  });
  void containerd.exit.then(() => {
    state.ended = true;
  });
  const until = performance.now() + CONTAINERD_MS;
  while (!existsSync(sandbox.path(OUTSIDE_SOCKET))) {
    const trouble = state.ended
      ? 'left instead of serving'
      : performance.now() > until
        ? `made no socket within ${String(CONTAINERD_MS / 1000)} s`
        : null;
    if (trouble !== null) throw new StartFailure(`containerd ${trouble}: ${state.last}`, 'containerd-outside');
    await sleep(50);
  }
  return containerd;
}
