import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cleanLeftovers, leftovers } from '../../../src/smoke/leftovers.ts';
import { smoke } from '../../../src/smoke/smoke.ts';
import { debianDockerd, skipWithoutDebianDockerd } from '../../support/debian-dockerd.mjs';
import { hostSnapshot, type HostSnapshot } from '../../support/host-snapshot.mjs';

const KILLED_MS = 150_000;
const loader = fileURLToPath(new URL('../../support/typescript-loader.mjs', import.meta.url));
const script = fileURLToPath(new URL('run-smoke.mjs', import.meta.url));

/** Starts smoke in a process of its own and ends it by a signal as soon as this check begins. */
async function killAt(check: string, signal: NodeJS.Signals): Promise<void> {
  const child = spawn(process.execPath, ['--import', loader, script, debianDockerd()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let reached = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { kind: string; id?: string };
    if (event.kind !== 'started' || event.id !== check) continue;
    reached = true;
    // Somewhere in the middle of it.
    await sleep(300);
    child.kill(signal);
    break;
  }
  await ended;
  expect(reached).toBe(true);
}

/** Everything but what `leftovers` names must be as before, as soon as the kernel has ended the namespaces. */
function withoutLeftovers(snapshot: HostSnapshot): HostSnapshot {
  return {
    ...snapshot,
    cgroups: snapshot.cgroups.filter((path) => !path.includes('/moby-build-smoke-')),
    temporary: [],
  };
}

async function eventually(check: () => void): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      check();
      return;
    } catch (cause) {
      if (tries === 40) throw cause;
      await sleep(100);
    }
  }
}

describe.skipIf(skipWithoutDebianDockerd())('smoke ended half-way', () => {
  test.each(['container', 'kill-restart'])('SIGKILL during %s', { timeout: KILLED_MS, retry: 2 }, async (check) => {
    cleanLeftovers(leftovers());
    const before = hostSnapshot();
    await killAt(check, 'SIGKILL');
    // Namespaces, daemons, containers, mounts: gone without any cleaning.
    await eventually(() => {
      expect(withoutLeftovers(hostSnapshot())).toEqual(withoutLeftovers(before));
    });
    // Found, and removed.
    const found = leftovers();
    expect(found.map(({ kind }) => kind).sort()).toContain('cgroup');
    expect(found.map(({ kind }) => kind).sort()).toContain('directory');
    expect(cleanLeftovers(found)).toEqual([]);
    expect(hostSnapshot()).toEqual(before);
    expect(leftovers()).toEqual([]);
  });

  test('the next run removes what a killed one left', { timeout: KILLED_MS, retry: 2 }, async () => {
    await killAt('umask', 'SIGKILL');
    expect(leftovers().length).toBeGreaterThan(0);
    await smoke({ dir: debianDockerd(), only: ['version'] });
    expect(leftovers()).toEqual([]);
  });

  test('what a living run uses is not taken for a leftover', { timeout: KILLED_MS }, async () => {
    const seen: unknown[] = [];
    await smoke({
      dir: debianDockerd(),
      only: ['version'],
      onEvent: () => seen.push(...leftovers().filter(({ name }) => name.includes(`-${String(process.pid)}-`))),
    });
    expect(seen).toEqual([]);
  });
});
