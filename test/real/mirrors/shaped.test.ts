import { execFileSync, spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import type { Fault } from './faulty-mirror.ts';

type InNamespace = ChildProcessByStdio<Writable, Readable, null>;
interface Line {
  readonly id: string;
  /** As tc(8) writes it. */
  readonly rate: string;
  readonly fault?: Fault;
}

/** Some 11 kB come from each. Steps of four and more, so that what a busy machine adds to a transfer changes no place. */
const SHAPE = ['burst', '4kb', 'latency', '400ms'];
const typescript = ['--import', join(packageRoot(), 'test/support/typescript-loader.mjs')];
const script = (name: string): string => join(packageRoot(), 'test/real/mirrors', name);

/** Namespaces and tbf take root, iproute2 and a kernel that has them. */
const possible =
  spawnSync('unshare', [
    ...[
      '--net',
      'sh',
      '-c',
      'ip link add veth0 type veth peer name veth1 && tc qdisc add dev veth0 root tbf rate 1mbit burst 4kb latency 1ms',
    ],
  ]).status === 0;

const running: InNamespace[] = [];
/** Each leaves when its stdin ends, and its namespace and devices with it. */
afterEach(async () => {
  const gone = running.map((child) => once(child, 'exit'));
  for (const child of running.splice(0)) child.stdin.end();
  await Promise.all(gone);
});

function inNamespace(program: readonly string[]): InNamespace {
  const child = spawn('unshare', ['--net', '--', ...program], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  return child;
}

const within = (child: InNamespace, words: readonly string[]): string[] => ['-t', String(child.pid), '--net', ...words];

/** A server behind a device of its own whose rate the kernel's token bucket limits. */
async function serve(client: InNamespace, line: Line, index: number): Promise<string> {
  const server = inNamespace([process.execPath, ...typescript, script('shaped-server.ts')]);
  // unshare has made its namespace before it becomes node.
  while (!execFileSync('readlink', [`/proc/${String(server.pid)}/exe`], { encoding: 'utf8' }).includes('node'))
    await new Promise((resolve) => setTimeout(resolve, 10));
  const net = (of: InNamespace, words: string): void => {
    execFileSync('nsenter', within(of, words.split(' ')));
  };
  const [near, far] = [`10.9.${String(index)}.1`, `10.9.${String(index)}.2`];
  net(client, `ip link add v${String(index)} type veth peer name e netns ${String(server.pid)}`);
  net(client, `ip addr add ${near}/24 dev v${String(index)}`);
  net(client, `ip link set v${String(index)} up`);
  net(server, `ip addr add ${far}/24 dev e`);
  net(server, 'ip link set e up');
  net(server, ['tc qdisc add dev e root tbf rate', line.rate, ...SHAPE].join(' '));
  server.stdin.write(`${far} ${line.fault ?? 'none'}\n`);
  const [url] = (await once(server.stdout, 'data')) as [Buffer];
  return `${line.id}=${String(url).trim()}`;
}

async function ranked(lines: readonly Line[]): Promise<unknown> {
  const client = inNamespace(['cat']);
  const mirrors = await Promise.all(lines.map((line, index) => serve(client, line, index)));
  const words = within(client, [process.execPath, ...typescript, script('shaped-client.ts'), ...mirrors]);
  return JSON.parse(execFileSync('nsenter', words, { encoding: 'utf8' }));
}

describe.skipIf(!possible)('ranking under lines that the kernel shapes', () => {
  it('the widest line first, whatever the order of the catalogue', async () => {
    const order = await ranked([
      { id: 'thin', rate: '100kbit' },
      { id: 'wide', rate: '50mbit' },
      { id: 'middle', rate: '400kbit' },
    ]);
    expect(order).toEqual(['wide ok', 'middle ok', 'thin ok']);
  });

  it('a 404 by the widest line does not win; the official host does where its line is the best', async () => {
    const order = await ranked([
      { id: 'empty', rate: '100mbit', fault: '404' },
      { id: 'thin', rate: '100kbit' },
      { id: 'official', rate: '50mbit' },
    ]);
    expect(order).toEqual(['official ok', 'thin ok', 'empty wrong-status']);
  });
});
