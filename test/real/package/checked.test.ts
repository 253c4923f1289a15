import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { makeHostRoots } from '../../lab/lab.mjs';
import type { Hosts } from '../../lab/prepare/hosts.mjs';
import { debianMobyOrSkip } from '../../support/debian-moby.mjs';
import { finishedBuild } from './finished-build.ts';
import { HostRoot, mobyBuild, noRootsHere } from './host-root.ts';

const VERSIONS = ['20.10.24', '26.1.5'] as const;
const NEW = VERSIONS[1];
const NAME = 'moby-build-engine';
const skipped = noRootsHere() !== null;
const trees = skipped ? [] : VERSIONS.map((version) => debianMobyOrSkip(version));

/** The tags of a checker that docs/packages.md argues. */
function argued(checker: string): ReadonlySet<string> {
  const text = readFileSync(join(packageRoot(), 'docs/packages.md'), 'utf8');
  const table = text.split(`${checker} says these`)[1]?.split(/\n\n(?!\|)/u)[0] ?? '';
  return new Set([...table.matchAll(/`([\w-]+)`(?=[^\n]*\|[^\n]*\|)/gu)].map(([, tag = '']) => tag));
}
/** What checkers say of genuine binaries, and not of the small programs here; and of these alone. */
const OF_GENUINE = ['unstripped-binary-or-object', 'shared-library-lacks-prerequisites'];
const OF_STAND_INS = 'missing-PT_GNU_STACK-section';

describe.skipIf(skipped || trees.includes(null))('the checkers of the distributions', () => {
  let dir: string;
  let shared: string;
  let hosts: Hosts;
  let root: HostRoot;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'moby-build-test-checked-'));
    shared = join(dir, 'shared');
    mkdirSync(shared);
    hosts = await makeHostRoots();
    for (const [at, version] of VERSIONS.entries()) {
      await finishedBuild(join(dir, version), version, trees[at] ?? '');
      mobyBuild(['pack', join(dir, version), '--format', 'deb', '--out', join(shared, version)]);
    }
  }, 900_000);
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(async ({ task }) => {
    root = await HostRoot.open(task.name.includes('OpenRC') ? hosts.openrc : hosts.checks, shared);
  });
  afterEach(() => {
    root.remove();
  });

  it.each(VERSIONS)('systemd-analyze finds no fault in the units of %s, and one that is put in', async (version) => {
    await root.sh(`dpkg -i ${version}/*.deb`);
    const verify = 'systemd-analyze verify docker.service docker.socket';
    expect(await root.tried(verify)).toEqual({ status: 0, said: '' });
    const dropIn = '/usr/lib/systemd/system/docker.service.d/99-fault.conf';
    await root.sh(`mkdir -p "$(dirname ${dropIn})"; printf '[Service]\\nExecStart=\\nExecStart=/none\\n' > ${dropIn}`);
    expect((await root.tried(verify)).said).toContain('/none is not executable');
  });

  it('lintian has nothing to say but what is argued', async () => {
    const said = await root.sh('lintian --no-cfg --allow-root --fail-on none */*.deb');
    const tags = new Set([...said.matchAll(/^[EWI]: moby-build-engine: ([\w-]+)/gmu)].map(([, tag = '']) => tag));
    expect([...argued('lintian')].toSorted()).toEqual([...tags, ...OF_GENUINE].toSorted());
  });

  it("Debian's rpmbuild makes an rpm, with the same bytes each time, that rpm reads, installs and removes", async () => {
    root.standIn(join(dir, 'bin'), 'rpmbuild');
    const path = `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`;
    const made = ['rpm', 'rpm-again'].map((name) => {
      mobyBuild(['pack', join(dir, NEW), '--format', 'rpm', '--out', join(shared, name)], path);
      const [file = ''] = readdirSync(join(shared, name)).filter((each) => each.endsWith('.rpm'));
      return readFileSync(join(shared, name, file));
    });
    expect(made[1]?.equals(made[0] ?? Buffer.alloc(0))).toBe(true);
    const asked = '%{NAME} %{VERSION} %{RELEASE} %{BUILDTIME} %{BUILDHOST} %{LICENSE}';
    expect(await root.sh(`rpm -qp --qf '${asked}' rpm/*.rpm`)).toBe(
      `${NAME} ${NEW} 0mobybuild1 1700000000 moby-build Apache-2.0`,
    );
    expect(await root.sh('rpm -K rpm/*.rpm')).toMatch(/: digests OK$/u);
    const listed = (await root.sh('rpm -qp --dump rpm/*.rpm')).split('\n').map((line) => line.split(' '));
    expect(new Set(listed.map(([, , , , , owner, group]) => `${owner ?? ''}:${group ?? ''}`))).toEqual(
      new Set(['root:root']),
    );
    expect(await root.sh('rpm -qpc rpm/*.rpm')).toBe('/etc/rc.d/init.d/docker\n/etc/sysconfig/docker');
    expect((await root.sh('rpm -qp --conflicts rpm/*.rpm')).split('\n')).toContain('docker-ce');

    // A host without systemd, where chkconfig is; rpm's scripts have a PATH of their own.
    await root.sh(`rm /usr/bin/systemctl /usr/local/sbin/systemctl
      printf '#!/bin/sh\\necho "chkconfig $*" >> /var/recorded\\n' > /usr/sbin/chkconfig; chmod 755 /usr/sbin/chkconfig`);
    await root.sh('rpm --force-debian --nodeps -i rpm/*.rpm; dockerd --version; getent group docker');
    expect(await root.recorded()).toEqual(['chkconfig --add docker', 'chkconfig docker off']);
    expect(await root.sh(`rpm -V --nodeps ${NAME}`)).toBe('');
    await root.sh(`echo A=1 >> /etc/sysconfig/docker; rpm --force-debian --nodeps -U --force rpm-again/*.rpm`);
    expect(await root.sh('tail -n 1 /etc/sysconfig/docker')).toBe('A=1');
    expect(await root.recorded()).toEqual([]);
    await root.sh(`rpm --force-debian --nodeps -e ${NAME}`);
    expect(await root.recorded()).toEqual(['chkconfig --del docker']);
    expect(await root.sh('ls /usr/bin/dockerd 2>/dev/null || true; cat /etc/sysconfig/docker.rpmsave')).toContain(
      'A=1',
    );
  });

  it('rpmlint has nothing to say but what is argued', async () => {
    root.standIn(join(dir, 'bin'), 'rpmbuild');
    const path = `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`;
    mobyBuild(['pack', join(dir, NEW), '--format', 'rpm', '--out', join(shared, 'rpm')], path);
    const { said } = await root.tried('rpmlint rpm/*.rpm');
    const tags = new Set([...said.matchAll(/^moby-build-engine\.\w+: [EW]: ([\w-]+)/gmu)].map(([, tag = '']) => tag));
    const genuine = [OF_STAND_INS, 'unstripped-binary-or-object'];
    expect([...argued('rpmlint'), OF_STAND_INS].toSorted()).toEqual([...new Set([...tags, ...genuine])].toSorted());
  });

  it('OpenRC knows the script, off until it is enabled, and forgets it with the package', async () => {
    await root.sh(`dpkg -i ${NEW}/*.deb`);
    const shown = () => root.sh('rc-update show | grep docker || true');
    expect(await shown()).toBe('');
    await root.sh('update-rc.d docker enable');
    expect(await shown()).toMatch(/docker \| +default/u);
    await root.sh(`dpkg -P ${NAME}`);
    expect(await shown()).toBe('');
    expect(await root.recorded()).toEqual([]);
  });

  it('OpenRC misses no service with the scripts of the archive', async () => {
    mobyBuild(['pack', join(dir, NEW), '--format', 'tgz', '--out', join(shared, 'tgz')]);
    await root.sh(
      'tar -xzf tgz/docker-init-scripts-*.tgz -C /root; cp -r /root/docker-init-scripts/openrc /root/openrc',
    );
    const prepare = `mkdir -p /run/openrc /etc/conf.d; install -m 755 /root/openrc/docker.initd /etc/init.d/docker`;
    // What the settings take away is asked for without them.
    expect((await root.tried(`${prepare}; rc-update -u`)).said).toContain("`docker' needs non existent service");
    const settings = 'install -m 644 /root/openrc/docker.confd /etc/conf.d/docker';
    expect((await root.tried(`${prepare}; ${settings}; rc-update -u`)).said).not.toContain("`docker' needs");
    expect(await root.sh(`${prepare}; rc-update add docker default; rc-update show | grep docker`)).toContain(
      'default',
    );
  });
});
