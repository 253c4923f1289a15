import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownRegistries } from '../../../src/system/http/own-registries.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moby-build-apt-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Says what the go command would, so that no Go of this machine is asked. */
const GO = {
  GOPROXY: 'https://goproxy.example,https://modules.golang.org|direct',
  GOSUMDB: 'sums.example+033de0ae+Ac4',
};

describe('where this machine has its packages from', () => {
  it.each([
    [
      'a line',
      'sources.list',
      '# deb http://old.debian.org/debian x main\ndeb [arch=arm64] http://one.debian.org/debian x main\n',
    ],
    ['deb822', 'sources.list.d/debian.sources', 'Types: deb\nURIs: http://one.debian.org/debian\nSuites: x\n'],
    [
      'the archive first',
      'sources.list',
      'deb http://archive.debian.org/debian x main\ndeb http://one.debian.org/debian y main\n',
    ],
  ])('is read from %s', async (_, name, text) => {
    mkdirSync(join(folder, 'sources.list.d'));
    writeFileSync(join(folder, name), text);
    expect((await ownRegistries(GO, folder)).apt).toBe('http://one.debian.org');
  });

  it.each([
    ['another host', 'deb http://mirror.example/debian x main\n'],
    ['a host that only ends alike', 'deb http://one.debian.org.example/debian x main\n'],
    ['nothing', ''],
  ])('is not told by %s', async (_, text) => {
    writeFileSync(join(folder, 'sources.list'), text);
    expect((await ownRegistries(GO, folder)).apt).toBeNull();
  });

  it('and its modules by the first entry of GOPROXY, when that is the official one', async () => {
    expect(await ownRegistries(GO, folder)).toEqual({ apt: null, gomod: null, checksumDatabase: 'sums.example' });
    const official = { GOPROXY: 'https://modules.golang.org,direct', GOSUMDB: 'off' };
    expect(await ownRegistries(official, folder)).toMatchObject({
      gomod: 'https://modules.golang.org',
      checksumDatabase: null,
    });
  });

  it('or by nothing, where there is no Go', async () => {
    const found = await ownRegistries({}, folder);
    expect(Object.keys(found).sort()).toEqual(['apt', 'checksumDatabase', 'gomod']);
  });
});
