import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../system/sandbox/sandbox.ts';
import { expectThat, type Check } from './check.ts';
import { inspectContainer, outputWith, removeContainer, startContainer } from '../daemon/container.ts';
import { CheckFailure } from '../daemon/failure.ts';
import { IMAGE } from '../daemon/probe-image.ts';
import { LISTENING, PROBE_PORT } from '../probe/probe-binary.ts';
import { processesNamed } from './processes.ts';

const PUBLISHED = 18_080;
const NETWORK = 'moby-build-smoke';
/** A stopped proxy must not answer; that it does not takes this long to see. */
const SILENCE_MS = 400;
const ANSWER_MS = 5_000;

/** What comes back on a connection within the time, or what went wrong. */
async function ask(connection: Duplex, timeoutMs: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const end = (word: string): void => {
      clearTimeout(late);
      resolve(word);
    };
    const late = setTimeout(() => {
      end(text);
    }, timeoutMs);
    connection.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) end(text);
    });
    connection.on('error', (cause: Error) => {
      end(text === '' ? cause.message : text);
    });
    connection.on('end', () => {
      end(text);
    });
    connection.write('hello\n');
  });
}

/** Whether a process holds the listening socket of this TCP port: the inode of /proc/PID/net/tcp among its descriptors (proc(5)). */
function holdsPort(pid: number, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = ['tcp', 'tcp6'].flatMap((file) =>
    readFileSync(`/proc/${String(pid)}/net/${file}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hex}`) === true && fields[3] === '0A')
      .map((fields) => `socket:[${fields[9] ?? ''}]`),
  );
  return readdirSync(`/proc/${String(pid)}/fd`).some((fd) => {
    try {
      return inodes.includes(readlinkSync(`/proc/${String(pid)}/fd/${fd}`));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw cause;
    }
  });
}

function bridgeExists(sandbox: Sandbox, networkId: string): boolean {
  return existsSync(sandbox.path(`/sys/class/net/br-${networkId.slice(0, 12)}`));
}

/** Networks and published ports (libnetwork, portmapper, cmd/docker-proxy). */
export const NETWORK_CHECKS: readonly Check[] = [
  {
    id: 'network',
    title: 'a network is made, a container answers on it, it is removed',
    needs: ['main', 'image'],
    programs: ['runc', 'containerd'],
    container: true,
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const sandbox = await context.sandbox();
      const { Id } = await api.json<{ Id: string }>({
        method: 'POST',
        path: '/networks/create',
        body: { Name: NETWORK, Driver: 'bridge' },
      });
      expectThat(bridgeExists(sandbox, Id), `a bridge br-${Id.slice(0, 12)}`, 'none');
      const id = await startContainer(api, { image: IMAGE, cmd: ['lhere I am\n'], host: { NetworkMode: NETWORK } });
      try {
        const said = await outputWith(api, id, LISTENING, ANSWER_MS);
        expectThat(said.includes(LISTENING), 'a listening container', `“${said}”`);
        const address = (await inspectContainer(api, id)).NetworkSettings.Networks[NETWORK]?.IPAddress ?? '';
        const answer = await ask(sandbox.connect(PROBE_PORT, address), ANSWER_MS);
        expectThat(answer === 'here I am\n', `an answer from ${address}`, `“${answer.trim()}”`);
        await removeContainer(api, id);
        await api.json({ method: 'DELETE', path: `/networks/${Id}` });
        expectThat(!bridgeExists(sandbox, Id), 'the bridge gone', 'still there');
        return `answered at ${address}`;
      } finally {
        await api.send({ method: 'DELETE', path: `/containers/${id}?force=1` });
      }
    },
  },
  {
    id: 'published-port',
    title: 'a published port is reached through docker-proxy',
    needs: ['main', 'image'],
    programs: ['runc', 'containerd', 'docker-proxy'],
    container: true,
    timeoutSeconds: 60,
    run: async (context) => {
      const daemon = await context.main();
      const sandbox = await context.sandbox();
      const port = `${String(PROBE_PORT)}/tcp`;
      const id = await startContainer(daemon.api, {
        image: IMAGE,
        cmd: ['lthrough the proxy\n'],
        config: { ExposedPorts: { [port]: {} } },
        host: { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: String(PUBLISHED) }] } },
      });
      try {
        await outputWith(daemon.api, id, LISTENING, ANSWER_MS);
        const [proxy] = await processesNamed((await daemon.process.pid()) ?? 0, 'docker-proxy');
        expectThat(proxy !== undefined, 'a docker-proxy below dockerd', 'none');
        expectThat(holdsPort(proxy.pid, PUBLISHED), `docker-proxy listening on ${String(PUBLISHED)}`, 'it is not');
        // The same connection, first while the proxy stands still: whoever answers then is not the proxy.
        process.kill(proxy.pid, 'SIGSTOP');
        const silent = await ask(sandbox.connect(PUBLISHED), SILENCE_MS);
        process.kill(proxy.pid, 'SIGCONT');
        if (silent !== '') throw new CheckFailure('no answer while docker-proxy is stopped', `“${silent.trim()}”`);
        const answer = await ask(sandbox.connect(PUBLISHED), ANSWER_MS);
        expectThat(
          answer === 'through the proxy\n',
          `an answer on 127.0.0.1:${String(PUBLISHED)}`,
          `“${answer.trim()}”`,
        );
        await removeContainer(daemon.api, id);
        await sleep(50);
        const left = await processesNamed((await daemon.process.pid()) ?? 0, 'docker-proxy');
        expectThat(left.length === 0, 'docker-proxy gone with the container', `${String(left.length)} left`);
        const { withoutIptables } = await context.network();
        const rules = withoutIptables === null ? '' : ` (${withoutIptables})`;
        return `127.0.0.1:${String(PUBLISHED)} answered, silent while docker-proxy is stopped${rules}`;
      } finally {
        await daemon.api.send({ method: 'DELETE', path: `/containers/${id}?force=1` });
      }
    },
  },
];
