import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { canaryDockerfile, readCanary } from '../../../src/seal/canary.ts';
import { hostNotReached, namesBehind, placeOf } from '../../../src/seal/sealed-hosts.ts';
import { sealedName } from '../../../src/seal/sealed-builder.ts';

const TREE = 'ARG GOLANG_IMAGE=golang:1.21\nFROM --platform=$BUILDPLATFORM ${GOLANG_IMAGE} AS base\nRUN true\n';
const none = { name: 'host.example', network: { is: 'none' } } as const;

describe('the canary', () => {
  it('is a last stage on the image of stage base, whose script is data', () => {
    const text = canaryDockerfile({ ...none, dockerfile: TREE });
    expect(text.startsWith(TREE.trimEnd())).toBe(true);
    expect(text).toContain('\nFROM --platform=$BUILDPLATFORM ${GOLANG_IMAGE} AS moby-build-canary\nRUN ["bash","-c",');
    expect(text.trimEnd().split('\n').at(-1)).toContain("NAME='host.example'");
  });

  it.each([
    ['no stage base', 'FROM scratch AS binary\n', /no stage base/u],
    ['a step with a network of its own', `${TREE}RUN --network=default make\n`, /Dockerfile:4 .*--network=default/u],
    [
      'a step with the host’s network',
      `${TREE}RUN --mount=type=cache,target=/x --network=host make\n`,
      /--network=host/u,
    ],
  ])('is refused: %s', (_, dockerfile, message) => {
    expect(() => canaryDockerfile({ ...none, dockerfile })).toThrow(message);
  });

  it('takes a step without network, and behind a proxy any network, which leads to the same place', () => {
    expect(canaryDockerfile({ ...none, dockerfile: `${TREE}RUN --network=none make\n` })).toContain('canary');
    const network = { is: 'proxy', gateway: '172.18.0.1' } as const;
    const text = canaryDockerfile({ name: 'x.example', network, dockerfile: `${TREE}RUN --network=host make\n` });
    expect(text).toContain("ADDRESSES='192.0.2.1 2001:db8::1 172.17.0.1'");
  });

  it.each([
    ['#5 0.2 sealed build, canary: nothing reached\n#5 ERROR: exit code: 77', { is: 'sealed' }],
    ['#5 0.2 sealed build, canary: reached device-eth0 name-x', { is: 'open', what: 'device-eth0 name-x' }],
    [
      '#5 [moby-build-canary 2/2] RUN ["bash","-c","echo \\"sealed build, canary: nothing reached\\""]',
      { is: 'unknown' },
    ],
    ['ERROR: failed to solve: golang: not found', { is: 'unknown' }],
  ])('reads %j', (output, saw) => {
    expect(readCanary(output)).toEqual(saw);
  });

  it('is a script that bash reads', () => {
    const line =
      canaryDockerfile({ ...none, dockerfile: TREE })
        .trimEnd()
        .split('\n')
        .at(-1) ?? '';
    const [bash = '', flag = '', script = ''] = JSON.parse(line.slice('RUN '.length)) as string[];
    execFileSync(bash, ['-n', flag, script]);
  });
});

describe('hosts of a sealed build', () => {
  it('are names, and for Docker Hub those that serve it', () => {
    const hosts = namesBehind([
      'mirror.example:8443',
      'MIRROR.example',
      '<go default>',
      '',
      'docker.io',
      '[2001:db8::2]:80',
    ]);
    expect(hosts).toEqual([
      ...['2001:db8::2', 'auth.docker.io', 'docker.io', 'mirror.example'],
      ...['production.cloudflare.docker.com', 'registry-1.docker.io'],
    ]);
  });

  it.each([
    ['curl: (6) Could not resolve host: leak.example', 'leak.example'],
    ["  E: Failed to fetch http://x/  Temporary failure resolving 'deb.example'", 'deb.example'],
    ['wget: unable to resolve host address ‘w.example’', 'w.example'],
    ['curl: (7) Failed to connect to c.example port 443 after 0 ms', 'c.example'],
    ['dial tcp: lookup modules.example on 127.0.0.11:53: server misbehaving', 'modules.example'],
    ['gcc: error: x.c: no such file', null],
  ])('are told by a line: %s', (line, host) => {
    expect(hostNotReached(['nothing', line])).toBe(host);
  });

  it('stand somewhere in the tree', () => {
    const files = new Map([
      ['hack/a.sh', { text: 'x\ncurl http://leak.example/\n' }],
      ['Dockerfile', { text: 'FROM x\n\nRUN curl http://other-leak.example.com/ leak.example' }],
    ]);
    expect(placeOf('leak.example', files)).toEqual({ file: 'Dockerfile', line: 3 });
    expect(placeOf('other-leak.example', files)).toBeNull();
  });

  it('have a builder whose name is that of the work dir', () => {
    expect(sealedName('/a')).toMatch(/^mobybuild-seal-[0-9a-f]{12}$/u);
    expect(sealedName('/a')).not.toBe(sealedName('/b'));
  });
});
