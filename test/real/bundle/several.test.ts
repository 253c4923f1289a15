import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../../src/bundle/use/needs.ts';
import { bundleCreateDocument } from '../../../src/commands/bundle/document.ts';
import { ARCH, FOREIGN } from '../commands/stage.ts';
import { BundleWorld, HAS_TOOLS } from './bundle-world.ts';

/** Bundles for several builds, and such that leave out what is there, against registries and a module proxy on loopback. */
let world: BundleWorld;
let stage: BundleWorld['stage'];
let file: string;
beforeAll(async () => {
  if (!HAS_TOOLS) return;
  world = new BundleWorld();
  ({ stage } = world);
  await world.open();
  file = join(stage.cwd, 'moby.tar');
});
afterAll(async () => {
  if (HAS_TOOLS) await world.close();
});
beforeEach(() => {
  if (HAS_TOOLS) world.forget(file);
});

const create = (...more: string[]) => world.create(file, ...more);
/** From the same mirrors, for no architecture but those of `more`. */
const createAnew = (...more: string[]) => stage.run(['bundle', 'create', ...world.line.slice(0, -2), ...more]);

describe.skipIf(!HAS_TOOLS)('bundle create', () => {
  it('for two architectures shares their objects, and fetches each once; a build says which it means', async () => {
    const { status, stdout, stderr } = await create('--arch', FOREIGN, '--json');
    expect(status, stderr).toBe(0);
    const { builds = [], objects = [], gaps } = bundleCreateDocument.parse(JSON.parse(stdout));
    expect(gaps).toEqual([]);
    expect(builds.map(({ arch }) => arch)).toEqual([ARCH, FOREIGN]);
    expect(world.twice()).toEqual(world.twice().filter((path) => /^image\/v2\/.*\/manifests\//u.test(path)));
    const [first, second] = builds.map(({ needs }) => new Set(needs));
    const shared = objects.filter((each) => first?.has(keyOf(each)) === true && second?.has(keyOf(each)) === true);
    expect(new Set(shared.map(({ kind }) => kind))).toEqual(new Set(['apt', 'git', 'gomod', 'image']));
    const debs = objects.filter(({ name }) => name.startsWith('xxd_1_')).map(({ name }) => name);
    expect(debs).toEqual(['xxd_1_amd64', 'xxd_1_arm64']);
    expect((await stage.run(['bundle', 'verify', file])).status).toBe(0);
    const listed = await stage.run(['bundle', 'ls', file]);
    expect(listed.stdout.match(/^For moby v20\.10\.12 .*$/gmu)).toHaveLength(2);

    const asked = await stage.run(['build', '--bundle', file, '--source', stage.tree]);
    expect(asked.status).toBe(2);
    for (const arch of [ARCH, FOREIGN]) expect(asked.stderr).toContain(`\n  v20.10.12, ${arch}, binary\n`);
    expect(asked.stderr).toMatch(/next: .* --ref v20\.10\.12 --arch \w+ --target binary/u);
    const dry = await stage.run(['build', '--bundle', file, '--source', stage.tree, '--arch', FOREIGN, '--dry-run']);
    expect(dry.status, dry.stderr).toBe(0);
  });

  it('leaves out what an older bundle has, in parts, and fetches none of it again; a build takes both', async () => {
    await create();
    const lacking = await stage.run(['build', '--bundle', file, '--source', stage.tree, '--arch', FOREIGN]);
    const more = join(stage.cwd, 'moby-more.tar');
    expect(lacking.stderr).toMatch(
      new RegExp(`next: .* --arch ${FOREIGN} .*--since \\S+moby.tar --out ${more}$`, 'mu'),
    );
    world.asked = [];
    const made = await createAnew('--arch', FOREIGN, '--since', file, '--split', '64K', '--out', more, '--json');
    expect(made.status, made.stderr).toBe(0);
    const { since = [], parts = [], gaps, bytes = 0 } = bundleCreateDocument.parse(JSON.parse(made.stdout));
    expect(gaps).toEqual([]);
    expect(since.map(({ name, sha256 }) => [name, sha256])).toEqual([
      ['moby.tar', createHash('sha256').update(readFileSync(file)).digest('hex')],
    ]);
    expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
    expect(bytes).toBeLessThan(readFileSync(file).length);
    // Both platforms of vpnkit are in it already, and golang is the same image here.
    expect(world.asked.filter((path) => path.includes('/blobs/'))).toEqual([]);
    const debs = world.asked.filter((path) => path.endsWith('.deb'));
    expect(debs.filter((path) => !path.endsWith(`_${FOREIGN}.deb`))).toEqual([]);
    const build = (...bundles: string[]) => {
      const words = bundles.flatMap((each) => ['--bundle', each]);
      return stage.run(['build', ...words, '--source', stage.tree, '--dry-run']);
    };
    const both = await build(more, file);
    expect(both.status, both.stderr).toBe(0);
    expect(both.stderr).toContain(`of v20.10.12, ${FOREIGN}, target binary, are in ${more}`);
    const alone = await build(more);
    expect(alone.status).toBe(5);
    expect(alone.stderr).toMatch(
      /moby-more\.tar leaves files to an older bundle that is not given:\n +moby\.tar, SHA-256/u,
    );
    expect(alone.stderr).toMatch(/next: .*--bundle \S+moby-more\.tar .*--bundle \S+moby\.tar$/mu);
    for (const { file: part } of parts) rmSync(part);
    rmSync(`${more}.sha256`);
  });

  it('of a file of wishes leaves out what is there: repositories of the store, and files of a bundle', async () => {
    await create();
    const list = join(stage.cwd, 'want.json');
    const asked = ['bundle', 'want', '--ref', 'v20.10.12', '--arch', FOREIGN, '--bundle', file, '--out', list];
    const wanted = await stage.run(asked);
    expect(wanted.status, wanted.stderr).toBe(0);
    expect(wanted.stdout).toBe(`${list}\n`);
    const want = JSON.parse(readFileSync(list, 'utf8')) as {
      readonly commits: readonly string[];
      readonly machine: object;
    };
    expect(want.machine).toMatchObject({ engine: '20.10.24', arch: ARCH, imageStore: 'graph-driver', buildx: null });
    expect(want.commits.length).toBeGreaterThan(3);

    const more = join(stage.cwd, 'moby-more.tar');
    rmSync(more, { force: true });
    const made = await createAnew('--want', list, '--out', more, '--json');
    expect(made.status, made.stderr).toBe(0);
    const { expects = [], objects = [], since = [] } = bundleCreateDocument.parse(JSON.parse(made.stdout));
    expect(objects.filter(({ kind }) => kind === 'git')).toEqual([]);
    expect(expects.length).toBeGreaterThan(3);
    expect(since.map(({ name }) => name)).toEqual(['moby.tar']);
    const words = ['build', '--bundle', more, '--bundle', file, '--source', stage.tree, '--dry-run'];
    const here = await stage.run(words);
    expect(here.status, here.stderr).toBe(0);
    const elsewhere = await stage.run(words, { XDG_CACHE_HOME: join(stage.dir, 'empty') });
    expect(elsewhere.status).toBe(5);
    expect(elsewhere.stderr).toContain(`${String(expects.length)} of `);
    writeFileSync(list, '{}');
    const bad = await createAnew('--want', list, '--out', more);
    expect(bad.status).toBe(2);
    expect(bad.stderr).toContain('This is no file of bundle want:');
    rmSync(more);
  });
});
