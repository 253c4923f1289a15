import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BASE_PACKAGES } from '../../../src/base/base-packages.ts';
import { debianArch } from '../../../src/cpus.ts';
import { packageRoot } from '../../../src/system/package-root.ts';
import { makeArchiveKey, madeFile, makeSuite, type MadePackage } from '../../support/make-archive.ts';
import { ImageWorlds, type World } from '../commands/image-world.ts';
import { ARCH, Stage, type Ran } from '../commands/stage.ts';
import type { RegistrySays } from '../mirrors/image-registry.ts';

/** What a golang image of the light tree is made of, in small: its Debian, and its Go as Debian packages it, for the module proxy has none. */
const PACKAGES: readonly MadePackage[] = [
  { name: 'base-files', fields: { Essential: 'yes' }, files: [madeFile('etc/debian_version')] },
  ...BASE_PACKAGES.map((name) => ({ name })),
  { name: 'golang-1.16-go' },
];
const DEAD: RegistrySays = { dead: true };

interface Answer {
  readonly error?: { readonly code: string; readonly hint: string; readonly command: string };
  readonly notes?: readonly { readonly code: string }[];
  readonly base?: { readonly suite: string } | null;
}

/** The command against registries, an archive of Debian and a module proxy on loopback. */
const stage = new Stage();
const worlds = new ImageWorlds(stage);
let parts: string[] = [];
beforeAll(async () => {
  const key = makeArchiveKey();
  const about = { arch: debianArch(ARCH), key };
  const files = new Map([
    ...makeSuite('bookworm', PACKAGES, about),
    ...makeSuite('bookworm-updates', [], about),
    ...makeSuite('bookworm-security', [], { ...about, root: 'debian-security' }),
  ]);
  const url = await worlds.serve((path) => {
    const body = files.get(decodeURIComponent(path).replace(/^\//u, ''));
    return { status: body === undefined ? 404 : 200, headers: {}, body: body ?? Buffer.from('') };
  }, 'parts');
  const keyring = join(stage.dir, 'keyring.gpg');
  writeFileSync(keyring, key.keyring);
  parts = ['--suite', 'bookworm', '--mirror', `apt=${url}`, '--mirror', `gomod=${url}/go`, '--apt-keyring', keyring];
  stage.program('moby-build', `exec "${process.execPath}" "${join(packageRoot(), 'bin/moby-build.cjs')}" "$@"`);
});
afterAll(async () => {
  await worlds.close();
  stage.remove();
});
beforeEach(() => {
  worlds.asked = [];
  stage.forget();
});

const build = ({ line }: World, ...more: string[]): Promise<Ran> => stage.run(['build', ...line, ...parts, ...more]);
const answer = ({ stdout }: Ran): Answer => JSON.parse(stdout) as Answer;
const codes = (ran: Ran): readonly string[] => (answer(ran).notes ?? []).map(({ code }) => code);
const packagesAsked = (): readonly string[] => worlds.asked.filter((path) => path.endsWith('.deb'));

describe('where no registry is believed', () => {
  it.each<[string, Parameters<ImageWorlds['make']>[0], string, RegExp]>([
    [
      'none answers',
      [
        ['Acme', DEAD],
        ['Umbrella', DEAD],
      ],
      'image-not-served',
      /--base debian/u,
    ],
    ['one alone says what it is', [['Acme'], ['Umbrella', DEAD]], 'image-not-known', /--trust-image/u],
  ])('because %s, it is exit 5, which offers a base of packages', async (_, registries, code, command) => {
    const ran = await build(await worlds.make(registries), '--json');
    expect(ran.status).toBe(5);
    expect(answer(ran).error).toMatchObject({ code, hint: expect.stringContaining('--base debian') as string });
    expect(answer(ran).error?.command).toMatch(command);
    expect(packagesAsked()).toEqual([]);
  });

  it('the offered command builds, when it is pasted', async () => {
    const ran = await build(await worlds.make([['Acme', DEAD]]), '--json');
    stage.program('paste', answer(ran).error?.command ?? 'false');
    const pasted = await promisify(execFile)(join(stage.bin, 'paste'), { cwd: stage.cwd, env: stage.environment() });
    const { notes, base } = JSON.parse(pasted.stdout) as Answer;
    expect(notes?.map(({ code }) => code)).toContain('base-made');
    expect(base?.suite).toBe('bookworm');
  });

  it.each<[string, string[]]>([
    ['of a tree that is built in place', ['--in-place']],
    ['where an image is given', ['--image', 'golang=registry.example/library/golang:1']],
  ])('it is not offered %s, and not taken', async (_, words) => {
    for (const base of ['images', 'auto']) {
      const ran = await build(await worlds.make([['Acme', DEAD]]), '--json', '--base', base, ...words);
      expect(ran.status).toBe(5);
      expect(JSON.stringify(answer(ran).error)).not.toContain('--base debian');
      expect(packagesAsked()).toEqual([]);
    }
  });
});

it('a version of xx is refused beside images', async () => {
  const ran = await build(await worlds.make([['Acme'], ['Umbrella']]), '--json', '--component', `xx=${'5'.repeat(40)}`);
  expect(ran.status).toBe(2);
  expect(answer(ran).error).toMatchObject({ code: 'component-outside' });
});

describe('--base auto', () => {
  it.each<[string, Parameters<ImageWorlds['make']>[0]]>([
    [
      'no registry answers',
      [
        ['Acme', DEAD],
        ['Umbrella', DEAD],
      ],
    ],
    ['one alone says what it is', [['Acme']]],
    ['two differ', [['Acme'], ['Umbrella', { edition: 'bad' }]]],
  ])('builds on packages where %s', async (_, registries) => {
    const ran = await build(await worlds.make(registries), '--base', 'auto', '--json');
    expect(ran.stderr).not.toContain('error');
    expect(ran.status).toBe(0);
    expect(codes(ran)).toContain('base-made');
    expect(answer(ran).base).toMatchObject({ suite: 'bookworm', go: { from: 'debian' } });
    expect(packagesAsked()).toHaveLength(PACKAGES.length);
  });

  it('changes nothing where two operators name an image alike', async () => {
    const world = await worlds.make([['Acme'], ['Umbrella']]);
    const [plain, auto] = [await build(world, '--dry-run'), await build(world, '--dry-run', '--base', 'auto')];
    expect(auto.status).toBe(0);
    expect(auto.stdout).toContain(world.digests[0]);
    expect(auto.stdout).toBe(plain.stdout);
    const ran = await build(world, '--base', 'auto', '--json');
    expect(ran.status).toBe(0);
    expect(codes(ran)).not.toContain('base-made');
    expect(answer(ran).base).toBeNull();
    expect(packagesAsked()).toEqual([]);
  });
});
