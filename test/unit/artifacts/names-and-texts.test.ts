import { describe, expect, it } from 'vitest';
import { binfmtMatches } from '../../../src/artifacts/elf/binfmt.ts';
import { readSumFile } from '../../../src/artifacts/checksums.ts';
import { componentChecks, type PinnedComponent } from '../../../src/artifacts/component-versions.ts';
import { expectedNames } from '../../../src/moby/expected-names.ts';
import { installHints } from '../../../src/artifacts/install-hint.ts';
import { redact, redactText, redactWords } from '../../../src/system/redact.ts';
import { readDockerdVersion, readVersionText, versionLine } from '../../../src/artifacts/version-text.ts';
import { makeElf } from './elf-bytes.ts';

describe('binfmtMatches', () => {
  // An emulator's entry for s390x: the magic of ELF, 64 bit, MSB, machine 22; the mask leaves the version and ABI bytes out.
  const entry =
    'enabled\ninterpreter /usr/bin/qemu-s390x-static\nflags: F\noffset 0\nmagic 7f454c4602020100000000000000000000020016\nmask ffffffffffffff00fffffffffffffffffffeffff\n';
  it.each<[string, string, Uint8Array, boolean]>([
    ['takes its machine', entry, makeElf({ machine: 22, big: true }), true],
    ['takes a pie by the mask', entry, makeElf({ machine: 22, big: true, type: 3 }), true],
    ['leaves another machine', entry, makeElf({ machine: 62 }), false],
    ['is off', entry.replace('enabled', 'disabled'), makeElf({ machine: 22, big: true }), false],
    [
      'goes by extension',
      'enabled\ninterpreter /usr/bin/x\nextension .exe\n',
      makeElf({ machine: 22, big: true }),
      false,
    ],
    ['meets a short file', entry, Buffer.from('\x7fELF', 'latin1'), false],
  ])('%s', (_, text, bytes, matches) => {
    expect(binfmtMatches(text, bytes)).toBe(matches);
  });
});

describe('expectedNames', () => {
  const of = { series: '20.10', target: 'binary', arch: 'arm64', version: '20.10.12' };
  it.each([
    ['arm64 from .6 on', { version: '20.10.6' }, true],
    ['arm64 before .6', { version: 'v20.10.5' }, false],
    ['amd64 before .6', { arch: 'amd64', version: '20.10.0' }, true],
    ['s390x', { arch: 's390x' }, false],
    ['a version that says nothing', { version: 'dev' }, true],
    ['--without vpnkit', { without: ['vpnkit'] }, false],
  ])('vpnkit: %s', (_, changes, there) => {
    expect(expectedNames({ ...of, ...changes })?.includes('vpnkit')).toBe(there);
  });

  it('dynbinary is dockerd alone; another series is not known', () => {
    expect(expectedNames({ ...of, target: 'dynbinary' })).toEqual(['dockerd']);
    expect(expectedNames({ ...of, series: '99.1' })).toBeNull();
    expect(expectedNames(of)).toHaveLength(13);
  });
});

describe('versionLine', () => {
  it.each([
    ['Docker version 20.10.12, build 459d0df\n', 'Docker version 20.10.12, build 459d0df'],
    ['\nrunc version 1.0.2\ncommit: v1.0.2-0-g52b36a2d\n', 'runc version 1.0.2'],
    [
      '/out/containerd-shim-runc-v2:\n  Version:  1.6.20~ds1\n  Revision: \n  Go version: go1.19.8\n',
      'containerd-shim-runc-v2 1.6.20~ds1',
    ],
    ['containerd-shim:\n  Version:  \n  Revision: abc\n', 'containerd-shim:'],
    ['vpnkit:\r\n', 'vpnkit:'],
    [' \n\n', null],
  ])('%j', (text, line) => {
    expect(versionLine(text)).toBe(line);
  });
});

describe('readVersionText', () => {
  it.each([
    ['Docker version 20.10.12, build 459d0df', '20.10.12', '459d0df'],
    [
      'containerd github.com/containerd/containerd v1.4.12 7b11cfaabd73bb80907dd23182b9347b4245eb5d',
      'v1.4.12',
      '7b11cfaabd73bb80907dd23182b9347b4245eb5d',
    ],
    ['ctr github.com/containerd/containerd v1.4.12', 'v1.4.12', null],
    ['runc version 1.0.2\ncommit: v1.0.2-0-g52b36a2d\nspec: 1.0.2-dev\ngo: go1.16.12', '1.0.2', '52b36a2d'],
    ['runc version 1.1.4+ds1\ncommit: 1.1.4+ds1-1', '1.1.4+ds1', null],
    ['tini version 0.19.0 - git.de40ad0', '0.19.0', 'de40ad0'],
    ['rootlesskit version 0.14.4', '0.14.4', null],
    [
      'containerd-shim-runc-v2:\n  Version:  v1.4.12\n  Revision: 7b11cfaabd73bb80907dd23182b9347b4245eb5d\n',
      '1.4.12',
      '7b11cfaabd73bb80907dd23182b9347b4245eb5d',
    ],
    ['usage: x', null, null],
  ])('%j', (text, version, commit) => {
    expect(readVersionText(text)).toEqual({ version, commit });
  });

  it('reads only what dockerd prints as dockerd', () => {
    expect(readDockerdVersion('Docker version dev, build \n')).toEqual({ version: 'dev', gitCommit: '' });
    expect(readDockerdVersion('runc version 1.0.2')).toBeNull();
  });
});

describe('componentChecks', () => {
  const commit = `7b11cfa${'0'.repeat(33)}`;
  const runc = 'runc version 1.1.4\ncommit: v1.1.4-0-g5fd4c4d1\nspec: 1.0.2-dev';
  it.each<[PinnedComponent, string | null, string, RegExp]>([
    [
      { component: 'containerd', pin: commit },
      `containerd github.com/containerd/containerd v1.4.12 ${commit}`,
      'ok',
      /7b11cfa/,
    ],
    [
      { component: 'containerd', pin: '7b11cfa' },
      `containerd github.com/containerd/containerd v1.4.12 ${commit}`,
      'ok',
      /7b11cfa/,
    ],
    [
      { component: 'containerd', pin: '7b11cfb' },
      `containerd github.com/containerd/containerd v1.4.12 ${commit}`,
      'failed',
      /not 7b11cfb/,
    ],
    [
      { component: 'containerd', pin: 'v1.6.16' },
      'containerd github.com/containerd/containerd v1.6.16.m 31aa4358a',
      'ok',
      /v1\.6\.16/,
    ],
    // A clone without tags: git describes it by its commit.
    [
      { component: 'containerd', pin: 'v1.6.16' },
      'containerd github.com/containerd/containerd 31aa435 31aa435',
      'skipped',
      /./,
    ],
    [{ component: 'runc', pin: `5fd4c4d1${'0'.repeat(32)}` }, runc, 'ok', /1\.1\.4, commit 5fd4c4d1/],
    [{ component: 'runc', pin: 'v1.1.12' }, runc, 'failed', /it says 1\.1\.4, commit 5fd4c4d1, not v1\.1\.12/],
    [{ component: 'runc', pin: 'release-1.1' }, runc, 'skipped', /does not tell whether it is release-1\.1/],
    [{ component: 'runc', pin: 'v1.1.4-rc.1' }, runc, 'skipped', /./],
    [{ component: 'runc', pin: 'v1.1.4' }, 'runc version 1.1.4+ds1\ncommit: 1.1.4+ds1-1', 'ok', /./],
    [{ component: 'runc', pin: commit }, 'runc version 1.1.4+ds1\ncommit: 1.1.4+ds1-1', 'skipped', /./],
    [{ component: 'tini', pin: 'v0.18.0' }, 'tini version 0.19.0 - git.de40ad0', 'failed', /0\.19\.0/],
    [{ component: 'rootlesskit', pin: 'v0.14.4' }, 'rootlesskit version 0.14.4+dev', 'ok', /./],
    [{ component: 'rootlesskit', pin: 'v0.14.4' }, null, 'skipped', /rootlesskit was not run here/],
    [{ component: 'libnetwork', pin: commit }, null, 'skipped', /does not say what it is/],
  ])('%j: %j', (pin, text, result, seen) => {
    const name = pin.component === 'tini' ? 'docker-init' : pin.component;
    const [check] = componentChecks([pin], text === null ? {} : { [name]: text });
    expect(check).toMatchObject({ id: `component:${pin.component}`, result });
    expect(check?.seen).toMatch(seen);
  });
});

describe('readSumFile', () => {
  const digest = 'A'.repeat(32);
  it.each([
    [`${digest}  runc\n`, [{ digest: digest.toLowerCase(), name: 'runc' }]],
    [`${digest} *a b`, [{ digest: digest.toLowerCase(), name: 'a b' }]],
    [`${digest}  ../runc`, []],
    [`${digest}  ..`, []],
    [`${digest}AA  runc`, []],
    ['hello', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(readSumFile(text, 'md5')).toEqual(expected);
  });
});

describe('redact', () => {
  it('hides passwords wherever they stand, and nothing else', () => {
    expect(
      redact({
        buildArgs: {
          http_proxy: 'http://me:pw@proxy.example:3128',
          NPM_TOKEN: 'abc',
          GOPROXY: 'https://go.example|direct',
        },
        list: ['git=https://u@git.example/'],
        n: 1,
        none: null,
      }),
    ).toEqual({
      buildArgs: {
        http_proxy: 'http://***@proxy.example:3128',
        NPM_TOKEN: '***',
        GOPROXY: 'https://go.example|direct',
      },
      list: ['git=https://***@git.example/'],
      n: 1,
      none: null,
    });
    expect(redactText("DOCKER_BUILD_ARGS='--build-arg API_KEY=abc --build-arg X=1' make")).toBe(
      "DOCKER_BUILD_ARGS='--build-arg API_KEY=*** --build-arg X=1' make",
    );
    expect(redactText('https://mirror.example/https://github.com/x@v1')).toBe(
      'https://mirror.example/https://github.com/x@v1',
    );
  });

  it('hides them in the words of a command', () => {
    expect(
      redactWords([
        '--build-arg',
        'https_proxy=http://me:pw@proxy.example:3128',
        "NPM_TOKEN=it's two words",
        '--build-arg=API_KEY=x y',
        '--mirror',
        'git=https://git.example/{url}',
      ]),
    ).toEqual([
      '--build-arg',
      'https_proxy=http://***@proxy.example:3128',
      'NPM_TOKEN=***',
      '--build-arg=API_KEY=***',
      '--mirror',
      'git=https://git.example/{url}',
    ]);
  });
});

describe('installHints', () => {
  const input = {
    outDir: '/home/me/my out',
    target: 'binary',
    names: ['dockerd', 'containerd', 'rootlesskit'],
    arch: 'arm64',
    hostArch: 'arm64',
    rootless: false,
  };
  it('says how to install and how to go back, with the path quoted', () => {
    const hints = installHints(input);
    expect(hints.map(({ title }) => title.split(',')[0])).toEqual(['Install', 'Go back']);
    expect(hints[0]?.lines.join('\n')).toContain("'/home/me/my out'/. /opt/moby-build/");
  });

  it('takes away in going back all that installing put there', () => {
    const [install, back] = installHints(input).map(({ lines }) => lines.join('\n'));
    for (const path of ['/opt/moby-build', '/etc/systemd/system/docker.service.d/moby-build.conf']) {
      expect(install).toContain(path);
      expect(back).toMatch(new RegExp(`rm (?:-r )?${path}`));
    }
  });

  it('knows foreign binaries, rootless engines and dynbinary', () => {
    expect(installHints({ ...input, hostArch: 'amd64' })).toHaveLength(1);
    expect(installHints({ ...input, rootless: true }).at(-1)?.title).toContain('Rootless');
    expect(installHints({ ...input, target: 'dynbinary', names: ['dockerd'] }).at(-1)?.title).toContain('dockerd only');
  });
});
