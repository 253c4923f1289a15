import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NobodyAsked } from '../../support/nobody-asked.ts';
import { imagesIn, loadImage } from './stand-in-engine.ts';
import { ARCH, BUILDS, FOREIGN, Stage } from './stage.ts';

/** `--offline`: the store is real and filled, docker answers for an engine with some images, and whoever was asked would be asked here. */
let stage: Stage;
let engine: string;
const nobody = new NobodyAsked();
const hex = (digit: string): string => `sha256:${digit.repeat(64)}`;

beforeAll(async () => {
  stage = new Stage();
  engine = join(stage.dir, 'engine');
  await nobody.open();
});
afterAll(() => {
  nobody.close();
  stage.remove();
});
beforeEach(() => {
  nobody.forget();
  stage.forget();
  rmSync(engine, { recursive: true, force: true });
  mkdirSync(engine);
  stage.make(BUILDS);
  stage.docker(imagesIn(engine));
});

const load = (name: string, id: string, more: object = {}): void => {
  loadImage(engine, name, id, more);
};

const run = (...words: string[]) => {
  return stage.run([...words, '--offline'], nobody.environment);
};
const recordOf = (entry: string): string => readFileSync(join(entry, 'moby-build.json'), 'utf8');
const ofTree = ['--source', '', '--without', 'vpnkit'];
const build = (...words: string[]) => {
  ofTree[1] = stage.tree;
  return run('build', ...ofTree, '--out', join(stage.cwd, 'out'), ...words);
};

describe('--offline', () => {
  it('names all that is missing before anything runs, with what would supply it, and asks nobody', async () => {
    stage.make('echo made > made; exit 1');
    rmSync(join(stage.dir, 'cache'), { recursive: true });
    for (const words of [[], ['--dry-run']]) {
      const { status, stderr } = await build(...words);
      expect(status, stderr).toBe(5);
      expect(stderr).toMatch(/^.*\d+ objects are not on this machine, and --offline asks no server:$/mu);
      for (const name of ['containerd v1.4.12', 'runc v1.0.2', 'tini v0.19.0', 'libnetwork', 'rootlesskit'])
        expect(stderr).toMatch(new RegExp(String.raw`^ +git ${name} .*--mirror git=file:///DIR/\{repo\}\.git`, 'mu'));
      expect(stderr).toMatch(
        new RegExp(`^ +image docker\\.io/library/golang:1\\.16\\.12-buster, linux/${ARCH} - .*docker load`, 'mu'),
      );
      expect(stderr).toMatch(/^ +apt buster - .*--bundle FILE/mu);
      expect(stderr).toMatch(/^ +gomod .* - .*--bundle FILE/mu);
      // A tag of moby's on a commit that is not moby's: another machine would get another tree by its name.
      expect(stderr).toMatch(/next: moby-build bundle create --source \S+tree --arch /u);
    }
    expect(existsSync(join(stage.cwd, 'made'))).toBe(false);
    expect(nobody.connections).toBe(0);
  });

  it('lists no repository that the store has, and audit and patch need no more than the tree', async () => {
    const { status, stderr } = await build('--dry-run');
    expect(status).toBe(5);
    expect(stderr).not.toMatch(/^ +git /mu);
    ofTree[1] = stage.tree;
    for (const command of ['audit', 'patch']) {
      const ran = await run(command, ...ofTree, '--profile', 'cn');
      expect(ran.status, ran.stderr).toBe(0);
    }
    expect(nobody.connections).toBe(0);
  });

  it('takes a component from a bare clone that has its commit, and names it where the clone has another one', async () => {
    const store = join(stage.dir, 'cache/moby-build/store/git');
    const [entry = ''] = readdirSync(store).filter((name) =>
      recordOf(join(store, name)).includes('opencontainers/runc'),
    );
    const folder = join(stage.dir, 'clones');
    mkdirSync(folder);
    execFileSync('git', ['clone', '--quiet', '--bare', join(store, entry), join(folder, 'runc.git')]);
    rmSync(join(store, entry), { recursive: true });
    const missing = /^ +git runc v1\.0\.2 /mu;
    const mirror = ['--mirror', `git=file://${folder}/{repo}.git`];
    expect((await build('--dry-run')).stderr).toMatch(missing);
    expect((await build('--dry-run', ...mirror)).stderr).not.toMatch(missing);
    rmSync(join(folder, 'runc.git'), { recursive: true });
    expect((await build('--dry-run', ...mirror)).stderr).toMatch(missing);
    execFileSync('git', ['clone', '--quiet', '--bare', stage.tree, join(folder, 'runc.git')]);
    expect((await build('--dry-run', ...mirror)).stderr).toMatch(missing);
    expect(nobody.connections).toBe(0);
  });

  it('takes a component and a tree from bundles of git; one that stands on commits which are elsewhere is none', async () => {
    const store = join(stage.dir, 'cache/moby-build/store/git');
    const [entry = ''] = readdirSync(store).filter((name) =>
      recordOf(join(store, name)).includes('opencontainers/runc'),
    );
    const folder = join(stage.dir, 'bundles of git');
    mkdirSync(folder);
    const git = (...words: string[]) => execFileSync('git', words, { cwd: stage.tree, stdio: 'ignore' });
    execFileSync('git', ['bundle', 'create', '--quiet', join(folder, 'runc.bundle'), '--all'], {
      cwd: join(store, entry),
    });
    git('bundle', 'create', join(folder, 'moby.bundle'), 'v20.10.12');
    rmSync(join(store, entry), { recursive: true });
    const missing = /^ +git runc v1\.0\.2 /mu;
    const at = `file://${folder.replaceAll(' ', '%20')}`;
    const mirror = ['--mirror', `git=${at}/{repo}.bundle`];
    expect((await build('--dry-run')).stderr).toMatch(missing);
    expect((await build('--dry-run', ...mirror)).stderr).not.toMatch(missing);
    const ofBundle = await run(
      'audit',
      '--ref',
      'v20.10.12',
      '--commit',
      stage.commit,
      '--source',
      `${at}/moby.bundle`,
    );
    expect(ofBundle.status, ofBundle.stderr).toBe(0);
    git('commit', '--allow-empty', '--quiet', '-m', 'later');
    git('bundle', 'create', join(folder, 'runc.bundle'), 'HEAD~1..HEAD');
    git('reset', '--quiet', '--soft', 'HEAD~1');
    expect((await build('--dry-run', ...mirror)).stderr).toMatch(missing);
    writeFileSync(join(folder, 'runc.bundle'), '# v2 git bundle\nnothing\n');
    expect((await build('--dry-run', ...mirror)).stderr).toMatch(missing);
    expect(nobody.connections).toBe(0);
  });

  it.each(['build', 'patch', 'audit'])('%s of a tag that is nowhere here names the tree', async (command) => {
    const { status, stderr } = await run(command, '--ref', 'v20.10.12');
    expect(status).toBe(5);
    expect(stderr).toMatch(/^ +git moby v20\.10\.12 \([0-9a-f]{40}\) - .*--source file:/mu);
    expect(stderr).toContain('What else is missing shows when the tree is there.');
    expect(nobody.connections).toBe(0);
  });

  it('takes a tree from a repository of this machine, and from the store the next time', async () => {
    const audit = (...words: string[]) =>
      run('audit', '--ref', 'v20.10.12', '--commit', stage.commit, '--json', ...words);
    const first = await audit('--source', `file://${stage.tree}`);
    expect(first.status, first.stderr).toBe(0);
    const none = await audit('--source', `file://${stage.dir}/none.git`);
    expect(none.status).toBe(5);
    // A build keeps the tree, whatever becomes of it.
    expect(
      (await run('build', '--ref', 'v20.10.12', '--commit', stage.commit, '--source', `file://${stage.tree}`)).status,
    ).toBe(5);
    const again = await audit();
    expect(again.status, again.stderr).toBe(0);
    expect(nobody.connections).toBe(0);
  });

  it.each([
    [['--probe'], '--probe'],
    [['--reprobe'], '--reprobe'],
    [['--sources', 'mirror'], '--sources mirror'],
    [['--network', 'host'], '--network host'],
    [['--base', 'auto'], '--base auto'],
    [['--mirror', 'git=https://git.example/{repo}.git'], '--mirror git=https://git.example/{repo}.git'],
    [['--mirror', 'gomod=file:///srv/go,direct'], '--mirror gomod=file:///srv/go,direct'],
    [['--cache-from', 'type=registry,ref=registry.example/cache'], '--cache-from type=registry'],
  ])('refuses %s', async (words, named) => {
    const { status, stderr } = await build(...words);
    expect(status).toBe(2);
    expect(stderr).toContain(`--offline does not go with ${named}, `);
  });
});

describe('an image that the engine has', () => {
  const NAME = 'golang:1.16.12-buster';
  const image = (stderr: string): string => stderr.split('\n').find((line) => /^ +image .*golang/u.test(line)) ?? '';

  it('that was loaded is refused, with its id, until the user names the id', async () => {
    load(NAME, hex('a'));
    const refused = await build('--dry-run');
    expect(refused.status).toBe(5);
    expect(image(refused.stderr)).toContain(
      `(${NAME}: nothing vouches for its id, ${hex('a')}) - supplied by your word that this is the image: --image golang=${NAME}@${hex('a')}`,
    );
    const named = await build('--dry-run', '--image', `golang=${NAME}@${hex('a')}`);
    expect(image(named.stderr)).toBe('');
    const other = await build('--dry-run', '--image', `golang=${NAME}@${hex('b')}`);
    expect(image(other.stderr)).toContain(`its id is ${hex('a')}, and it must be ${hex('b')}`);
    const trusted = await build('--dry-run', '--trust-image', 'golang');
    expect(image(trusted.stderr)).toBe('');
  });

  it('that was pulled is believed by the digest that the engine keeps of it, whatever mirror it was pulled from', async () => {
    const digests = JSON.parse(
      readFileSync(new URL('../../../src/mirrors/catalogue/digests.json', import.meta.url), 'utf8'),
    ) as {
      readonly images: readonly {
        readonly reference: string;
        readonly digests: readonly { readonly digest: string; readonly preferred: boolean }[];
      }[];
    };
    const known = digests.images
      .find(({ reference }) => reference === `docker.io/library/${NAME}`)
      ?.digests.find(({ preferred }) => preferred)?.digest;
    load('docker.m.daocloud.io/library/golang:1.16.12-buster', hex('a'), {
      RepoDigests: [`docker.m.daocloud.io/library/golang@${known ?? ''}`],
    });
    const { stderr } = await build('--dry-run', '--profile', 'cn');
    expect(image(stderr)).toBe('');
  });

  it('of another architecture is no use', async () => {
    load(NAME, hex('a'), { Architecture: FOREIGN });
    const { stderr } = await build('--dry-run', '--trust-image', 'golang');
    expect(image(stderr)).toContain(`(${NAME}: it is for linux/${FOREIGN}) - supplied by docker load`);
  });
});
