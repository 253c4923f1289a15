import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { hasNamespaces, inNamespace, SILENT_SERVER } from '../system/namespace.ts';
import { until } from '../system/processes.ts';
import { Stage } from './stage.ts';

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;
/** --probe-timeout of all these runs, and the time in which they must be gone: a fraction of it, on a busy machine too. */
const TIMEOUT_S = '120';
const GONE_MS = 15_000;

/** A signal at several moments of waiting for somebody who never answers. */
describe('a signal ends a run that waits', () => {
  const stage = new Stage();
  const held = new Set<Socket>();
  let server: Server;
  let host = '';
  let line: string[] = [];

  beforeAll(async () => {
    server = createServer((socket) => {
      held.add(socket.resume());
      socket.on('error', () => undefined);
      socket.on('close', () => held.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    line = ['--source', stage.tree, '--profile', 'cn', '--arch', 'arm64', '--probe-timeout', TIMEOUT_S];
  });
  afterAll(() => {
    for (const socket of held) socket.destroy();
    server.close();
    stage.remove();
  });

  /** A catalogue whose mirrors all have this host. */
  function catalogue(name: string, at: string): string {
    const entry = { region: 'cn', operator: 'loopback', status: 'alive', seen: null, sources: ['here'] };
    const mirrors = [
      { id: 'silent-apt', kinds: ['apt'], template: `http://${at}`, archive: `http://${at}`, ...entry },
      { id: 'silent-git', kinds: ['git'], template: `http://${at}/{path}`, ...entry },
      { id: 'silent-go', kinds: ['gomod'], template: `http://${at}`, ...entry },
      { id: 'silent-images', kinds: ['image'], template: `${at}/{image}`, ...entry },
    ];
    const file = join(stage.dir, name);
    writeFileSync(file, JSON.stringify({ mirrors }));
    return file;
  }

  const waits: readonly (readonly [string, () => string[]])[] = [
    ['a probe', () => ['mirrors', 'probe', ...line, '--catalogue', catalogue('hangs.json', host)]],
    [
      'the digests of images',
      () => {
        const places = ['--work-dir', join(stage.dir, 'work'), '--out', join(stage.dir, 'out')];
        return ['build', ...line, '--no-probe', ...places, '--mirror', `image=${host}/{image}`];
      },
    ],
    [
      'a clone',
      () => ['patch', '--ref', 'v20.10.12', '--profile', 'cn', '--no-probe', '--mirror', `git=http://${host}/{url}`],
    ],
  ];
  for (const [what, words] of waits) {
    it.each(SIGNALS)(`for ${what}: %s`, async (signal, exitCode) => {
      const { child, ended } = stage.start(words());
      await until(() => held.size > 0);
      const sent = performance.now();
      child.kill(signal);
      const { status, stderr } = await ended;
      expect(performance.now() - sent).toBeLessThan(GONE_MS);
      expect({ status, said: stderr.includes(`Interrupted by ${signal}`) }).toEqual({ status: exitCode, said: true });
      await until(() => held.size === 0);
    });
  }

  describe.skipIf(!hasNamespaces)('in a network', () => {
    /** What the kernel says of its sockets (proc(5)): a question to port 53 is out; a connection is being made. */
    const asked = (net: string): boolean => /^ *\d+: \S+ [0-9A-F]+:0035 /mu.test(readFileSync(`${net}/udp`, 'utf8'));
    const connecting = (net: string): boolean => /^ *\d+: \S+ \S+ 02 /mu.test(readFileSync(`${net}/tcp`, 'utf8'));
    it.each([
      ['whose name server never answers', 'mirror.example', 'a name', 'SIGINT', 130],
      ['whose name server never answers', 'mirror.example', 'a name', 'SIGTERM', 143],
      ['that drops every packet', '10.91.0.80', 'a connection', 'SIGINT', 130],
      ['that drops every packet', '10.91.0.80', 'a connection', 'SIGTERM', 143],
    ] as const)('%s (%s): %s, %s', async (_, at, waitsFor, signal, exitCode) => {
      const words = ['mirrors', 'probe', ...line, '--catalogue', catalogue('far.json', at)];
      const space = inNamespace(stage.dir, {
        resolv: `nameserver ${SILENT_SERVER}\noptions timeout:30 attempts:5\n`,
      });
      const [program = '', ...rest] = space;
      const child = spawn(program, [...rest, process.execPath, join(packageRoot(), 'bin/moby-build.cjs'), ...words], {
        cwd: stage.cwd,
        env: stage.environment(),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let seen = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (seen += text));
      await until(() => (waitsFor === 'a name' ? asked : connecting)(`/proc/${String(child.pid)}/net`));
      const sent = performance.now();
      child.kill(signal);
      const [status] = (await once(child, 'close')) as [number | null];
      expect(performance.now() - sent).toBeLessThan(GONE_MS);
      expect({ status, said: seen.includes(`Interrupted by ${signal}`) }).toEqual({ status: exitCode, said: true });
    });
  });
});
