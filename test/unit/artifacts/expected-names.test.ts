import { describe, expect, it } from 'vitest';
import { expectedNames } from '../../../src/moby/expected-names.ts';

const RUNTIME = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'docker-init', 'runc'];
const DAEMON = ['docker-proxy', 'dockerd'];
const ROOTLESS = ['dockerd-rootless-setuptool.sh', 'dockerd-rootless.sh', 'rootlesskit'];

describe('expectedNames of the series', () => {
  it.each<[string, string, string, string, readonly string[]]>([
    ['22.06', 'v22.06.0-beta.0', 'dynbinary', 'amd64', DAEMON],
    [
      '22.06',
      'v22.06.0-beta.0',
      'binary',
      'arm64',
      [...DAEMON, ...RUNTIME, ...ROOTLESS, 'containerd-shim', 'rootlesskit-docker-proxy', 'vpnkit'],
    ],
    ['23.0', 'v23.0.0', 'binary', 'arm64', DAEMON],
    ['29', 'docker-v29.7.2', 'dynbinary', 'amd64', DAEMON],
    ['23.0', 'v23.0.18', 'all', 'amd64', [...DAEMON, ...RUNTIME, ...ROOTLESS, 'rootlesskit-docker-proxy', 'vpnkit']],
    ['27', 'v27.5.1', 'all', 's390x', [...DAEMON, ...RUNTIME, ...ROOTLESS, 'rootlesskit-docker-proxy']],
    ['28', 'v28.0.0-rc.1', 'all', 'arm64', [...DAEMON, ...RUNTIME, ...ROOTLESS, 'vpnkit']],
    ['29', 'docker-v29.4.3', 'all', 'amd64', [...DAEMON, ...RUNTIME, ...ROOTLESS, 'vpnkit']],
    ['29', 'docker-v29.5.0', 'all', 'amd64', [...DAEMON, ...RUNTIME, ...ROOTLESS]],
    ['29', 'unknown', 'all', 'amd64', [...DAEMON, ...RUNTIME, ...ROOTLESS]],
  ])('%s (%s) %s for %s', (series, version, target, arch, names) => {
    const found = expectedNames({ series, target, arch, version });
    expect([...(found ?? [])].sort()).toEqual([...names].sort());
    expect(new Set(found).size).toBe(found?.length);
  });

  it('leaves out what was asked for', () => {
    const of = { series: '26.1', target: 'all', arch: 'amd64', version: 'v26.1.5' };
    expect(expectedNames(of)).toContain('vpnkit');
    expect(expectedNames({ ...of, without: ['vpnkit'] })).not.toContain('vpnkit');
  });
});
