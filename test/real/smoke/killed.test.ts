import { describe, expect, test } from 'vitest';
import { leftovers, type Leftover } from '../../../src/smoke/leftovers.ts';
import { smoke } from '../../../src/smoke/smoke.ts';
import { debianDockerd, skipWithoutDebianDockerd } from '../../support/debian-dockerd.mjs';
import type { HostSnapshot } from '../../support/host-snapshot.mjs';
import { runAlone } from './alone.ts';

const KILLED_MS = 240_000;

/** What run-killed.mjs writes. */
interface Killed {
  readonly before: HostSnapshot;
  /** The signal, or the exit code of a run that came to its end before it was killed. */
  readonly end: string | number;
  /** The host without what `leftovers` names: after the kernel ended the namespaces, and how it must be. */
  readonly afterwards: HostSnapshot;
  readonly expected: HostSnapshot;
  readonly found: readonly Leftover[];
  readonly notRemoved: readonly string[];
  readonly cleaned: { readonly snapshot: HostSnapshot; readonly leftovers: readonly Leftover[] };
  readonly next: {
    readonly end: string | number;
    readonly before: readonly Leftover[];
    readonly after: readonly Leftover[];
  };
}

describe.skipIf(skipWithoutDebianDockerd())('smoke ended half-way', () => {
  test.each(['container', 'kill-restart'])(
    'SIGKILL during %s leaves what is found and removed, and nothing else',
    { timeout: KILLED_MS },
    async (check) => {
      const killed = await runAlone<Killed>('run-killed.mjs', [debianDockerd(), check]);
      expect(killed.end).toBe('SIGKILL');
      // Namespaces, daemons, containers, mounts: gone without any cleaning.
      expect(killed.afterwards).toEqual(killed.expected);
      // Found, and removed.
      expect(new Set(killed.found.map(({ kind }) => kind))).toEqual(new Set(['cgroup', 'directory']));
      expect(killed.notRemoved).toEqual([]);
      expect(killed.cleaned).toEqual({ snapshot: killed.before, leftovers: [] });
      // Or by the next run.
      expect(killed.next.end).toBe('SIGKILL');
      expect(killed.next.before.map(({ kind }) => kind)).toContain('directory');
      expect(killed.next.after).toEqual([]);
    },
  );

  test('what a living run uses is not taken for a leftover', { timeout: KILLED_MS }, async () => {
    const seen: unknown[] = [];
    let looks = 0;
    await smoke({
      dir: debianDockerd(),
      only: ['version'],
      onEvent: () => {
        looks += 1;
        seen.push(...leftovers().filter(({ name }) => name.includes(`-${String(process.pid)}-`)));
      },
    });
    expect(looks).toBeGreaterThan(0);
    expect(seen).toEqual([]);
  });
});
