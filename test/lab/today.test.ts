import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { arch } from './product.mjs';

/** The operators of two of them are unknown, so they are one voice. */
const IMAGE_MIRRORS = ['docker.1ms.run', 'docker.1panel.live', 'docker.m.daocloud.io', 'dockerproxy.net'];
const OUT = `/root/moby-v20.10.12-linux-${arch}`;

const COMPONENTS = ['containerd', 'libnetwork', 'rootlesskit', 'runc', 'tini'];

interface Manifest {
  readonly sources: readonly { readonly component: string; readonly mirror: string }[];
  readonly points: readonly { readonly kind: string; readonly inClosure: boolean; readonly via: string }[];
}

/** Labs B and C: the light tree, which reaches out at every kind of point, under today's mirrors; and with one rewrite taken away. */
describe('today’s mirrors, sealed', () => {
  let lab: Lab;
  let line: string[];
  /** One registry alone: it has to be trusted. */
  let leaky: string[];

  beforeAll(async () => {
    lab = await startLab({ moby: 'light', mirrors: todaysMirrors });
    // The order of the profile: the lab knows the names of its own mirrors only, and logs what else is asked for.
    line = ['moby-build', '--ref', 'v20.10.12', '--commit', lab.repos['moby/moby']?.commit ?? '', '--no-probe'];
    leaky = [...line, '--profile', '/root/leaky.yaml', '--trust-image', 'golang'];
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(() => {
    lab.clearLogs();
  });

  it('is covered by profile cn in its own order, with no further flag', async () => {
    const { exitCode, stdout, stderr } = await lab.exec([...line, '--profile', 'cn'], { timeoutMs: 10 * 60_000 });
    expect(stderr.slice(-4000)).toContain('The binaries are in');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${OUT}\n`);
    const served = new Map<string, Set<string>>();
    for (const { host, kind, status } of lab.requests()) {
      if (status < 400) served.set(kind, (served.get(kind) ?? new Set()).add(host));
    }
    expect([...(served.get('git') ?? [])]).toEqual(['ghfast.top']);
    expect([...(served.get('apt') ?? [])]).toEqual(['mirrors.aliyun.com']);
    expect([...(served.get('go') ?? [])]).toEqual(['goproxy.cn']);
    // Two serve the images; the others are asked what they are.
    const layers = lab
      .requests()
      .filter(({ kind, path, status }) => kind === 'image' && path.includes('/blobs/') && status < 400);
    expect([...new Set(layers.map(({ host }) => host))].sort()).toEqual(['docker.1ms.run', 'docker.m.daocloud.io']);
    expect([...(served.get('image') ?? [])].sort()).toEqual(IMAGE_MIRRORS);
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
    const said = await lab.exec([`${OUT}/dockerd`, '--version']);
    expect(said.stdout).toContain('20.10.12');
    // By default this machine fetches the components: the build's own steps clone from beside the installers.
    const manifest = await lab.exec(['cat', `${OUT}/manifest.json`]);
    const { sources, points } = JSON.parse(manifest.stdout) as Manifest;
    expect(sources.map(({ component }) => component).sort()).toEqual(COMPONENTS);
    expect(new Set(sources.map(({ mirror }) => mirror))).toEqual(new Set(['ghfast.top']));
    const git = points.filter(({ kind, inClosure }) => kind === 'git' && inClosure);
    expect(git.map(({ via }) => via)).toEqual(COMPONENTS.map(() => 'host'));
  });

  it('prints the patch set that the build applied, without an engine', async () => {
    const dry = await lab.exec([...line, '--profile', 'cn', '--dry-run'], {
      env: { DOCKER_HOST: 'unix:///nowhere.sock' },
    });
    expect(dry.exitCode).toBe(0);
    const clone = `set -e; rm -rf /tmp/hand; git clone -q --branch v20.10.12 https://ghfast.top/https://github.com/moby/moby.git /tmp/hand; cd /tmp/hand
      git -c user.name=a -c user.email=a@b am -q; git ls-tree -r HEAD > /tmp/by-hand`;
    const am = await lab.exec(['bash', '-c', clone], { input: dry.stdout });
    expect(am.stderr).not.toContain('fatal');
    expect(am.exitCode).toBe(0);
    const built = `set -e; cd /root/.cache/moby-build/v20.10.12-linux-${arch}/moby; export GIT_INDEX_FILE=/tmp/index; git read-tree HEAD; git add -A -- . ':!bundles' ':!autogen' ':!hack/dockerfile/install/sources'; git ls-tree -r $(git write-tree) > /tmp/built; diff /tmp/by-hand /tmp/built`;
    const same = await lab.exec(['bash', '-c', built]);
    expect(same.stdout).toBe('');
    expect(same.exitCode).toBe(0);
  });

  it('stops with exit 4 when a place is left, before anything is built', async () => {
    const { exitCode, stderr } = await lab.exec(leaky, { timeoutMs: 60_000 });
    expect(exitCode, 'the profile is not there yet').toBe(2);
    await lab.exec(['tee', '/root/leaky.yaml'], { input: LEAKY });
    const left = await lab.exec(leaky, { timeoutMs: 60_000 });
    expect(stderr).toContain('leaky.yaml');
    expect(left.exitCode).toBe(4);
    expect(left.stderr).toMatch(/Dockerfile:\d+ image .*vpnkit/u);
    expect(left.stderr).toContain('--allow-uncovered');
    // Nothing was pulled; what the image is was asked.
    expect(lab.requests().filter(({ kind, path }) => kind === 'image' && path.includes('/blobs/'))).toEqual([]);
  });

  it('fails with exit 6 on the leak when it is allowed, and names the place', async () => {
    await lab.exec(['tee', '/root/leaky.yaml'], { input: LEAKY });
    const { exitCode, stderr } = await lab.exec([...leaky, '--allow-uncovered', '--out', '/root/leak'], {
      timeoutMs: 5 * 60_000,
    });
    expect(exitCode).toBe(6);
    expect(stderr).toContain('djs55/vpnkit');
    expect(stderr).toMatch(/Dockerfile:\d+/u);
    expect((await lab.exec(['test', '-e', '/root/leak'])).exitCode).toBe(1);
  });

  it.each(['cn', 'auto'])(
    'measures under profile %s, chooses for each kind, and looks for nobody else',
    async (profile) => {
      const { exitCode, stdout, stderr } = await lab.exec(
        ['moby-build', 'mirrors', 'probe', ...line.slice(1, 5), '--profile', profile, '--json'],
        { timeoutMs: 5 * 60_000 },
      );
      expect(exitCode, stderr.slice(-2000)).toBe(0);
      const { kinds } = JSON.parse(stdout) as { kinds: Record<string, ProbedKind> };
      const listed = Object.values(kinds).flatMap(({ candidates }) => candidates);
      for (const kind of ['apt', 'git', 'gomod', 'image']) {
        const best = kinds[kind]?.candidates.find(({ id }) => id === kinds[kind]?.chosen);
        expect(best, kind).toMatchObject({ outcome: 'ok' });
        expect(Object.keys(todaysMirrors), kind).toContain(hostIn(best?.base ?? ''));
      }
      // Whoever is not in the lab is a candidate, and was told as one that has no name there.
      const strangers = new Set(lab.dnsQueries().flatMap(({ name, known }) => (known ? [] : [name])));
      const official = profile === 'auto' ? listed.filter(({ id }) => id === 'official') : [];
      expect(official.filter(({ outcome }) => outcome === 'ok')).toEqual([]);
      const named = listed.filter(({ outcome }) => outcome === 'no-such-name').map(({ base }) => hostIn(base));
      expect([...strangers].filter((name) => !named.includes(name)).length).toBeLessThanOrEqual(official.length);
    },
  );

  it('ends every process on ^C, and the next run goes on', async () => {
    // Known by the processes of the build, not by a word of the display: words change, and a pattern that finds none waits the build out.
    await lab.exec(['docker', 'builder', 'prune', '--all', '--force']);
    const script = `moby-build ${line.slice(1).join(' ')} --profile cn >/tmp/out 2>/tmp/err & pid=$!
      until pgrep -x make >/dev/null && pgrep -x docker >/dev/null; do kill -0 $pid || break; sleep 0.2; done; sleep 3; kill -INT $pid; wait $pid; echo "exit $?"
      pgrep -ax 'make|docker' || true`;
    const killed = await lab.exec(['bash', '-m', '-c', script], { timeoutMs: 5 * 60_000 });
    expect(killed.stdout).toBe('exit 130\n');
    const again = await lab.exec([...line, '--profile', 'cn'], { timeoutMs: 10 * 60_000 });
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain('there already');
  });
});

interface ProbedKind {
  readonly chosen: string | null;
  readonly candidates: readonly { readonly id: string; readonly base: string; readonly outcome: string }[];
}

/** `https://ghfast.top/{url}` → `ghfast.top` */
function hostIn(template: string): string {
  return /^(?:https?:\/\/)?([^/{]+)/u.exec(template)?.[1] ?? '';
}

/** cn without one mirror: images that daocloud does not carry have nobody. */
const LEAKY = `name: leaky
mirrors:
  frontend: builtin
  image: daocloud
  apt: aliyun
  git: ghfast.top
  gomod: goproxy.cn
`;
