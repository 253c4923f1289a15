import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeHostRoots } from '../../lab/lab.mjs';
import type { Hosts } from '../../lab/prepare/hosts.mjs';
import { debianMobyOrSkip } from '../../support/debian-moby.mjs';
import { finishedBuild } from './finished-build.ts';
import { HostRoot, makeDeb, mobyBuild, noRootsHere } from './host-root.ts';

const OLD = '20.10.24';
const NEW = '26.1.5';
const NAME = 'moby-build-engine';
const skipped = noRootsHere() !== null;
const trees = skipped ? [] : [OLD, NEW].map((version) => debianMobyOrSkip(version as typeof OLD | typeof NEW));

let dir: string;
let shared: string;
let hosts: Hosts;
let root: HostRoot;
const deb = (version: string) => `${version}/${NAME}_${version}-0mobybuild1_*.deb`;

describe.skipIf(skipped || trees.includes(null))('a deb in a bare Debian', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'moby-build-test-installed-'));
    shared = join(dir, 'shared');
    mkdirSync(shared);
    hosts = await makeHostRoots();
    for (const [at, version] of [OLD, NEW].entries()) {
      await finishedBuild(join(dir, version), version, trees[at] ?? '');
      mobyBuild(['pack', join(dir, version), '--format', 'deb', '--out', join(shared, version)]);
    }
  }, 900_000);
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  afterEach(() => {
    root.remove();
  });

  const state = () => root.sh(`dpkg-query -W -f '\${Status}' ${NAME} 2>/dev/null || echo none`);
  const links = async () => (await root.sh('ls /etc/rc?.d 2>/dev/null | grep docker || true')).split('\n').sort();

  it('is installed, upgraded, removed and purged without systemd; nothing is started or stopped', async () => {
    root = await HostRoot.open(hosts.plain, shared);
    expect(await root.sh('command -v systemctl.real /bin/systemctl || echo none')).toBe('none');
    await root.sh(`dpkg -i ${deb(OLD)}`);
    expect(await state()).toBe('install ok installed');
    expect(await root.sh(`dpkg --verify ${NAME}; dockerd --version; getent group docker | cut -d: -f1`)).toBe(
      `Docker version ${OLD}, build abcdef0\ndocker`,
    );
    // Registered in all runlevels, and off in each.
    expect(new Set(await links())).toEqual(new Set(['K01docker']));

    await root.sh(
      'update-rc.d docker enable; echo "A=1" >> /etc/default/docker; mkdir /var/lib/docker; touch /var/lib/docker/x',
    );
    const on = await links();
    expect(on).toContain('S01docker');
    await root.sh(`dpkg --force-confold -i ${deb(NEW)}`);
    expect(await root.sh('dockerd --version; tail -n 1 /etc/default/docker')).toBe(
      `Docker version ${NEW}, build abcdef0\nA=1`,
    );
    expect(await links()).toEqual(on);

    await root.sh(`dpkg -r ${NAME}`);
    expect(await state()).toBe('deinstall ok config-files');
    expect(await root.sh('ls /usr/bin/dockerd /usr/lib/systemd/system/docker.service 2>/dev/null || true')).toBe('');
    expect(await root.sh('tail -n 1 /etc/default/docker')).toBe('A=1');
    expect(await links()).toEqual(on);

    await root.sh(`dpkg -P ${NAME}`);
    expect(await state()).toBe('none');
    expect(await links()).toEqual(['']);
    const left = `ls -d /etc/default/docker /etc/init.d/docker /usr/share/doc/${NAME} /usr/lib/systemd/system/docker* 2>/dev/null || true`;
    expect(await root.sh(left)).toBe('');
    // Files of users stay, and the group that they belong to.
    expect(await root.sh('ls /var/lib/docker; getent group docker | cut -d: -f1')).toBe('x\ndocker');

    expect(await root.recorded()).toEqual([]);
    // The script of the tree makes it when it starts.
    expect(await root.sh('ls /var/log/docker.log /var/run/docker*.pid 2>/dev/null || true')).toBe('');
  });

  it.each([OLD, NEW])('%s lets a running systemd read its units, and asks it for nothing else', async (version) => {
    root = await HostRoot.open(hosts.plain, shared);
    const booted = 'mkdir -p /run/systemd/system';
    await root.sh(`${booted}; dpkg -i ${deb(version)}; dpkg -r ${NAME}; dpkg -P ${NAME}`);
    const asked = await root.recorded();
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked)).toEqual(new Set(['systemctl daemon-reload']));
  });

  describe('with a docker.io', () => {
    beforeAll(() => {
      const files = {
        'usr/sbin/dockerd': '#!/bin/sh\n',
        'etc/default/docker': 'B=1\n',
        'etc/init.d/docker': '#!/bin/sh\n',
        'lib/systemd/system/docker.service': '[Unit]\n',
        'DEBIAN/conffiles': '/etc/default/docker\n/etc/init.d/docker\n',
        'DEBIAN/prerm': '#!/bin/sh\nset -e\ninvoke-rc.d docker stop\n',
        'DEBIAN/postrm': '#!/bin/sh\nset -e\nif [ "$1" = purge ]; then update-rc.d docker remove >/dev/null; fi\n',
      };
      const control = ['Package: docker.io', 'Version: 20.10.24+dfsg1-1', 'Architecture: all'];
      const rest = ['Maintainer: m <m@example.com>', 'Description: a stand-in'];
      makeDeb(join(shared, 'docker.io.deb'), [...control, ...rest], files);
    });

    it('takes its place, keeps the settings that were changed, and outlives the rest of it', async () => {
      root = await HostRoot.open(hosts.plain, shared);
      await root.sh('dpkg -i docker.io.deb; echo B=2 >> /etc/default/docker');
      await root.sh(`dpkg --force-confold -i ${deb(NEW)}`);
      const other = "dpkg-query -W -f '${db:Status-Status}' docker.io";
      expect(await root.sh(other)).toBe('config-files');
      expect(await state()).toBe('install ok installed');
      // What was stopped was stopped by its own package.
      expect(await root.recorded()).toEqual(['invoke-rc.d docker stop']);
      expect(await root.sh('cat /etc/default/docker')).toContain('B=2');
      await root.sh('dpkg -P docker.io || true');
      expect(await root.sh('dockerd --version; head -n 1 /etc/init.d/docker; cat /etc/default/docker')).toContain(
        `Docker version ${NEW}`,
      );
    });

    it('is not put beside this package by dpkg; apt takes this package away for it', async () => {
      root = await HostRoot.open(hosts.plain, shared);
      await root.sh(`dpkg -i ${deb(NEW)}`);
      const { status, said } = await root.tried('dpkg -i docker.io.deb');
      expect([status, said]).toEqual([1, expect.stringContaining(`${NAME} conflicts with docker.io`)]);
      expect(await root.sh(`dpkg --verify ${NAME}`)).toBe('');
      expect(await state()).toBe('install ok installed');
      const plan = await root.sh('apt-get install --simulate --yes ./docker.io.deb');
      expect(plan).toMatch(new RegExp(`^Remv ${NAME} `, 'mu'));
      expect(await root.recorded()).toEqual([]);
    });
  });
});
