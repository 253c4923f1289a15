import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { treeId } from '../../../src/system/files/tree-id.ts';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';

const base = mkdtempSync(join(tmpdir(), 'fetch-killed-'));
const loader = fileURLToPath(new URL('../../support/typescript-loader.mjs', import.meta.url));
const program = fileURLToPath(new URL('fetch-alone.ts', import.meta.url));
let commit = '';
let tree = '';
let server: Awaited<ReturnType<typeof startGitServer>>;

beforeAll(async () => {
  const made = materializeLightTree(join(base, 'light'));
  commit = made.commit ?? '';
  tree = await treeId(made.dir);
  server = await startGitServer({
    '/moby': { kind: 'git', repository: makeBare(made.dir, join(base, 'moby.git')), delayMs: 150 },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

function start(dir: string) {
  return spawn(process.execPath, ['--import', loader, program, `${server.url}/moby`, commit, dir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A killed process leaves its temporary directories: in ours they go with it.
    env: { ...process.env, TMPDIR: base },
  });
}

describe('a fetch that is killed (SIGKILL) and started again', () => {
  // From its first request on: before the answer, while it works on it, at the checkout, near its end.
  it.each([0, 250, 600])('%i ms after its first request', async (delay) => {
    const work = mkdtempSync(join(base, 'work-'));
    const dir = join(work, 'source');
    const asked = server.requests.length;
    const first = start(dir);
    while (server.requests.length === asked && first.exitCode === null) await sleep(10);
    await sleep(delay);
    first.kill('SIGKILL');
    if (first.exitCode === null && first.signalCode === null) await once(first, 'close');

    const second = start(dir);
    let said = '';
    second.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = (await once(second, 'close')) as [number | null];
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ commit, dir });
    expect(await treeId(dir)).toBe(tree);
    expect(readdirSync(work)).toEqual(['source']);
  });
});
