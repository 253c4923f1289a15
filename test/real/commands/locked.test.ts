import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { lockSchema } from '../../../src/lockfile/lock-file.ts';
import { manifestSchema } from '../../../src/artifacts/manifest.ts';
import { ImageWorlds, type World } from './image-world.ts';
import { BUILDS, Stage, type Ran } from './stage.ts';

const stage = new Stage();
const worlds = new ImageWorlds(stage);

afterAll(async () => {
  await worlds.close();
  stage.remove();
});
beforeEach(() => {
  stage.make(BUILDS);
  worlds.asked = [];
  worlds.day = 'Sat, 01 Jun 2024 10:00:00 UTC';
  stage.forget();
});

const build = ({ line }: World, ...more: string[]): Promise<Ran> => stage.run(['build', ...line, ...more]);

// Each holds several runs of the command.
describe('what a build used', { timeout: 240_000 }, () => {
  const lockOf = (out: string) => lockSchema.parse(JSON.parse(readFileSync(join(out, 'moby-build.lock'), 'utf8')));

  it('stands in manifest and lock, and the next run asks nobody', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const [out, lock] = [join(stage.dir, 'out'), join(stage.dir, 'kept.lock')];
    await build(two, '--out', out, '--lock', lock);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
    expect(manifest.images.map(({ name, basis, mirror }) => [name, basis, mirror])).toContainEqual([
      'golang',
      'operators',
      'r0',
    ]);
    const held = lockOf(out);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual(held);
    expect(held.commit).toBe(stage.commit);
    expect(held.tree).toBe(manifest.tree.before);
    expect(held.images.every(({ digest }) => digest === two.digests[0])).toBe(true);
    expect(held.images[0]?.operators.map(({ operator }) => operator)).toEqual(['Acme', 'Umbrella']);
    expect(held.suites.map(({ suite }) => suite)).toEqual([
      'buster',
      'buster-updates',
      'buster-backports',
      'buster/updates',
    ]);
    expect(held.suites[0]?.date).toBe('2024-06-01T10:00:00.000Z');
    expect(held.components.find(({ component }) => component === 'runc')?.commit).toMatch(/^[0-9a-f]{40}$/u);
    worlds.asked = [];
    await build(two, '--out', out);
    expect(worlds.asked).toEqual([]);
    // Asked anew, all of it is kept again.
    await build(two, '--out', out, '--reprobe');
    expect(worlds.asked.length).toBeGreaterThan(0);
    worlds.asked = [];
    await build(two, '--out', out);
    expect(worlds.asked).toEqual([]);
    expect((await stage.run(['patch', ...two.line])).stdout).toContain(`@${two.digests[0] ?? ''}`);
  });

  it('keeps the warning of --trust-image and of a checksum database that is off', async () => {
    const one = await worlds.make([['Acme']]);
    const out = join(stage.dir, 'out-2');
    await build(one, '--out', out, '--trust-image', '*', '--mirror', 'gosumdb=off');
    const { warnings } = manifestSchema.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['image-trusted', 'gosumdb-off']));
    // Trust is given anew each time.
    expect((await build(one, '--out', out)).status).toBe(5);
  });

  it('is built again by --locked, and by nothing else', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const [out, lock] = [join(stage.dir, 'out-3'), join(stage.dir, 'moby-build.lock')];
    await build(two, '--out', out, '--lock', lock);
    const before = readFileSync(lock, 'utf8');
    const again = await build(two, '--out', out, '--lock', lock, '--locked');
    expect(again.status, again.stderr).toBe(0);
    expect(readFileSync(lock, 'utf8')).toBe(before);

    const refused = async (exit: number, words: RegExp, world: World, ...more: string[]): Promise<void> => {
      stage.make(`echo ran > '${stage.dir}/made'; exit 1`);
      const { status, stderr } = await build(world, '--out', out, '--lock', lock, '--locked', '--reprobe', ...more);
      expect(stderr).toMatch(words);
      expect(status).toBe(exit);
      expect(() => readFileSync(`${stage.dir}/made`)).toThrow('ENOENT');
    };
    await refused(4, /runc: the lock holds/u, two, '--build-arg', `RUNC_COMMIT=${'1'.repeat(40)}`);
    await refused(4, /the lock holds it, this build does not use it/u, two, '--without', 'vpnkit');
    const other = `golang=r.example/golang:1.17-buster@${two.digests[0] ?? ''}`;
    await refused(4, /golang:1\.17-buster for linux\/\w+: the lock does not hold it/u, two, '--image', other);
    await refused(
      5,
      /No mirror has .* as it is known to be/u,
      await worlds.make([
        ['A', { edition: 'bad' }],
        ['B', { edition: 'bad' }],
      ]),
    );
    worlds.day = 'Sun, 02 Jun 2024 10:00:00 UTC';
    await refused(5, /InRelease of buster: the lock holds 2024-06-01\S*, it is 2024-06-02/u, two);
    worlds.day = 'Sat, 01 Jun 2024 10:00:00 UTC';
    writeFileSync(join(stage.tree, 'Makefile'), `${readFileSync(join(stage.tree, 'Makefile'), 'utf8')}# more\n`);
    await refused(4, /tree: the lock holds/u, two);
  });

  it('is held against the lock by a dry run too, as far as it asks', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const [out, lock] = [join(stage.dir, 'out-4'), join(stage.dir, 'dry.lock')];
    await build(two, '--out', out, '--lock', lock);
    const dry = (...more: string[]) => build(two, '--dry-run', '--locked', '--lock', lock, ...more);
    const same = await dry();
    expect(same.status, same.stderr).toBe(0);
    worlds.day = 'Sun, 02 Jun 2024 10:00:00 UTC';
    const other = await dry();
    expect(other.stderr).toMatch(/InRelease of buster: the lock holds 2024-06-01\S*, it is 2024-06-02/u);
    expect(other.status).toBe(5);
    worlds.asked = [];
    expect((await dry('--no-probe')).status).toBe(0);
    expect(worlds.asked).toEqual([]);
    const held = lockSchema.parse(JSON.parse(readFileSync(lock, 'utf8')));
    writeFileSync(lock, JSON.stringify({ ...held, suites: held.suites.slice(1) }));
    expect((await dry('--no-probe')).stderr).toContain('InRelease of buster: the lock does not hold it');
    writeFileSync(lock, JSON.stringify(held));
    writeFileSync(join(stage.tree, 'Makefile'), `${readFileSync(join(stage.tree, 'Makefile'), 'utf8')}# dry\n`);
    const changed = await dry('--no-probe');
    expect(changed.stderr).toMatch(/tree: the lock holds/u);
    expect(changed.status).toBe(4);
  });

  it('is exit 2 for --locked without a lock file, or with one that is none, and the next command is the line that was typed', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const missing = await build(two, '--locked', '--without', 'vpnkit', '--dry-run');
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('There is no lock file');
    expect(missing.stderr).toContain(
      `next: moby-build build ${two.line.join(' ')} --without vpnkit --lock moby-build.lock\n`,
    );
    const bad = join(stage.dir, 'bad.lock');
    writeFileSync(bad, '{}');
    const refused = await build(two, '--locked', '--lock', bad);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(`next: less ${bad}\n`);
  });

  it('is exit 2 for files of flags that cannot be read, before anything is fetched or asked', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    for (const flag of ['--lock', '--netrc', '--sources-list', '--apt-keyring']) {
      for (const more of [[], ['--dry-run']]) {
        const { status, stderr } = await build(two, flag, stage.dir, ...more);
        expect(status, stderr).toBe(2);
        expect(stderr).toContain(`${flag} ${stage.dir} cannot be read (EISDIR).`);
        expect(stderr).toContain(`next: ls -ld ${stage.dir}\n`);
        expect(stderr).not.toContain('planning');
      }
    }
    expect(worlds.asked).toEqual([]);
    expect(readdirSync(join(stage.dir, 'cache/moby-build'))).toEqual(['store']);
  });

  it('is held against the lock again, and written anew, where a mirror gives way to the next', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']], 'Mon, 03 Jun 2024 10:00:00 UTC');
    const [out, lock] = [join(stage.dir, 'out-5'), join(stage.dir, 'next.lock')];
    await build(two, '--out', out, '--lock', lock);
    const bases = (held = lockOf(out)) => new Set(held.suites.map(({ base, date }) => `${base} ${date.slice(0, 10)}`));
    const [first = ''] = bases();
    expect(first).toMatch(/ 2024-06-01$/u);
    const fails = `if ! [ -e '${stage.dir}/failed' ]; then touch '${stage.dir}/failed'
echo '#3 [tini 2/3] RUN apt-get update'; echo '#3 0.5 E: The repository does not have a Release file.'
echo '#3 ERROR: process did not complete: exit code: 100'; exit 2; fi`;
    stage.make(`${fails}\n${BUILDS}`);
    const refused = await build(two, '--out', out, '--lock', lock, '--locked');
    expect(refused.stderr).toMatch(/near-apt failed the build[^]*the lock holds 2024-06-01\S*, it is 2024-06-03/u);
    expect(refused.status).toBe(5);
    rmSync(join(stage.dir, 'failed'));
    stage.forget();
    const switched = await build(two, '--out', out);
    expect(switched.status, switched.stderr).toBe(0);
    expect([...bases()].every((each) => each.endsWith(' 2024-06-03'))).toBe(true);
    expect(bases().has(first)).toBe(false);
  });
});
