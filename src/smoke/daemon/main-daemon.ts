import { join } from 'node:path';
import type { Sandbox } from '../../system/sandbox/sandbox.ts';
import { TestDaemon } from './test-daemon.ts';

/** A daemon has containerd to start, which gives up after 15 s itself, and its own things to make. */
export const START_MS = 40_000;
export const PLAIN_PORT = 2375;
export const REGISTRY_MIRROR = 'https://mirror.example/';
export const INSECURE_NETWORK = '198.51.100.0/24';

/** What the configuration file says at first, and what `reload` makes it say. */
export const FIRST_CONFIG = JSON.stringify({ labels: ['smoke=first'] });

/** The daemon that most checks talk to: as it comes, with listeners, registry settings and much to say. Not waited for. */
export function launchMain(sandbox: Sandbox, logDir: string, networkFlags: readonly string[]): TestDaemon {
  return new TestDaemon(sandbox, {
    name: 'main',
    // What it makes itself must not depend on the umask it is given.
    umask: '077',
    logFile: join(logDir, 'main.log'),
    args: [
      `--host=tcp://127.0.0.1:${String(PLAIN_PORT)}`,
      '--log-level=debug',
      `--registry-mirror=${REGISTRY_MIRROR}`,
      `--insecure-registry=${INSECURE_NETWORK}`,
      ...networkFlags,
    ],
  });
}
