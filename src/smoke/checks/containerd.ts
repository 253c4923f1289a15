import { expectThat, type Check } from './check.ts';
import { OUTSIDE_SOCKET } from '../daemon/second-daemon.ts';
import { processesNamed, runsFile } from './processes.ts';

/** libcontainerd/supervisor (daemon/internal/containerd/server/supervisor in 29): one containerd for each daemon, unless it is given one. */
export const CONTAINERD_CHECKS: readonly Check[] = [
  {
    id: 'containerd-started',
    title: 'containerd started by it',
    needs: ['main'],
    programs: ['containerd'],
    timeoutSeconds: 60,
    run: async (context) => {
      const daemon = await context.main();
      const found = await processesNamed((await daemon.process.pid()) ?? 0, 'containerd');
      const [own] = found;
      expectThat(own !== undefined, 'a containerd below dockerd', 'none');
      const config = own.argv[own.argv.indexOf('--config') + 1] ?? '';
      expectThat(
        config.startsWith(daemon.places.exec),
        `its configuration below ${daemon.places.exec}`,
        own.argv.join(' '),
      );
      const program = context.programs.get('containerd');
      const version = await daemon.api.json<{ Components?: { Name: string; Version: string }[] }>({ path: '/version' });
      const component = version.Components?.find(({ Name }) => Name === 'containerd')?.Version;
      expectThat(component !== undefined && component !== '', 'its version in /version', 'none: it does not answer');
      const origin =
        program !== undefined && runsFile(own.pid, program.path)
          ? program.from === 'folder'
            ? 'from the folder'
            : `from ${program.path}`
          : '';
      return `containerd ${component} ${origin}`.trim();
    },
  },
  {
    id: 'containerd-outside',
    title: 'a containerd that runs already is used, and not started twice',
    needs: ['second'],
    programs: ['containerd'],
    timeoutSeconds: 80,
    run: async (context) => {
      const { daemon, containerd } = await context.second();
      const own = await processesNamed((await daemon.process.pid()) ?? 0, 'containerd');
      expectThat(own.length === 0, 'no containerd below dockerd', `${String(own.length)} of them`);
      const version = await daemon.api.json<{ Components?: { Name: string; Version: string }[] }>({ path: '/version' });
      const component = version.Components?.find(({ Name }) => Name === 'containerd');
      expectThat(component !== undefined, 'the version of the outside one in /version', 'none');
      expectThat((await containerd.pid()) !== null, 'the outside one running', 'it has left');
      return `containerd ${component.Version} at ${OUTSIDE_SOCKET}`;
    },
  },
];
