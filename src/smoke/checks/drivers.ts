import { expectThat, type Check } from './check.ts';
import type { SmokeContext } from './context.ts';
import { CheckFailure } from '../daemon/failure.ts';
import { daemonPlaces, placeFlags } from '../daemon/test-daemon.ts';
import { writeInside } from '../daemon/write-inside.ts';

/** Containerd comes up before the driver is looked for. */
const REFUSAL_MS = 30_000;

const OVERLAY_TRIAL =
  'mkdir -p /moby/trial/a /moby/trial/b /moby/trial/u /moby/trial/w /moby/trial/m && exec mount -t overlay -o lowerdir=/moby/trial/a:/moby/trial/b,upperdir=/moby/trial/u,workdir=/moby/trial/w overlay /moby/trial/m';

/** The driver that the priority list must choose on the sandbox's file system (a tmpfs), or null where that is not ours to say. */
async function expectedDriver(context: SmokeContext): Promise<string | null> {
  const sandbox = await context.sandbox();
  const trial = await sandbox.run(['unshare', '--mount', 'sh', '-c', OVERLAY_TRIAL], { timeoutMs: 5_000 });
  if (trial.exitCode !== 0) return null;
  const { snapshotter, drivers } = context.series();
  // btrfs and zfs need their own file system below them, so the first of the rest is next.
  return snapshotter ?? drivers.find((name) => name !== 'btrfs' && name !== 'zfs') ?? null;
}

/** Graph drivers (daemon/graphdriver/driver.go, New and GetDriver). */
export const DRIVER_CHECKS: readonly Check[] = [
  {
    id: 'graph-driver',
    title: 'graph driver chosen by the priority list',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { Driver } = await (await context.main()).api.json<{ Driver: string }>({ path: '/info' });
      const list = context.series().drivers.join(', ');
      const expected = await expectedDriver(context);
      if (expected === null) {
        expectThat(context.series().drivers.includes(Driver), `one of ${list}`, `“${Driver}”`);
        return { result: 'warning', seen: `${Driver}; this kernel mounts no overlay, so the choice is not checked` };
      }
      expectThat(Driver === expected, `${expected}, the first of ${list} that works on a tmpfs`, `“${Driver}”`);
      return Driver;
    },
  },
  {
    id: 'graph-driver-vfs',
    title: 'vfs on request',
    needs: ['second'],
    timeoutSeconds: 80,
    run: async (context) => {
      const { Driver } = await (await context.second()).daemon.api.json<{ Driver: string }>({ path: '/info' });
      expectThat(Driver === 'vfs', 'vfs', `“${Driver}”`);
      return Driver;
    },
  },
  {
    id: 'graph-driver-unknown',
    title: 'an unknown graph driver is refused',
    needs: [],
    programs: ['containerd'],
    timeoutSeconds: 45,
    run: async (context) => {
      const places = daemonPlaces('unknown-driver');
      writeInside(await context.sandbox(), places.config, '{}');
      const result = await context.dockerd([...placeFlags(places), '--storage-driver=no-such-driver'], {
        timeoutMs: REFUSAL_MS,
      });
      const text = `${result.stdout}\n${result.stderr}`;
      if (
        result.timedOut ||
        result.exitCode === 0 ||
        !/driver not supported|no-such-driver/.test(text.split('\n').slice(-4).join('\n'))
      ) {
        throw new CheckFailure(
          'a refusal that says the driver is not supported',
          result.timedOut
            ? 'still running at the time limit'
            : `exit code ${String(result.exitCode)}, “${text.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}”`,
        );
      }
      return `exit ${String(result.exitCode)}: ${text.trim().split('\n').at(-1)?.slice(-110) ?? ''}`;
    },
  },
];
