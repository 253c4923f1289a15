import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';

/** What profile cn names, with the official registry, which no network in China reaches: the lab does not resolve it. */
const HUB = 'registry-1.docker.io';
const IMAGE_MIRRORS = ['docker.m.daocloud.io', 'docker.1ms.run', 'dockerproxy.net', 'docker.1panel.live', HUB];
const PAIRS = IMAGE_MIRRORS.flatMap((one, index) => IMAGE_MIRRORS.slice(index + 1).map((two) => [one, two] as const));
/** The tags that the light tree pulls. */
const IMAGES = [
  ['library/golang', '1.16.12-buster'],
  ['djs55/vpnkit', '0.5.0'],
] as const;
/** DaoCloud serves the names on its list only; vpnkit is none of them. */
const ALLOW_LIST = { fault: '404', kinds: ['image'], path: '/djs55/vpnkit' };
const CATALOGUE = '/root/documented.json';

interface Document {
  readonly images?: readonly { readonly reference: string; readonly digest: string; readonly mirror: string }[];
  readonly error?: { readonly message: string };
}

/**
 * The default line where two of five registries are dead. The images are the lab's own, so their digests are documented by a catalogue of the
 * user's, by one source: a mirror has to agree.
 */
describe('two of five image mirrors are dead, sealed', () => {
  let lab: Lab;
  const digests = new Map<string, string>();
  beforeAll(async () => {
    lab = await startLab({ moby: 'light', mirrors: todaysMirrors });
    for (const [name, tag] of IMAGES) digests.set(`docker.io/${name}:${tag}`, await digestOf(name, tag));
    const documented = [...digests].map(([reference, digest]) => ({
      reference,
      digests: [{ digest, kind: 'index', seen: '2026-01-01', last: true, preferred: true, sources: [], unnamed: 1 }],
    }));
    await lab.exec(['tee', CATALOGUE], {
      input: JSON.stringify({ extends: 'builtin', mirrors: [], digests: documented }),
    });
  });
  afterAll(async () => {
    await lab.stop();
  });

  async function digestOf(name: string, tag: string): Promise<string> {
    const url = `https://docker.1ms.run/v2/${name}/manifests/${tag}`;
    const accept = 'application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json';
    const { stdout } = await lab.exec(['curl', '-sI', '-H', `Accept: ${accept}`, url]);
    return /^docker-content-digest: (sha256:[0-9a-f]{64})/imu.exec(stdout)?.[1] ?? expect.fail(stdout);
  }

  async function run(more: readonly string[], dead: readonly string[]) {
    const refused = Object.fromEntries(
      dead.filter((host) => host !== HUB).map((host) => [host, [{ fault: 'refuse' }]]),
    );
    await lab.setFaults({ 'docker.m.daocloud.io': [ALLOW_LIST], ...refused });
    const line = ['moby-build', 'build', '--ref', 'v20.10.12', '--commit', lab.repos['moby/moby']?.commit ?? ''];
    line.push('--profile', 'cn', '--catalogue', CATALOGUE, '--json', ...more);
    const { exitCode, stdout } = await lab.exec(line, { timeoutMs: 10 * 60_000 });
    return { exitCode, document: JSON.parse(stdout) as Document };
  }

  it.each(PAIRS)('the plan of the default line without %s and %s', async (...dead) => {
    const { exitCode, document } = await run(['--dry-run'], dead);
    expect(exitCode, document.error?.message).toBe(0);
  });

  it('the build of it without the two whose operators are known best', async () => {
    const dead = ['docker.m.daocloud.io', 'docker.1ms.run'];
    const { exitCode, document } = await run(['--work-dir', '/root/work/pairs', '--out', '/root/out/pairs'], dead);
    expect(exitCode, document.error?.message).toBe(0);
    const used = document.images?.map(({ digest }) => digest) ?? [];
    expect(new Set(used)).toEqual(new Set(digests.values()));
  });

  it('is exit 5 where nobody has written the digest of an image down', async () => {
    await lab.exec(['tee', CATALOGUE], { input: JSON.stringify({ extends: 'builtin', mirrors: [], digests: [] }) });
    const { exitCode } = await run(['--dry-run', '--reprobe'], ['docker.1ms.run', 'dockerproxy.net']);
    expect(exitCode).toBe(5);
  });
});
