import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAsker, type Asker } from '../../../src/mirrors/requests/asker.ts';
import type { Finding, Outcome } from '../../../src/mirrors/requests/outcome.ts';
import { probeFile } from '../../../src/mirrors/probe/probe-file.ts';
import { probeImage } from '../../../src/mirrors/probe/probe-image.ts';
import { probeModule } from '../../../src/mirrors/probe/probe-module.ts';
import { probeSuites } from '../../../src/mirrors/probe/probe-suites.ts';
import { probeRepository } from '../../../src/transport/probe-repository.ts';
import { git as gitOf, makeUpstream } from '../store/repository.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf, type Trust } from '../../../src/system/http/http-trust.ts';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { FAULTS, relayTo, selfSigned, startFaulty, type Fault, type Healthy } from './faulty-mirror.ts';
import { debian, download, moduleProxy, NOW, registry } from './healthy-mirror.ts';

const EXPECTED: Readonly<Record<Fault, Outcome>> = {
  none: 'ok',
  refuse: 'refused',
  hang: 'timed-out',
  drop: 'wrong-content',
  '404': 'wrong-status',
  '429': 'wrong-status',
  '502': 'wrong-status',
  html: 'wrong-content',
  slow: 'too-slow',
  lie: 'wrong-content',
  short: 'wrong-content',
  tampered: 'wrong-content',
  redirects: 'wrong-status',
  'bad-certificate': 'tls',
};

/** What the probe of a kind cannot see, and the build's own checks do. */
const UNSEEN: Readonly<Record<string, readonly Fault[]>> = {
  // The signature is checked by apt, in the base image: its keys are there.
  apt: ['tampered'],
  // git checks what came by its content, and the whole commit had come: nothing is wrong with it.
  git: ['lie'],
  // A file at an address that nobody knows anything of.
  http: ['short', 'tampered'],
};

const dir = mkdtempSync(join(tmpdir(), 'moby-build-faults-'));
const keys = selfSigned(dir);
const closing: (() => Promise<void>)[] = [];
let trust: Trust;
let git: Awaited<ReturnType<typeof startGitServer>>;
let commit = '';

beforeAll(async () => {
  trust = await trustOf({}, null);
  commit = materializeLightTree(join(dir, 'tree')).commit ?? '';
  git = await startGitServer({
    '/repo': { kind: 'git', repository: makeBare(join(dir, 'tree'), join(dir, 'repo.git')) },
  });
  closing.push(git.close);
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  rmSync(dir, { recursive: true, force: true });
});

function asker(limitMs: number, env: Readonly<Record<string, string>> = {}, trusted = trust): Asker {
  const reach = { env, trust: trusted, names: hostNames() };
  return makeAsker({ reach, limitMs, firstByteMs: limitMs / 2, access: new GitAccess({ env: process.env }) });
}

async function mirror(
  fault: Fault,
  healthy: Healthy,
  more: Partial<Parameters<typeof startFaulty>[0]> = {},
): Promise<string> {
  const tls = fault === 'bad-certificate' ? { tls: keys } : {};
  const { url, close } = await startFaulty({ fault, healthy, ...tls, ...more });
  closing.push(close);
  return url;
}

/**
 * An asker for a mirror with that fault. Time alone ends `hang` and `slow`, and `slow` only after its first byte; all else ends by itself, and must
 * not be taken for silence on a machine that is busy.
 */
const patient = (fault: Fault): Asker => asker(fault === 'slow' ? 5000 : fault === 'hang' ? 1500 : 30_000);

const SUITE = { root: 'debian', suite: 'bookworm', archived: false } as const;

/** What each kind is asked for, at a mirror with that fault. */
const KINDS: Readonly<Record<string, (fault: Fault) => Promise<Finding>>> = {
  apt: async (fault) => probeSuites([[SUITE, `${await mirror(fault, debian())}/debian`]], 'arm64', patient(fault), NOW),
  // The fault is in the pack where it can be; what comes before it is all right.
  git: async (fault) => {
    const inPack = ['drop', 'slow', 'lie', 'short', 'tampered'].includes(fault);
    const applies = inPack ? ({ method }: IncomingMessage) => method === 'POST' : () => true;
    const url = await mirror(fault, relayTo(git.url), { applies });
    return probeRepository(`${url}/repo`, commit, patient(fault));
  },
  gomod: async (fault) =>
    probeModule(await mirror(fault, moduleProxy()), 'github.com/pkg/errors', 'v0.9.1', 'sum.example', patient(fault)),
  image: async (fault) => {
    // Registries on loopback are asked without TLS: the bad certificate is that of the token server.
    const tokens = await mirror(fault === 'bad-certificate' ? fault : 'none', registry([]));
    const healthy = registry(['linux/amd64', 'linux/arm64'], `${tokens}/token`);
    const { url, close } = await startFaulty({ fault: fault === 'bad-certificate' ? 'none' : fault, healthy });
    closing.push(close);
    return probeImage(`${url.replace('http://', '')}/library/golang:1.16`, 'linux/arm64', patient(fault));
  },
  http: async (fault) => probeFile(`${await mirror(fault, download)}/tool.tar.gz`, patient(fault)),
};

describe.each(Object.keys(KINDS))('%s from a mirror that', (kind) => {
  it.concurrent.each(FAULTS)('has the fault %s', async (fault) => {
    const finding = await KINDS[kind]?.(fault);
    const expected = UNSEEN[kind]?.includes(fault) === true ? 'ok' : EXPECTED[fault];
    expect(`${finding?.outcome ?? ''} (${finding?.reason ?? ''})`).toMatch(new RegExp(`^${expected} \\(.+\\)$`, 'u'));
    if (fault === '429') expect(finding?.reason).toContain('in 120 s');
    expect(finding?.bytesPerSecond === null).toBe(expected !== 'ok');
  });
});

describe('apt', () => {
  const ask = async (says: Parameters<typeof debian>[0], archived = false): Promise<string> => {
    const url = await mirror('none', debian(says));
    const { outcome, reason } = await probeSuites(
      [[{ ...SUITE, archived }, `${url}/debian`]],
      'arm64',
      asker(30_000),
      NOW,
    );
    return `${outcome}: ${reason}`;
  };
  const PAST = 'Fri, 20 Nov 2026 10:00:00 UTC';
  it.each([
    ['past its Valid-Until', { validUntil: PAST }, false, /^stale: .*2026-11-20/u],
    ['past it in the archive', { validUntil: PAST }, true, /^ok/u],
    ['without a Valid-Until', { validUntil: null }, false, /^ok/u],
    ['of another suite', { suite: 'trixie' }, false, /^wrong-content: .*that of trixie/u],
    ['without a signature', { signed: false }, false, /^wrong-content: .*no signature/u],
    [
      'of tomorrow',
      { date: 'Thu, 26 Nov 2026 00:00:01 UTC' },
      false,
      /^wrong-content: .*is of 2026-11-26, and today is 2026-11-25/u,
    ],
    ['of a clock that is a little ahead', { date: 'Wed, 25 Nov 2026 20:00:00 UTC' }, false, /^ok/u],
    ['without the architecture', { arch: 'amd64' }, false, /^wrong-content: .*no packages for arm64/u],
  ] as const)('tells a release file %s', async (_, says, archived, expected) => {
    expect(await ask(says, archived)).toMatch(expected);
  });
});

describe('images', () => {
  it('an index that lacks the platform shows which it has', async () => {
    const url = await mirror('none', registry(['linux/amd64', 'linux/s390x']));
    const found = await probeImage(`${url.replace('http://', '')}/library/golang:1.16`, 'linux/arm64', asker(30_000));
    expect(found).toMatchObject({
      outcome: 'wrong-content',
      reason: expect.stringContaining('linux/amd64, linux/s390x'),
    });
  });

  it('one that is not on the list of a mirror is its status', async () => {
    const url = await mirror('none', registry(['linux/arm64']));
    const found = await probeImage(`${url.replace('http://', '')}/djs55/vpnkit:0.5.0`, 'linux/arm64', asker(30_000));
    expect(found).toMatchObject({ outcome: 'wrong-status', status: 404 });
  });
});

describe('git', () => {
  it('another commit than the wanted one is refused', async () => {
    const found = await probeRepository(`${git.url}/repo`, 'f'.repeat(40), asker(30_000));
    expect(found.outcome).toBe('wrong-content');
  });

  it('a server that hands out no single commits has them by tag or branch, and says so', async () => {
    const upstream = makeUpstream(join(dir, 'upstream'));
    const repository = makeBare(upstream.dir, join(dir, 'upstream.git'));
    const first = gitOf(upstream.dir, 'rev-parse', 'v1.0.0^{commit}');
    const between = gitOf(upstream.dir, 'rev-parse', `${upstream.tagged}~1`);
    const server = await startGitServer({
      '/old': { kind: 'git', repository, singles: false },
      '/plain': { kind: 'dumb', repository },
    });
    closing.push(server.close);
    const probe = (path: string, ref: string) => probeRepository(`${server.url}/${path}`, ref, asker(60_000));
    expect(await probe('old', first)).toMatchObject({ outcome: 'ok', singles: false });
    expect((await probe('old', first)).reason).toMatch(/tags\/v1\.0\.0; hands out no single commits/u);
    const unnamed = await probe('old', between);
    expect(unnamed).toMatchObject({ outcome: 'ok', singles: false, bytesPerSecond: null });
    expect(unnamed.reason).toContain('so all history is fetched');
    const plain = await probe('plain', upstream.tagged);
    expect(plain).toMatchObject({ outcome: 'ok', singles: false });
    expect(plain.reason).toContain('plain files over HTTP');
    expect((await probe('plain', 'v7')).outcome).toBe('wrong-content');
  });
});

describe('Go', () => {
  it('a proxy without the checksum database says so', async () => {
    const url = await mirror('none', moduleProxy(false));
    const found = await probeModule(url, 'github.com/pkg/errors', 'v0.9.1', 'sum.example', asker(30_000));
    expect(found).toMatchObject({ outcome: 'ok', sumdb: false });
  });
});

describe('this machine', () => {
  it('believes a certificate of --ca and of NODE_EXTRA_CA_CERTS', async () => {
    const url = `${await mirror('bad-certificate', download)}/tool.tar.gz`;
    for (const [env, file] of [
      [{}, keys.cert],
      [{ NODE_EXTRA_CA_CERTS: keys.cert }, null],
    ] as const) {
      const found = await probeFile(url, asker(30_000, {}, await trustOf(env, file)));
      expect(found.outcome).toBe('ok');
    }
  });

  it('says of a registry on plain http what the engine needs', async () => {
    const url = await mirror('none', registry(['linux/arm64'], null));
    // Any address but loopback's is asked with TLS, as docker does; Linux takes this one for this machine.
    const host = `0.0.0.0:${new URL(url).port}`;
    const found = await probeImage(`${host}/library/golang:1.16`, 'linux/arm64', asker(30_000));
    expect(found.outcome).toBe('tls');
    expect(found.reason).toContain('plain http');
    expect(found.reason).toContain(`"insecure-registries": ["${host}"]`);
    const reach = { env: {}, trust, names: hostNames() };
    const access = new GitAccess({ env: process.env });
    const limits = { limitMs: 30_000, firstByteMs: 15_000 };
    const told = makeAsker({ reach, access, ...limits, insecureRegistries: ['0.0.0.0/8'] });
    expect((await probeImage(`${host}/library/golang:1.16`, 'linux/arm64', told)).outcome).toBe('ok');
  });

  it('asks a repository of this machine by git alone', async () => {
    const url = `file://${join(dir, 'repo.git')}`;
    expect((await probeRepository(url, commit, asker(30_000))).outcome).toBe('ok');
    expect((await probeRepository(url, null, asker(30_000))).outcome).toBe('ok');
    expect((await probeRepository(`file://${dir}/none.git`, null, asker(30_000))).outcome).not.toBe('ok');
    expect((await probeRepository(url, 'f'.repeat(40), asker(30_000))).outcome).toBe('wrong-content');
  });

  it('goes through the proxy that its variables name, but not for what no_proxy names', async () => {
    const proxy = await mirror('none', download);
    const far = 'http://mirror.example/tool.tar.gz';
    expect((await probeFile(far, asker(30_000, { HTTP_PROXY: proxy }))).outcome).toBe('ok');
    expect((await probeFile(far, asker(30_000, { http_proxy: proxy, no_proxy: '.example' }))).outcome).toBe(
      'no-such-name',
    );
    await expect(probeFile(far, asker(30_000, { http_proxy: 'socks4://127.0.0.1:1' }))).rejects.toMatchObject({
      code: 'bad-proxy',
    });
  });

  it('refuses a file of --ca that is none', async () => {
    await expect(trustOf({}, keys.key)).rejects.toMatchObject({ code: 'bad-ca', exitCode: 2 });
    await expect(trustOf({}, join(dir, 'nothing'))).rejects.toMatchObject({ code: 'bad-ca' });
    // It would go into a tree, and from there into images.
    const both = join(dir, 'both.pem');
    writeFileSync(both, `${readFileSync(keys.cert, 'utf8')}${readFileSync(keys.key, 'utf8')}`);
    await expect(trustOf({}, both)).rejects.toMatchObject({ code: 'bad-ca', message: /private key/u });
  });

  it('takes of a file of --ca its certificates alone, each as it is written by everybody', async () => {
    const plain = readFileSync(keys.cert, 'utf8');
    const file = join(dir, 'bundle.pem');
    writeFileSync(file, `# ours\r\n${plain.replaceAll('\n', '\r\n')}between\n${plain}`);
    expect((await trustOf({}, file)).given).toBe(`${plain}${plain}`);
    expect((await trustOf({}, null)).given).toBeNull();
  });
});
