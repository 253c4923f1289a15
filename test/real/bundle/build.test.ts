import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { locateFiles } from '../../../src/bundle/locate-files.ts';
import { useBundle } from '../../../src/run/offline/use-bundle.ts';
import { buildDocument } from '../../../src/commands/build/document.ts';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { changed, damagedAt, filesOf, without } from '../../support/change-bundle.ts';
import { NobodyAsked } from '../../support/nobody-asked.ts';
import { ARCH } from '../commands/stage.ts';
import { BundleWorld, HAS_TOOLS, recording } from './bundle-world.ts';

/** `build --bundle`: everything of ours is real; docker keeps the ids of what it loads, as an engine does, and make writes down what it got. */
let world: BundleWorld;
let stage: BundleWorld['stage'];
let file: string;
let loaded: string;
let seen: string;
const nobody = new NobodyAsked();
beforeAll(async () => {
  if (!HAS_TOOLS) return;
  world = new BundleWorld();
  ({ stage } = world);
  await world.open();
  file = join(stage.cwd, 'moby.tar');
  [loaded, seen] = [join(stage.dir, 'loaded'), join(stage.dir, 'seen')];
  mkdirSync(seen);
  const { status, stderr } = await world.create(file);
  expect(status, stderr).toBe(0);
  stage.make(recording(seen));
  await nobody.open();
});
afterAll(async () => {
  if (!HAS_TOOLS) return;
  nobody.close();
  await world.close();
});
beforeEach(() => {
  if (!HAS_TOOLS) return;
  world.asked = [];
  nobody.forget();
  for (const dir of [loaded, seen]) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
  }
  stage.docker(engine());
});

/** Keeps the id of the configuration of each image under its name. @param afterLoad what goes wrong then */
function engine(afterLoad = ''): string {
  const keep = `for (const each of JSON.parse(require("fs").readFileSync(0))) for (const tag of each.RepoTags)
    require("fs").writeFileSync("${loaded}/" + tag.replaceAll("/", "_"), "sha256:" + each.Config.split("/").pop() + "\\n")`;
  return `case "$1" in
load) echo load >> ${seen}/loads; tar -xOf "$3" manifest.json | ${process.execPath} -e '${keep}'; ${afterLoad} exit 0;;
image) cat "${loaded}/$(echo "$5" | tr / _)" 2>/dev/null || exit 1; exit 0;;
esac`;
}

const build = (bundle: string, ...more: string[]) => {
  const words = ['build', '--bundle', bundle, '--source', stage.tree, '--out', join(stage.cwd, 'out'), ...more];
  return stage.run(words, nobody.environment);
};
const text = (name: string): string => readFileSync(join(seen, name), 'utf8');

describe.skipIf(!HAS_TOOLS)('build --bundle', () => {
  it('takes the image that bundle create was told with --image, under a name that no registry has', async () => {
    const { mirrors } = JSON.parse(readFileSync(join(stage.dir, 'catalogue.json'), 'utf8')) as {
      readonly mirrors: readonly { readonly template: string }[];
    };
    const [registry = ''] = (mirrors[0]?.template ?? '').split('/');
    const [other, image] = [join(stage.cwd, 'other.tar'), `${registry}/mine/golang:9-buster`];
    const made = await world.create(other, '--image', `golang=${image}`, '--trust-image', 'golang');
    expect(made.status, made.stderr).toBe(0);
    world.asked = [];
    const { status, stderr } = await build(other);
    expect(status, stderr).toBe(0);
    expect(text('Dockerfile')).toContain('bundle.invalid/mine/golang:9-buster');
    expect(text('Dockerfile')).not.toContain(registry);
    expect([world.asked, nobody.connections]).toEqual([[], 0]);
    rmSync(other);
  });

  it('builds from the bundle alone, with steps that have no network', async () => {
    const { status, stdout, stderr } = await build(file, '--json');
    expect(status, stderr).toBe(0);
    const [first = ''] = stderr.split('\n').filter((line) => !line.startsWith('Verifying'));
    expect(first).toMatch(/^All \d+ objects of v20\.10\.12, \w+, target binary, are in \S+moby\.tar, and whole\.$/u);
    expect(text('environment')).toMatch(/^DOCKER_BUILD_OPTS=.*--network none/mu);
    const dockerfile = text('Dockerfile');
    const images = [...dockerfile.matchAll(/bundle\.invalid\/[\w./:-]+/gu)].map(([name]) => name);
    expect(images).toHaveLength(3);
    expect(new Set(images)).toEqual(new Set(readdirSync(loaded).map((name) => name.replaceAll('_', '/'))));
    expect(text('sources.list')).toMatch(/^deb file:\/\/\/tmp\/sources\/apt\/debian buster main$/mu);
    expect(text('apt.conf')).toMatch(/^Acquire::Check-Valid-Until "false";$/mu);
    expect(text('apt.conf')).toMatch(/^Acquire::Languages "none";$/mu);
    expect(`${dockerfile}${text('sources.list')}`).not.toMatch(
      /127\.0\.0\.1|trusted=yes|AllowUnauthenticated|GOSUMDB/u,
    );
    expect(text('rootlesskit.installer')).toMatch(/GOPROXY="?file:\/\/\/tmp\/sources\/go"?$/mu);
    const mounted = (folder: string): number =>
      dockerfile.split(`--mount=type=bind,source=hack/dockerfile/sources/${folder},`).length - 1;
    const document = buildDocument.parse(JSON.parse(stdout));
    const loading = (kind: string) => document.points?.filter((point) => point.kind === kind && point.inClosure);
    expect([mounted('apt'), mounted('go')]).toEqual([loading('apt')?.length, loading('gomod')?.length]);
    const bundled = (await filesOf(file)).map(([path]) => path).filter((path) => /^(?:apt|go)\//u.test(path));
    expect(text('placed').trim().split('\n')).toEqual(bundled.map((path) => `./${path}`));
    expect(document.images?.map(({ mirror, digest }) => [mirror, digest])).toEqual(
      images.map(() => ['bundle', world.digest]),
    );
    expect(world.asked).toEqual([]);
    expect(nobody.connections).toBe(0);
  });

  it('loads what the engine has already no second time; a dry run loads nothing, and shows the same', async () => {
    expect((await build(file)).status).toBe(0);
    expect((await build(file)).status).toBe(0);
    expect(text('loads')).toBe('load\n');
    const dry = await build(file, '--dry-run');
    expect(dry.status, dry.stderr).toBe(0);
    expect(dry.stdout).toContain('+deb file:///tmp/sources/apt/debian buster main');
    expect(text('loads')).toBe('load\n');
  });

  it('needs no tree where the bundle was made from a clone: moby is in it, and is checked', async () => {
    const cloned = join(stage.cwd, 'cloned.tar');
    const [, , ...mirrors] = world.line;
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: stage.tree, encoding: 'utf8' }).trim();
    const source = ['--source', `file://${stage.tree}`, '--ref', 'v20.10.12', '--commit', commit];
    const made = await stage.run(['bundle', 'create', ...source, ...mirrors, '--out', cloned]);
    expect(made.status, made.stderr).toBe(0);
    const fresh = { XDG_CACHE_HOME: join(stage.dir, 'elsewhere') };
    const words = ['build', '--bundle', cloned, '--out', join(stage.cwd, 'out'), '--json'];
    const refused = await stage.run(words, fresh);
    expect(refused.status, 'a commit that is not that of the table').toBe(4);
    expect(refused.stderr).toContain('say so with --commit SHA');
    words.push('--commit', commit);
    const { status, stdout, stderr } = await stage.run(words, fresh);
    expect(status, stderr).toBe(0);
    const document = buildDocument.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ ref: 'v20.10.12', commit });
    expect(document.sources?.map(({ receivedBytes }) => receivedBytes)).toEqual(document.sources?.map(() => 0));
    expect(stderr).toContain('v20.10.12 from the store');
    const dry = await stage.run(['build', '--bundle', cloned, '--commit', commit, '--dry-run'], {
      XDG_CACHE_HOME: join(stage.dir, 'third'),
    });
    expect(dry.status, dry.stderr).toBe(0);
    expect(existsSync(join(stage.dir, 'third'))).toBe(false);
  });

  it('says that options of mirrors are not heeded, and takes those that decide what is built', async () => {
    const { status, stderr } = await build(file, '--mirror', 'apt=https://mirror.example', '--suite', 'bullseye');
    expect(stderr).toContain('--mirror is not heeded');
    expect(stderr).toMatch(/ 4 of \d+ objects are missing from .*moby\.tar:/u);
    for (const name of ['image docker.io/library/golang:1.16.12-bullseye', 'apt bullseye', 'apt bullseye-security'])
      expect(stderr).toContain(`  ${name}\n`);
    expect(stderr).toMatch(/next: moby-build bundle create --ref v20\.10\.12 --arch \w+ .*--suite bullseye/u);
    expect(status).toBe(5);
    expect(existsSync(join(seen, 'environment'))).toBe(false);
  });

  it('does not build with an image that is another than the bundle’s: exit 6', async () => {
    stage.docker(engine(`for each in ${loaded}/*golang*; do echo sha256:${'0'.repeat(64)} > $each; done;`));
    const { status, stderr } = await build(file);
    expect(stderr).toMatch(
      /The engine does not have bundle\.invalid\/library\/golang:1\.16\.12-buster-[0-9a-f]{64} as/u,
    );
    expect(status).toBe(6);
    expect(existsSync(join(seen, 'environment'))).toBe(false);
  });
});

describe.skipIf(!HAS_TOOLS)('build --bundle before anything is built', () => {
  it.each([
    [
      'lacks an object',
      (path: string) => without(path, 'apt', `xxd_1_${ARCH}`),
      /1 of \d+ objects is missing from .*\n +apt xxd_1/u,
    ],
    ['is damaged', (path: string) => damagedAt(path, 'images/oci-layout'), /images\/oci-layout is damaged/u],
    [
      'is for another build',
      (path: string) => changed(path, { arch: 'riscv64' }),
      /is for another build: v20\.10\.12, riscv64/u,
    ],
  ])('refuses a bundle that %s: exit 5', async (_, change, words) => {
    const other = join(stage.cwd, 'other.tar');
    writeFileSync(other, await change(file));
    const { status, stderr } = await build(other, '--arch', ARCH);
    expect(stderr).toMatch(words);
    expect(status).toBe(5);
    expect(readdirSync(loaded)).toEqual([]);
    expect(existsSync(join(seen, 'environment'))).toBe(false);
  });

  it('names each object that is missing', async () => {
    const line = await parseCommandLine(['build', '--source', stage.tree], {
      ...{ env: {}, cwd: stage.cwd, nodeArch: process.arch },
      readFile: () => Promise.resolve(null),
    });
    const whole = await locateFiles(file, () => undefined);
    const { objects } = whole.verified.contents;
    await whole.close();
    expect(objects.length).toBeGreaterThan(15);
    const other = join(stage.cwd, 'other.tar');
    for (const { kind, name } of objects) {
      writeFileSync(other, await without(file, kind, name));
      const located = await locateFiles(other, () => undefined);
      await located.close();
      expect(located.verified.faults).toEqual([]);
      const message = `1 of ${String(objects.length)} objects is missing from ${other}:\n  ${kind} ${name}`;
      expect(() => useBundle(other, located, line.options, () => false)).toThrow(message);
    }
  });

  it('names each file that is damaged', async () => {
    const other = join(stage.cwd, 'other.tar');
    for (const [path, data] of (await filesOf(file)).slice(2)) {
      if (data.length === 0) continue;
      writeFileSync(other, await damagedAt(file, path));
      expect(statSync(other).size).toBe(statSync(file).size);
      const located = await locateFiles(other, () => undefined);
      await located.close();
      expect(located.verified.faults.join('\n')).toContain(`${path} is damaged`);
    }
  });
});
