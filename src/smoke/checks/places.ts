import { readFileSync, statSync } from 'node:fs';
import { expectThat, type Check } from './check.ts';
import type { SmokeContext } from './context.ts';
import { daemonPlaces, placeFlags } from '../daemon/test-daemon.ts';
import { writeInside } from '../daemon/write-inside.ts';

/** `drwx------` and such: ls says it like this. */
function modeText(mode: number): string {
  return Array.from('rwxrwxrwx', (letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
}

async function statInside(context: SmokeContext, inside: string) {
  const found = statSync((await context.sandbox()).path(inside), { throwIfNoEntry: false });
  expectThat(found !== undefined, `${inside} there`, 'nothing');
  return found;
}

/** What `NSpid` of /proc/PID/status says last: the number that the process has in the innermost pid namespace (proc(5)). */
function innerPid(pid: number): number {
  const line = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? '';
  return Number(line.split(/\s+/).at(-1));
}

/** umask, data root, exec root, pid file (cmd/dockerd/daemon.go, `start`). */
export const PLACE_CHECKS: readonly Check[] = [
  {
    id: 'umask',
    title: 'what it makes does not depend on the umask it is given',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const pid = await (await context.main()).process.pid();
      const umask = /^Umask:\s*(\d+)$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
      expectThat(
        umask === undefined || umask === '0022',
        'umask 0022 though started with 0077',
        `umask ${String(umask)}`,
      );
      const { mode } = await statInside(context, daemonPlaces('main').pidFile);
      expectThat(
        (mode & 0o777) === 0o644,
        'the pid file -rw-r--r-- though started with umask 0077',
        `-${modeText(mode)}`,
      );
      return `started with 0077, has 0022; pid file -${modeText(mode)}`;
    },
  },
  {
    id: 'data-root',
    title: 'data root made, closed to others',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { data } = daemonPlaces('main');
      const found = await statInside(context, data);
      // 0711 up to 20.10.8, 0710 from 20.10.9 (daemon/daemon_unix.go, setupDaemonRoot).
      expectThat(
        found.isDirectory() && (found.mode & 0o066) === 0 && found.uid === 0,
        'a directory of root that others can neither list nor write',
        `${modeText(found.mode)}, uid ${String(found.uid)}`,
      );
      return `d${modeText(found.mode)}`;
    },
  },
  {
    id: 'exec-root',
    title: 'exec root made, for root only',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const found = await statInside(context, daemonPlaces('main').exec);
      expectThat(found.isDirectory() && (found.mode & 0o077) === 0, 'drwx------', `d${modeText(found.mode)}`);
      return `d${modeText(found.mode)}`;
    },
  },
  {
    id: 'pid-file',
    title: 'pid file holds its process number',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { pidFile } = daemonPlaces('main');
      await statInside(context, pidFile);
      const text = readFileSync((await context.sandbox()).path(pidFile), 'utf8').trim();
      const pid = await (await context.main()).process.pid();
      const inner = pid === null ? NaN : innerPid(pid);
      expectThat(text === String(inner), `process number ${String(inner)}`, `“${text.slice(0, 40)}”`);
      return text;
    },
  },
  {
    id: 'pid-file-taken',
    title: 'a second daemon on a live pid file is refused',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const sandbox = await context.sandbox();
      const places = { ...daemonPlaces('taken'), pidFile: daemonPlaces('main').pidFile };
      writeInside(sandbox, places.config, '{}');
      const before = readFileSync(sandbox.path(places.pidFile), 'utf8');
      const result = await context.dockerd(placeFlags(places));
      const text = `${result.stdout}\n${result.stderr}`;
      expectThat(
        !result.timedOut && result.exitCode !== 0 && /ensure docker is not running or delete/.test(text),
        'a refusal that says “ensure docker is not running or delete …”',
        result.timedOut
          ? 'still running at the time limit'
          : `exit code ${String(result.exitCode)}, “${text.trim().split('\n').at(-1) ?? ''}”`,
      );
      expectThat(
        readFileSync(sandbox.path(places.pidFile), 'utf8') === before,
        'the pid file untouched',
        'it was changed',
      );
      return `exit ${String(result.exitCode)}: ensure docker is not running or delete the pid file`;
    },
  },
];
