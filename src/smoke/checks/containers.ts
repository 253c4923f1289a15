import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expectThat, type Check } from './check.ts';
import {
  containerOutput,
  inspectContainer,
  outputWith,
  removeContainer,
  runContainer,
  startContainer,
} from '../daemon/container.ts';
import { IMAGE } from '../daemon/probe-image.ts';

const MEMORY = 64 * 1024 * 1024;
/** The probe's exit codes are characters: `*` is 42. */
const EXIT_CHARACTER = '*';

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** A container from our image: a static program of our own. */
export const CONTAINER_CHECKS: readonly Check[] = [
  {
    id: 'container',
    title: 'a container runs: output and exit code',
    needs: ['main', 'image'],
    programs: ['runc', 'containerd'],
    container: true,
    timeoutSeconds: 60,
    run: async (context) => {
      // A text that nobody can know beforehand.
      const token = `smoke-${Math.random().toString(36).slice(2)}`;
      const { stdout, stderr, exitCode } = await runContainer((await context.main()).api, {
        image: IMAGE,
        cmd: [`p${token}`, 'eoops', `x${EXIT_CHARACTER}`],
      });
      expectThat(
        stdout === token && stderr === 'oops',
        `“${token}” on stdout and “oops” on stderr`,
        `“${stdout.slice(0, 60)}” and “${stderr.slice(0, 60)}”`,
      );
      expectThat(
        exitCode === EXIT_CHARACTER.charCodeAt(0),
        `exit code ${String(EXIT_CHARACTER.charCodeAt(0))}`,
        String(exitCode),
      );
      return `output as sent, exit code ${String(exitCode)}`;
    },
  },
  {
    id: 'container-memory',
    title: 'a memory limit is in the container’s cgroup',
    needs: ['main', 'image'],
    programs: ['runc', 'containerd'],
    container: true,
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const sandbox = await context.sandbox();
      if (!sandbox.controllers.includes('memory'))
        return { result: 'skipped', seen: 'the memory controller is not ours to use on this machine' };
      const v1 = existsSync(sandbox.path('/sys/fs/cgroup/memory/memory.limit_in_bytes'));
      const file = v1 ? 'memory.limit_in_bytes' : 'memory.max';
      const id = await startContainer(api, {
        image: IMAGE,
        cmd: [`c/sys/fs/cgroup/${v1 ? 'memory/' : ''}${file}`, 's'],
        host: { Memory: MEMORY, NetworkMode: 'none' },
      });
      try {
        const inside = (await outputWith(api, id, '\n', 5_000)).trim();
        expectThat(
          inside === String(MEMORY),
          `${String(MEMORY)} read in the container`,
          `“${inside.slice(0, 40)}” ${(await containerOutput(api, id)).stderr}`,
        );
        const outside = sandbox.path(`/sys/fs/cgroup/${v1 ? 'memory/' : ''}docker/${id}/${file}`);
        const seen = existsSync(outside) ? readFileSync(outside, 'utf8').trim() : 'no such group';
        expectThat(seen === String(MEMORY), `${String(MEMORY)} in the group docker/${id.slice(0, 12)}`, seen);
        return `${file} ${seen}, inside and outside`;
      } finally {
        await removeContainer(api, id);
      }
    },
  },
  {
    id: 'container-init',
    title: '--init puts docker-init in front',
    needs: ['main', 'image'],
    programs: ['runc', 'containerd', 'docker-init'],
    container: true,
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const sandbox = await context.sandbox();
      const id = await startContainer(api, {
        image: IMAGE,
        cmd: ['c/proc/1/cmdline', 'p\n', 's'],
        host: { Init: true, NetworkMode: 'none' },
      });
      try {
        const line = (await outputWith(api, id, '\n', 5_000)).trim();
        const first = line.split('\0')[0] ?? '';
        const { State } = await inspectContainer(api, id);
        expectThat(
          State.Running,
          'a running container',
          `${State.Status}, exit code ${String(State.ExitCode)} ${State.Error} ${(await containerOutput(api, id)).stderr.trim()}`.trim(),
        );
        expectThat(
          /docker-init|tini/.test(first),
          'process 1 called docker-init',
          `“${line.replaceAll('\0', ' ').slice(0, 80)}”`,
        );
        const running = sha256(sandbox.path(`/proc/${String(State.Pid)}/exe`));
        const program = context.programs.get('docker-init');
        expectThat(
          program !== undefined && running === sha256(program.path),
          'process 1 running docker-init’s own bytes',
          `another program, sha256 ${running.slice(0, 12)}`,
        );
        // docker-init hands SIGTERM on to the probe, which dies of it, and so leaves with 128 + 15.
        await api.json({ method: 'POST', path: `/containers/${id}/kill?signal=SIGTERM` });
        const { StatusCode } = await api.json<{ StatusCode: number }>({
          method: 'POST',
          path: `/containers/${id}/wait`,
          timeoutMs: 10_000,
        });
        expectThat(StatusCode === 143, 'exit code 143 after SIGTERM', String(StatusCode));
        return `${first} is process 1, hands on SIGTERM`;
      } finally {
        await removeContainer(api, id);
      }
    },
  },
];
