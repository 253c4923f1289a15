import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import type { MirrorTable } from './mirrors.mjs';
import { arch } from './product.mjs';
import { watchArguments } from './watch-arguments.ts';

const MIRRORS: MirrorTable = {
  'git.corp.example': ['git-swap'],
  'apt.corp.example': ['debian', 'archive'],
  'goproxy.corp.example': ['go'],
  'registry.corp.example': ['image'],
};
const HOSTS = Object.keys(MIRRORS);
const OUT = `/root/moby-v20.10.12-linux-${arch}`;
const CA = ['--ca', '/srv/lab/corporate/ca.pem'];
/** What is searched for afterwards stands in this folder, and may stand nowhere else. */
const SECRETS = '/tmp/secrets';
const NETRC = ['--netrc', `${SECRETS}/netrc`];
/** The words of an `env` would be arguments that everybody sees. */
const THROUGH_PROXY = ['sh', '-c', `. ${SECRETS}/proxy.env; exec "$@"`, 'sh'];

/** A catalogue, as `--catalogue` reads it, of one company. */
const CATALOGUE = JSON.stringify({
  mirrors: [
    { kinds: ['git'], template: 'https://git.corp.example/{owner}/{repo}.git' },
    { kinds: ['apt'], template: 'https://apt.corp.example', archive: 'https://apt.corp.example/debian-archive' },
    { kinds: ['gomod'], template: 'https://goproxy.corp.example' },
    { kinds: ['image'], template: 'registry.corp.example/{image}' },
  ].map((entry) => ({
    id: 'corp',
    region: 'cn',
    operator: 'corp',
    status: 'alive',
    seen: null,
    sources: ['the lab'],
    ...entry,
  })),
});

/** Lab F: the light tree in a company: a proxy with a login is the only way out, the mirrors want a login and show certificates of its own. */
describe('a corporate network, sealed', () => {
  let lab: Lab;
  let line: string[];
  let secrets: string[];

  beforeAll(async () => {
    lab = await startLab({ moby: 'light', mirrors: MIRRORS, corporate: HOSTS });
    const { login, proxy } = lab.company ?? expect.fail('no company');
    const commit = lab.repos['moby/moby']?.commit ?? '';
    line = [
      'moby-build',
      '--ref',
      'v20.10.12',
      '--commit',
      commit,
      '--profile',
      'cn',
      '--catalogue',
      '/root/corp.json',
    ];
    line.push('--no-probe', '--sources', 'mirror', '--trust-image', '*');
    secrets = [login, proxy.login].flatMap((one) => [
      one.password,
      Buffer.from(`${one.login}:${one.password}`).toString('base64'),
    ]);
    await lab.exec(['tee', '/root/corp.json'], { input: CATALOGUE });
    const entries = HOSTS.map((host) => `machine ${host} login ${login.login} password ${login.password}\n`).join('');
    await lab.exec(['mkdir', '-m', '700', SECRETS]);
    await lab.exec(['sh', '-c', `umask 077; cat > ${SECRETS}/netrc`], { input: entries });
    const exported = `export http_proxy=${proxy.url} https_proxy=${proxy.url}\n`;
    await lab.exec(['tee', `${SECRETS}/proxy.env`], { input: exported });
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(() => {
    lab.clearLogs();
  });

  it('is exit 5 without --ca: nobody is believed', async () => {
    const { exitCode, stderr } = await lab.exec([...THROUGH_PROXY, ...line, ...NETRC]);
    expect(stderr).toMatch(/certificate/iu);
    expect(exitCode).toBe(5);
    expect(lab.requests()).toEqual([]);
  });

  it('is exit 5 without --netrc: the mirrors want a login', async () => {
    const { exitCode, stderr } = await lab.exec([...THROUGH_PROXY, ...line, ...CA]);
    expect(stderr).toMatch(/--netrc/u);
    expect(exitCode).toBe(5);
    expect(new Set(lab.requests().map(({ status }) => status))).toEqual(new Set([401]));
  });

  it('is exit 5 without the proxy: no other way leads to them', async () => {
    const { exitCode } = await lab.exec([...line, ...CA, ...NETRC]);
    expect(exitCode).toBe(5);
    expect(lab.requests()).toEqual([]);
  });

  it('is built with --ca, --netrc and the proxy variables, and keeps what is secret', async () => {
    const watch = watchArguments(secrets);
    const built = await lab.exec([...THROUGH_PROXY, ...line, ...CA, ...NETRC], { timeoutMs: 10 * 60_000 });
    const { looks, found } = watch.stop();
    expect(built.stderr.slice(-4000)).toContain('The binaries are in');
    expect(built.exitCode).toBe(0);

    // Everything came through the proxy, and was let in.
    const address = lab.company?.proxy.address;
    const served = lab.requests().filter(({ status }) => status < 400);
    expect(new Set(served.map(({ from }) => from))).toEqual(new Set([address]));
    expect(new Set(served.map(({ host }) => host))).toEqual(new Set(HOSTS));
    expect(new Set(served.map(({ kind }) => kind))).toEqual(new Set(['git', 'apt', 'go', 'image']));
    expect(lab.dnsQueries().filter(({ name }) => HOSTS.includes(name))).toEqual([]);

    expect(looks).toBeGreaterThan(20);
    expect(found).toEqual([]);
    for (const secret of secrets) {
      expect(built.stdout).not.toContain(secret);
      expect(built.stderr).not.toContain(secret);
    }
    // All that the run wrote: cache, work dir and out dir, what is left in /tmp, and the engine's layers and cache.
    const patterns = secrets.flatMap((secret) => ['-e', secret]);
    const places = ['/root', '/etc', '/usr/local', '/var/lib/docker', '/tmp'];
    const search = await lab.exec(['grep', '-rlF', '--exclude-dir=secrets', ...patterns, ...places]);
    expect(search.stdout).toBe('');
    expect(search.exitCode).toBe(1);
    // The search would find it.
    const known = await lab.exec(['grep', '-rlF', ...patterns, '/tmp']);
    expect(known.stdout.trim().split('\n').sort()).toEqual([`${SECRETS}/netrc`, `${SECRETS}/proxy.env`]);

    expect((await lab.exec([`${OUT}/dockerd`, '--version'])).stdout).toContain('20.10.12');
  });
});
