import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, seeProcess } from '../../system/process/process-tree.ts';
import { expectThat, type Check } from './check.ts';
import { inspectContainer, removeContainer, startContainer } from '../daemon/container.ts';
import { IMAGE } from '../daemon/probe-image.ts';
import { endWords } from '../daemon/test-daemon.ts';
import { writeInside } from '../daemon/write-inside.ts';
import { processesNamed } from './processes.ts';

const RELOAD_MS = 5_000;
/** Stopping takes a container's grace (here 1 s), then containerd's end. */
const STOP_MS = 25_000;
const KILL_MS = 5_000;
const NAME = 'moby-build-smoke-kept';
const SLEEPER = { image: IMAGE, cmd: ['s'], config: { StopTimeout: 1 }, host: { NetworkMode: 'none' } } as const;

/** Signals (cmd/dockerd/daemon.go: setupConfigReloadTrap, signal.Trap, shutdownDaemon). */
export const SIGNAL_CHECKS: readonly Check[] = [
  {
    id: 'reload',
    title: 'SIGHUP reloads the configuration file',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const daemon = await context.main();
      writeInside(await context.sandbox(), daemon.places.config, JSON.stringify({ labels: ['smoke=reloaded'] }));
      await daemon.process.signal('SIGHUP');
      const until = performance.now() + RELOAD_MS;
      let labels: string[] = [];
      while (!labels.includes('smoke=reloaded') && performance.now() < until) {
        await sleep(50);
        labels = (await daemon.api.json<{ Labels: string[] | null }>({ path: '/info' })).Labels ?? [];
      }
      expectThat(
        labels.includes('smoke=reloaded'),
        'label smoke=reloaded in /info after SIGHUP',
        labels.join(', ') || 'no label',
      );
      return labels.join(', ');
    },
  },
  {
    id: 'kill-restart',
    title: 'killed and started again, it finds its container',
    needs: ['main', 'image'],
    programs: ['runc', 'containerd'],
    container: true,
    timeoutSeconds: 90,
    run: async (context) => {
      const before = await context.main();
      const id = await startContainer(before.api, { ...SLEEPER, name: NAME });
      await before.process.signal('SIGKILL');
      const end = await before.waitEnd(KILL_MS);
      expectThat(end?.signal === 'SIGKILL', 'dockerd killed', end === null ? 'still running' : endWords(end));
      await context.startMain();
      const { api } = await context.main();
      const found = await api.json<{ Id: string; Names: string[]; State: string }[]>({
        path: '/containers/json?all=1',
      });
      const kept = found.find((container) => container.Id === id);
      expectThat(
        kept?.Names.includes(`/${NAME}`) === true,
        `the container ${NAME}`,
        found.map((container) => container.Names.join('+')).join(', ') || 'no container',
      );
      await api.json({ method: 'POST', path: `/containers/${id}/start` });
      const { State } = await inspectContainer(api, id);
      expectThat(State.Running, 'it to start again', State.Status);
      await removeContainer(api, id);
      return `found as “${kept.State}”, started again`;
    },
  },
];

/** The end of the main daemon, so the last that asks for it. */
export const STOP_CHECK: Check = {
  id: 'stop',
  title: 'SIGTERM stops containers, removes pid file and socket, exits 0',
  needs: ['main'],
  timeoutSeconds: 60,
  run: async (context) => {
    const daemon = await context.main();
    const sandbox = await context.sandbox();
    const pid = (await daemon.process.pid()) ?? 0;
    const containers = !context.facts.foreign && context.facts.probe !== null && context.programs.has('runc');
    let inside = null;
    if (containers) {
      await context.importImage(daemon.api);
      const id = await startContainer(daemon.api, SLEEPER);
      const { State } = await inspectContainer(daemon.api, id);
      inside = sandbox.path(`/proc/${String(State.Pid)}`);
      expectThat(existsSync(inside), 'a running container', 'no process');
    }
    const own = (await processesNamed(pid, 'containerd')).map((process_) => seeProcess(process_.pid));
    await daemon.process.signal('SIGTERM');
    const end = await daemon.waitEnd(STOP_MS);
    expectThat(end !== null, `an end within ${String(STOP_MS / 1000)} s`, 'still running');
    expectThat(end.code === 0, 'exit code 0', endWords(end));
    if (inside !== null) expectThat(!existsSync(inside), 'the container stopped', 'its process still runs');
    for (const file of [daemon.places.pidFile, daemon.places.socket])
      expectThat(!existsSync(sandbox.path(file)), `${file} removed`, 'still there');
    const left = own.filter((seen) => seen !== null && isAlive(seen));
    expectThat(left.length === 0, 'containerd ended with it', 'still running');
    return `${containers ? 'container stopped, ' : ''}files removed, exit code 0`;
  },
};
