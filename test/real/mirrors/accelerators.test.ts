import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAsker } from '../../../src/mirrors/requests/asker.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf } from '../../../src/system/http/http-trust.ts';
import { probeRepository } from '../../../src/transport/probe-repository.ts';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';

/** As accelerators name what they pass on. */
const PATH = '/https://github.com/moby/moby.git';

const dir = mkdtempSync(join(tmpdir(), 'moby-build-accelerators-'));
const closing: (() => Promise<void>)[] = [];
let git: Awaited<ReturnType<typeof startGitServer>>;
let commit = '';

beforeAll(async () => {
  commit = materializeLightTree(join(dir, 'tree')).commit ?? '';
  git = await startGitServer({
    '/https://github.com/moby/moby': { kind: 'git', repository: makeBare(join(dir, 'tree'), join(dir, 'repo.git')) },
  });
  closing.push(git.close);
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  rmSync(dir, { recursive: true, force: true });
});

/** Passes a request on as it came. */
function passOn(from: IncomingMessage, to: ServerResponse, path = from.url ?? '/'): void {
  const { method, headers } = from;
  const onward = request(`${git.url}${path}`, { method, headers }, (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(to);
  });
  onward.on('error', () => to.destroy());
  from.pipe(onward);
}

const KINDS: Readonly<Record<string, (from: IncomingMessage, to: ServerResponse) => void>> = {
  honest: (from, to) => {
    passOn(from, to);
  },
  // Made for downloads: what git sends to fetch with is refused.
  'no POST': (from, to) => {
    if (from.method === 'GET') passOn(from, to);
    else to.writeHead(405).end('method not allowed');
  },
  // nginx behind it makes one slash of two (merge_slashes), and what it passes on is no address.
  'merged slashes': (from, to) => {
    passOn(from, to, (from.url ?? '/').replaceAll(/\/{2,}/gu, '/'));
  },
};

async function probed(kind: string) {
  const server = createServer((from, to) => KINDS[kind]?.(from, to));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const reach = { env: {}, trust: await trustOf({}, null), names: hostNames() };
  const access = new GitAccess({ env: process.env });
  const asker = makeAsker({ reach, limitMs: 60_000, firstByteMs: 30_000, access });
  return probeRepository(`http://127.0.0.1:${String(port)}${PATH}`, commit, asker);
}

describe('an accelerator of downloads, as a git mirror', { timeout: 120_000 }, () => {
  it('that passes everything on is one', async () => {
    expect(await probed('honest')).toMatchObject({ outcome: 'ok' });
  });

  it('that refuses POST is none, with what it answered', async () => {
    const finding = await probed('no POST');
    expect(finding).toMatchObject({ outcome: 'wrong-status' });
    expect(finding.reason).toContain('405');
  });

  it('that merges slashes is none, with what it answered', async () => {
    const finding = await probed('merged slashes');
    expect(finding).toMatchObject({ outcome: 'wrong-status' });
    expect(finding.reason).toContain('404');
  });
});
