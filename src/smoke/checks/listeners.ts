import { statSync } from 'node:fs';
import { DockerApi } from '../daemon/api.ts';
import { expectThat, type Check, type Verdict } from './check.ts';
import type { SmokeContext } from './context.ts';
import { CheckFailure } from '../daemon/failure.ts';
import { TLS_PORT } from '../daemon/second-daemon.ts';

const NO_OPENSSL = {
  result: 'skipped',
  seen: 'no openssl here to make certificates with',
  fix: 'sudo apt-get install openssl',
} as const;

async function ping(api: DockerApi): Promise<string> {
  const answer = await api.send({ path: '/_ping' });
  const text = answer.bytes.toString('utf8');
  expectThat(
    answer.status === 200 && text === 'OK' && answer.headers['api-version'] !== undefined,
    'OK with its API version',
    `${String(answer.status)} “${text.slice(0, 80)}”`,
  );
  return `OK, API ${answer.headers['api-version'] ?? ''}`;
}

async function overTls(context: SmokeContext, withCertificate: boolean): Promise<Verdict> {
  const { certificates } = await context.second();
  if (certificates === null) return NO_OPENSSL;
  const sandbox = await context.secondSandbox();
  const identity = withCertificate ? certificates.client : { ca: certificates.client.ca };
  const api = new DockerApi({ open: () => sandbox.connect(TLS_PORT) }, identity);
  if (withCertificate) return ping(api);
  const answer = await api.send({ path: '/_ping', timeoutMs: 5_000 }).catch((cause: unknown) => cause as Error);
  if (!(answer instanceof Error))
    throw new CheckFailure(
      'a client without a certificate turned away',
      `it was served: ${String(answer.status)} “${answer.bytes.toString('utf8').slice(0, 80)}”`,
    );
  expectThat(
    /certificate|alert|handshake|ECONNRESET|socket hang up|disconnected/i.test(answer.message) &&
      !/no answer after/.test(answer.message),
    'a handshake turned away',
    answer.message,
  );
  // OpenSSL's words stand among its source files: `error:0A00045C:SSL routines:…:tlsv13 alert certificate required:…`.
  return `turned away: ${/alert [a-z ]+/.exec(answer.message)?.[0] ?? answer.message.slice(0, 60)}`;
}

/** API listeners (cmd/dockerd/daemon.go, loadListeners; api/server). */
export const LISTENER_CHECKS: readonly Check[] = [
  {
    id: 'api-unix',
    title: 'it starts, and answers on its unix socket',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const daemon = await context.main();
      const socket = statSync((await context.sandbox()).path(daemon.places.socket));
      expectThat(
        socket.isSocket() && (socket.mode & 0o007) === 0,
        'a socket closed to others',
        `mode ${(socket.mode & 0o777).toString(8)}`,
      );
      return ping(daemon.api);
    },
  },
  {
    id: 'api-tcp',
    title: 'it answers on 127.0.0.1',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => ping(await context.overTcp()),
  },
  {
    id: 'api-version',
    title: '/version agrees with --version',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const version = await api.json<{
        Version: string;
        GitCommit: string;
        ApiVersion: string;
        Os: string;
        Arch: string;
      }>({ path: '/version' });
      const line = (await context.dockerd(['--version'])).stdout.trim();
      expectThat(
        line === `Docker version ${version.Version}, build ${version.GitCommit}`,
        `“${line}”`,
        `“${version.Version}”, build “${version.GitCommit}”`,
      );
      expectThat(
        version.Os === 'linux' && version.Arch === context.facts.arch,
        `linux/${context.facts.arch}`,
        `${version.Os}/${version.Arch}`,
      );
      return `${version.Version}, build ${version.GitCommit}, API ${version.ApiVersion}, ${version.Os}/${version.Arch}`;
    },
  },
  {
    id: 'api-unknown-route',
    title: 'an unknown route is 404, with words',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const answer = await (await context.main()).api.send({ path: '/no-such-route' });
      const text = answer.bytes.toString('utf8').trim();
      expectThat(
        answer.status === 404 && /"message"\s*:\s*"page not found"/.test(text),
        '404 “page not found”',
        `${String(answer.status)} “${text.slice(0, 80)}”`,
      );
      return '404 page not found';
    },
  },
  {
    id: 'tls-with-certificate',
    title: 'with --tlsverify a client with a certificate comes in',
    needs: ['second'],
    timeoutSeconds: 80,
    run: async (context) => overTls(context, true),
  },
  {
    id: 'tls-without-certificate',
    title: 'with --tlsverify a client without one does not',
    needs: ['second'],
    timeoutSeconds: 80,
    run: async (context) => overTls(context, false),
  },
];
