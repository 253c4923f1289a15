import { describe, expect, it } from 'vitest';
import { shareable } from '../../../src/doctor/further/share.ts';
import { installSteps } from '../../../src/doctor/install.ts';
import { check } from './fixtures.ts';

const ann = { userName: 'ann', hostName: 'box.corp.example' };

describe('a report to share', () => {
  it.each([
    ['/home/ann/.cache/moby-build cannot be written by ann', 'PATH cannot be written by NAME'],
    ['2.39.5 (/usr/bin/git)', '2.39.5 (/usr/bin/git)'],
    ['28.2.2 (/opt/secret/docker)', '28.2.2 (PATH)'],
    ['20.10.24 (unix:///var/run/docker.sock)', '20.10.24 (unix:///var/run/docker.sock)'],
    ['20.10.24 (unix:///run/user/1000/docker.sock, context mine)', '20.10.24 (PATH, context NAME)'],
    ['20.10.24 (tcp://10.1.2.3:2376, context default)', '20.10.24 (tcp://HOST, context default)'],
    ['git.corp.example: ENOTFOUND', 'HOST: ENOTFOUND'],
    ['proxy.corp.example:3128, and this environment says 192.0.2.7:1080', 'HOST, and this environment says ADDRESS'],
    ['asks 2001:db8::53 on box', 'asks ADDRESS on NAME'],
    ['getent hosts git.example   # then see /etc/resolv.conf', 'getent hosts HOST   # then see /etc/resolv.conf'],
    ['sudo apt-get install -y docker.io docker-buildx', 'sudo apt-get install -y docker.io docker-buildx'],
    ['v20.10.12, series 20.10: end-of-life', 'v20.10.12, series 20.10: end-of-life'],
    ['the answer to annual questions', 'the answer to annual questions'],
    ['SSL_CERT_FILE=/srv/ca.pem is not there', 'SSL_CERT_FILE=PATH is not there'],
    ['~/moby is used', 'PATH is used'],
    ['none, and this environment says proxy:3128', 'none, and this environment says HOST'],
    ['builder mine (docker-container)', 'builder NAME (docker-container)'],
    ['docker builder prune   # gives back', 'docker builder prune   # gives back'],
    ['DOCKER_HOST=ssh://ann@box wins over DOCKER_CONTEXT=far', 'DOCKER_HOST=ssh://HOST wins over DOCKER_CONTEXT=NAME'],
    ['at unix:///var/run/docker.sock. Is it', 'at unix:///var/run/docker.sock. Is it'],
    ['/srv/ann/x: no. See /srv/y.', 'PATH: no. See PATH.'],
    [
      'Install the plugin: https://github.com/docker/buildx#installing',
      'Install the plugin: https://github.com/docker/buildx#installing',
    ],
    ['http://ann:word@git.example:80/x', 'http://HOST'],
    ['/proc/sys/net/ipv4/ip_forward is not there', '/proc/sys/net/ipv4/ip_forward is not there'],
  ])('%s', (text, shared) => {
    expect(shareable(text, ann)).toBe(shared);
  });

  it('keeps root, which everybody has', () => {
    expect(shareable('root may', { userName: 'root', hostName: 'localhost' })).toBe('root may');
  });
});

describe('the commands of --fix', () => {
  it.each<[string, readonly string[], readonly (readonly string[])[]]>([
    [
      'apt, joined, after an update',
      ['sudo apt-get install -y git', 'sudo apt-get install -y make git'],
      [
        ['sudo', 'apt-get', 'update'],
        ['sudo', 'apt-get', 'install', '-y', 'git', 'make'],
      ],
    ],
    ['dnf as root', ['dnf install -y make'], [['dnf', 'install', '-y', 'make']]],
    ['pacman asks nothing', ['pacman -S --needed git'], [['pacman', '-S', '--needed', 'git', '--noconfirm']]],
    ['nothing that is no install', ['docker builder prune', 'unset X', 'Install git.'], []],
    ['nothing with a remark', ['apt-get install -y docker.io   # then with --docker /usr/bin/docker'], []],
  ])('%s', (_, fixes, steps) => {
    expect(installSteps(fixes)).toEqual(steps);
  });
});

describe('docker from snap', () => {
  it.each([
    ['/snap/bin/docker', '/snap/bin/docker', '/home/ann/.cache/moby-build', 'failed'],
    ['/usr/local/bin/docker', '/var/lib/snapd/snap/docker/1/bin/docker', '/home/ann/.cache/moby-build', 'failed'],
    ['/snap/bin/docker', '/usr/bin/snap', '/tmp/work', 'failed'],
    ['/snap/bin/docker', '/usr/bin/snap', '/home/ann/work', 'ok'],
    ['/usr/bin/docker', '/usr/bin/docker', '/home/ann/.cache/moby-build', 'ok'],
  ])('%s, which is %s, with %s: %s', async (clientPath, real, workDir, result) => {
    const found = (
      await check({
        engine: { clientPath },
        machine: { realPath: () => Promise.resolve(real) },
        context: { workDir },
      })
    ).of('docker-snap');
    expect(found?.result).toBe(result);
    if (result === 'failed')
      expect(found?.fix).toMatch(/^moby-build --ref v20\.10\.12 --work-dir \/home\/ann\/moby-build {3}#/u);
  });

  it.each([
    ['--netrc', '/home/ann/.netrc', 'failed'],
    ['--in-place', '/srv/moby', 'failed'],
    ['--netrc', '/home/ann/logins', 'ok'],
  ])('%s %s, which the client reads itself: %s', async (option, path, result) => {
    const found = (
      await check({
        engine: { clientPath: '/snap/bin/docker' },
        context: { workDir: '/home/ann/work', clientReads: [{ option, path }] },
      })
    ).of('docker-snap');
    expect(found?.result).toBe(result);
    if (result === 'failed') expect(found?.seen).toContain(`${path} of ${option}`);
  });
});

describe('a client whose version of the API the engine does not speak', () => {
  it.each([
    [{ DOCKER_API_VERSION: '1.41' }, /^unset DOCKER_API_VERSION/],
    [{}, /choose a client with --docker/],
  ])('%j', async (env, fix) => {
    const refused = { kind: 'api-version', message: 'client version 1.41 is too old' };
    const found = (await check({ engine: { refused }, context: { env } })).of('engine');
    expect(found).toMatchObject({ result: 'failed' });
    expect(found?.fix).toMatch(fix);
  });
});
