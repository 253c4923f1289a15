import { describe, expect, it } from 'vitest';
import { packageContents } from '../../../src/packages/content/contents.ts';
import { debControl, debFile } from '../../../src/packages/content/control.ts';
import { packageVersion } from '../../../src/packages/content/package-version.ts';
import { libraryDependencies, libraryRequirements, othersOf } from '../../../src/packages/content/relations.ts';
import { rpmFile, rpmSpec } from '../../../src/packages/content/spec.ts';
import { staticArchives } from '../../../src/packages/content/static-archives.ts';
import { dropInFor, openrcFor } from '../../../src/packages/content/units.ts';
import { sourceDate } from '../../../src/artifacts/source-date.ts';

describe('the version of a package', () => {
  it.each([
    ['v20.10.12', '20.10.12', '20.10.12'],
    ['docker-v29.0.1', '29.0.1', '29.0.1'],
    ['refs/tags/v26.1.5', '26.1.5', '26.1.5'],
    ['v22.06.0-beta.0', '22.06.0-beta.0', '22.06.0~beta.0'],
    ['v25.0.0-rc.3', '25.0.0-rc.3', '25.0.0~rc.3'],
    ['v25.0.0-a_b-c', '25.0.0-a_b-c', '25.0.0~a.b.c'],
    ['master', '0-git.0123456789ab', '0~git.0123456789ab'],
  ])('%s', (ref, archive, upstream) => {
    expect(packageVersion(ref, '0123456789abcdef')).toEqual({ archive, upstream });
  });

  it('of a tree without a commit', () => {
    expect(packageVersion('master', null).upstream).toBe('0~git.unknown');
  });
});

describe('the drop-in', () => {
  const start = 'ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock';
  it.each([
    ['own', 'Wants=containerd.service', start, '/usr/bin/dockerd -H fd://'],
    ['own', '', 'ExecStart=/usr/bin/dockerd --containerd /c.sock --debug', '/usr/bin/dockerd --debug'],
    // Debian's own unit.
    ['own', '', 'ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS', '/usr/bin/dockerd -H fd:// $DOCKER_OPTS'],
    [
      'outside',
      'BindsTo=containerd.service',
      'ExecStart=-/opt/bin/dockerd --containerd=/c',
      '-/usr/bin/dockerd --containerd=/c',
    ],
  ] as const)('for %s: %s %s', (containerd, unit, line, command) => {
    const made = dropInFor(`[Unit]\n${unit}\n[Service]\n${line}\n`, containerd);
    const ends = `[Service]\nExecStart=\nExecStart=${command}\n`;
    expect(made.kind === 'text' ? made.text.slice(-ends.length) : made).toBe(ends);
  });

  it('is not needed where the unit fits, and impossible where it is bound to an outside containerd', () => {
    expect(dropInFor('[Service]\nExecStart=/usr/bin/dockerd -H fd://\n', 'own')).toEqual({ kind: 'not-needed' });
    expect(dropInFor(`[Service]\n${start}\n`, 'outside')).toEqual({ kind: 'not-needed' });
    const line = 'BindsTo=containerd.service';
    expect(dropInFor(`[Unit]\n${line}\n[Service]\n${start}\n`, 'own')).toEqual({ kind: 'impossible', line });
  });
});

describe("OpenRC's settings", () => {
  const treeOf = (script: string) => ({
    schema: 'moby-build/tree-files/v1' as const,
    commit: null,
    files: [
      { path: 'contrib/init/openrc/docker.confd', text: 'DOCKER_OPTS=""\n' },
      { path: 'contrib/init/openrc/docker.initd', text: script },
    ],
  });
  it.each([
    ['own', 'depend() {\n\tneed containerd\n}\n', true],
    ['own', 'depend() { :\n\tneed sysfs containerd net\n}\n', true],
    ['own', 'depend() {\n\tneed sysfs\n}\n# containerd\n', false],
    ['outside', 'depend() {\n\tneed containerd\n}\n', false],
  ] as const)('for %s and %j', (containerd, script, changed) => {
    const [confd, initd] = openrcFor(treeOf(script), containerd).files.map(({ text }) => text);
    expect(confd).toBe(
      changed
        ? 'DOCKER_OPTS=""\n\n# dockerd starts the containerd of this package itself, so no service of it is needed.\nrc_need="!containerd"\n'
        : 'DOCKER_OPTS=""\n',
    );
    expect(initd).toBe(script);
  });
});

describe('what a package says', () => {
  const metadata = {
    version: packageVersion('v25.0.0-beta.1', null),
    arch: 'arm',
    depends: ['iptables'],
    others: ['docker.io', 'runc'],
    commit: null,
  } as const;

  it('in the words of Debian', () => {
    expect(debFile(metadata)).toBe('moby-build-engine_25.0.0~beta.1-0mobybuild1_armhf.deb');
    const control = debControl(metadata, 2049).split('\n');
    for (const line of [
      'Architecture: armhf',
      'Installed-Size: 3',
      'Conflicts: docker.io, runc',
      'Replaces: docker.io, runc',
    ])
      expect(control).toContain(line);
  });

  it('in the words of rpm', () => {
    expect(rpmFile(metadata)).toBe('moby-build-engine-25.0.0~beta.1-0mobybuild1.armv7hl.rpm');
    const entries = [{ path: 'etc/sysconfig/docker', mode: 0o644, from: { text: '' }, config: true }] as const;
    const spec = rpmSpec(metadata, entries, '/tmp/root');
    expect(spec).toContain('%attr(0644, root, root) %config(noreplace) /etc/sysconfig/docker');
    expect(spec).toContain('%global __os_install_post %{nil}');
  });

  it('requires libraries of an rpm in the form in which glibc provides them', () => {
    expect(libraryRequirements(['ld-linux-aarch64.so.1', 'libc.so.6'], 'arm64')).toEqual([
      'ld-linux-aarch64.so.1()(64bit)',
      'libc.so.6()(64bit)',
    ]);
    expect(libraryRequirements(['libc.so.6'], 'arm')).toEqual(['libc.so.6']);
  });

  it('names others by the files that both hold', () => {
    expect(othersOf(['dockerd'], 'deb')).not.toContain('runc');
    expect(othersOf(['dockerd', 'containerd', 'runc'], 'deb')).toEqual(
      expect.arrayContaining(['docker.io', 'docker-ce', 'moby-engine', 'containerd', 'containerd.io', 'runc']),
    );
  });

  it.each([
    [[], null, [], []],
    [['ld-linux-x86-64.so.2', 'libc.so.6'], '2.34', ['libc6 (>= 2.34)'], []],
    [['libseccomp.so.2', 'libodd.so.9'], null, ['libseccomp2'], ['libodd.so.9']],
  ])('libraries %j', (sonames, glibc, depends, unknown) => {
    expect(libraryDependencies(sonames, glibc)).toEqual({ depends, unknown });
  });
});

describe('the files of a package', () => {
  const binaries = ['dockerd', 'rootlesskit', 'dockerd-rootless.sh'].map((name) => ({ name, path: `/out/${name}` }));
  const tree = {
    schema: 'moby-build/tree-files/v1',
    commit: null,
    files: [
      { path: 'LICENSE', text: 'terms' },
      { path: 'contrib/init/systemd/docker.service', text: '[Unit]' },
      { path: 'contrib/init/sysvinit-debian/docker', text: '#!/bin/sh' },
    ],
  } as const;
  const kept = { ...tree, files: [...tree.files] };

  it('of a deb', () => {
    const entries = packageContents('deb', binaries, kept, '[Service]');
    expect(entries.map(({ path, mode, config }) => [path, mode.toString(8), config === true])).toEqual([
      ['etc/init.d/docker', '755', true],
      ['usr/bin/dockerd', '755', false],
      ['usr/bin/dockerd-rootless.sh', '755', false],
      ['usr/bin/rootlesskit', '755', false],
      ['usr/lib/systemd/system/docker.service', '644', false],
      ['usr/lib/systemd/system/docker.service.d/10-moby-build.conf', '644', false],
      ['usr/share/doc/moby-build-engine/copyright', '644', false],
    ]);
  });

  it('of the archives, rootless extras apart', () => {
    const archives = staticArchives(binaries, packageVersion('v20.10.12', null), kept);
    expect(archives.map(({ file, entries }) => [file, entries.length])).toEqual([
      ['docker-20.10.12.tgz', 1],
      ['docker-rootless-extras-20.10.12.tgz', 2],
      ['docker-init-scripts-20.10.12.tgz', 3],
    ]);
    expect(staticArchives(binaries, packageVersion('v20.10.12', null), null)).toHaveLength(2);
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  it('counts, and without it the time is fixed', () => {
    expect(sourceDate({ SOURCE_DATE_EPOCH: '1700000000' })).toBe(1_700_000_000);
    expect(sourceDate({})).toBe(sourceDate({ SOURCE_DATE_EPOCH: '' }));
  });

  it.each(['-1', 'now', '1.5', '9999999999'])('%s is refused', (value) => {
    expect(() => sourceDate({ SOURCE_DATE_EPOCH: value })).toThrow('SOURCE_DATE_EPOCH');
  });
});
