import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { baseWish, type BaseWish } from '../../../src/base/base-wish.ts';
import { BASE_PACKAGES } from '../../../src/base/base-packages.ts';
import type { ReadyBase } from '../../../src/base/ready-base.ts';
import { fetchBase } from '../../../src/run/base/fetch-base.ts';
import { placeBase, removePlacedBase } from '../../../src/run/base/place-base.ts';
import { makeArchiveKey, madeFile, makeSuite, type MadePackage } from '../../support/make-archive.ts';
import { failureIn } from '../../support/failure.ts';
import { Places } from '../store/repository.ts';
import { makeTree, planBuild } from '../run/host-setup.ts';

/** Debian's archive in small: an essential system, what a golang image has besides, and Go as Debian packages it. */
const PACKAGES: readonly MadePackage[] = [
  { name: 'base-files', fields: { Essential: 'yes', 'Pre-Depends': 'awk' }, files: [madeFile('etc/debian_version')] },
  { name: 'mawk', fields: { Provides: 'awk' }, files: [madeFile('bin/mawk', { mode: 0o755 })] },
  ...BASE_PACKAGES.map((name) => ({ name })),
  { name: 'golang-1.21-go', fields: { Depends: 'golang-1.21-src' } },
  { name: 'golang-1.21-src' },
];

const DOCKERFILE = `FROM golang:1.21.12-bookworm AS base
RUN apt-get update && apt-get install -y gcc
FROM scratch AS binary
COPY --from=base /build /
`;

const key = makeArchiveKey();
const places = new Places();
afterAll(() => {
  places.remove();
});

let tree = '';
let keyring = '';
beforeAll(() => {
  tree = places.next();
  mkdirSync(tree);
  makeTree(tree, 'v26.1.5', { Dockerfile: DOCKERFILE });
  keyring = join(places.base, 'keyring.gpg');
  writeFileSync(keyring, key.keyring);
});

let files: Map<string, Buffer>;
let server: Server;
let workDir: string;
let asked: string[];
beforeEach(async () => {
  files = new Map([
    ...makeSuite('bookworm', PACKAGES, { arch: 'amd64', key }),
    ...makeSuite('bookworm-updates', [], { arch: 'amd64', key }),
    ...makeSuite('bookworm-security', [{ name: 'curl', version: '1.0-1+deb12u1' }], {
      ...{ root: 'debian-security', arch: 'amd64', key },
    }),
  ]);
  asked = [];
  server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/^\//u, ''));
    asked.push(path);
    const data = files.get(path);
    response.writeHead(data === undefined ? 404 : 200).end(data);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  workDir = places.next();
  mkdirSync(workDir);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function fetched(...more: readonly string[]): Promise<ReadyBase & { readonly dir: string }> {
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const words = ['--source', tree, '--mirror', `apt=${url}`, '--mirror', `gomod=${url}/go`, '--apt-keyring', keyring];
  const { planned, io } = await planBuild(workDir, 'tree', [...words, '--no-probe', '--arch', 'amd64', ...more]);
  const wish = baseWish({ scan: planned.scan, suite: null, arch: 'amd64', xx: null }) as BaseWish;
  return { ...(await fetchBase(planned, io, wish)), dir: planned.source.dir };
}

const change = (path: RegExp, by: (data: Buffer) => Buffer): void => {
  for (const [name, data] of files) if (path.test(name)) files.set(name, by(data));
};

describe('a base', () => {
  it('is made of packages whose chain was checked, each fetched once, and is placed where its stages take it', async () => {
    const base = await fetched();
    const { facts } = base;
    expect(facts.suites.map(({ suite }) => suite)).toEqual(['bookworm', 'bookworm-updates', 'bookworm-security']);
    expect(facts.suites[0]?.signedBy).toContain(key.fingerprint);
    expect(base.essential.map(({ name }) => name)).toEqual(['base-files', 'mawk']);
    expect(facts.packages.find(({ name }) => name === 'curl')?.version).toBe('1.0-1+deb12u1');
    // No module proxy has that Go, and Debian has it.
    expect(facts.go).toEqual({ version: '1.0-1', from: 'debian', sum: null, url: null });
    await placeBase({ dir: base.dir } as Parameters<typeof placeBase>[0], base);
    const root = join(base.dir, 'hack/dockerfile/base');
    expect(readdirSync(join(root, 'packages/essential')).sort()).toEqual([
      'base-files_1.0-1_amd64.deb',
      'mawk_1.0-1_amd64.deb',
    ]);
    expect(readdirSync(join(root, 'packages/more'))).toHaveLength(BASE_PACKAGES.length + 2);
    const list = execFileSync('tar', ['-tvf', 'root.tar'], { cwd: root, encoding: 'utf8' });
    expect(list).toMatch(/bin -> usr\/bin\n[\s\S]*rwxr-xr-x .* usr\/bin\/mawk\n/u);
    expect(execFileSync('tar', ['-tvf', 'go.tar'], { cwd: root, encoding: 'utf8' })).toContain(
      'go -> /usr/lib/go-1.21\n',
    );
    const before = asked.filter((path) => path.endsWith('.deb')).length;
    const again = await fetched();
    expect(again.facts.digest).toBe(facts.digest);
    expect(asked.filter((path) => path.endsWith('.deb'))).toHaveLength(before);
    await removePlacedBase({ dir: base.dir });
    expect(existsSync(join(root, 'root.tar'))).toBe(false);
  });

  it.each([
    [
      'a suite that is signed by nobody',
      () => {
        change(/bookworm\/InRelease$/u, (data) => Buffer.from(data.toString().replace('Origin: Test', 'Origin: Evil')));
      },
      'its InRelease is not believed',
    ],
    [
      'a page in its place',
      () => {
        change(/bookworm\/InRelease$/u, () => Buffer.from('<!DOCTYPE html><html></html>'));
      },
      'it is no signed text',
    ],
    [
      'another suite under its name',
      () => {
        files.set(
          'debian/dists/bookworm/InRelease',
          files.get('debian/dists/bookworm-updates/InRelease') ?? Buffer.alloc(0),
        );
      },
      'of another suite',
    ],
    [
      'an index that is not the listed one',
      () => {
        change(/bookworm\/main\/.*Packages/u, (data) => Buffer.concat([data, Buffer.from('x')]));
      },
      'it sends more than',
    ],
    [
      'a package that is not the listed one',
      () => {
        change(/git_.*\.deb$/u, (data) => Buffer.from(data.map((byte, at) => (at === 200 ? byte ^ 1 : byte))));
      },
      'git: ',
    ],
    [
      'no security updates',
      () => {
        files.delete('debian-security/dists/bookworm-security/InRelease');
      },
      'bookworm-security of Debian cannot be had',
    ],
    [
      'a package that is not there',
      () => {
        files = new Map([
          ...files,
          ...makeSuite(
            'bookworm',
            PACKAGES.filter(({ name }) => name !== 'make'),
            { arch: 'amd64', key },
          ),
        ]);
      },
      'needs make',
    ],
  ])('is not made of %s', async (_, spoil, said) => {
    spoil();
    const failure = await failureIn(fetched());
    expect(failure).toMatchObject({ code: 'base-not-fetched', exitCode: 5 });
    expect(failure.message).toContain(said);
  });

  it('needs a Go, and says which one a proxy has', async () => {
    files = new Map([
      ...files,
      ...makeSuite(
        'bookworm',
        PACKAGES.filter(({ name }) => !name.startsWith('golang')),
        { arch: 'amd64', key },
      ),
    ]);
    files.set(
      'go/golang.org/toolchain/@v/list',
      Buffer.from('v0.0.1-go1.21.9.linux-amd64\nv0.0.1-go1.21.13.linux-amd64\nv0.0.1-go1.22.1.linux-amd64\n'),
    );
    const failure = await failureIn(fetched());
    expect(failure).toMatchObject({ code: 'base-without-go', exitCode: 5 });
    expect(failure.hint).toContain('Go 1.21.13');
  });

  it('believes no key but Debian’s, unless --apt-keyring names one', async () => {
    writeFileSync(keyring, makeArchiveKey().keyring);
    const failure = await failureIn(fetched());
    expect(failure.message).toContain(key.fingerprint);
    writeFileSync(keyring, 'nothing');
    expect(await failureIn(fetched())).toMatchObject({ exitCode: expect.any(Number) as number });
    writeFileSync(keyring, key.keyring);
    expect(readFileSync(keyring)).toEqual(key.keyring);
  });
});
