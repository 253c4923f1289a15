import { describe, expect, it } from 'vitest';
import { DOCKER_HUB_KEY, mergeDockerConfig } from '../../../src/make/engine/docker-config.ts';
import type { MobyBuildError } from '../../../src/errors.ts';
import { loginsFor } from '../../../src/run/compile/registry-logins.ts';
import { lightTree, scanOf } from '../mirrors/fixtures.ts';

const CORP = { registry: 'registry.corp.example', login: 'me', password: 'pass:word' };
const AUTH = Buffer.from('me:pass:word').toString('base64');

describe('mergeDockerConfig', () => {
  it('makes one where there is none', () => {
    expect(JSON.parse(mergeDockerConfig(null, 'f', [CORP]))).toEqual({
      auths: { 'registry.corp.example': { auth: AUTH } },
      credHelpers: { 'registry.corp.example': '' },
    });
  });

  it('keeps all of the user’s, and asks no helper for these registries alone', () => {
    const theirs = {
      currentContext: 'far',
      credsStore: 'desktop',
      credHelpers: { 'registry.corp.example': 'gcloud', 'other.example': 'ecr-login' },
      auths: { 'registry.corp.example': { auth: 'b2xk' }, 'third.example': { auth: 'eA==' } },
      proxies: { default: { httpProxy: 'http://p' } },
    };
    expect(JSON.parse(mergeDockerConfig(JSON.stringify(theirs), 'f', [CORP]))).toEqual({
      ...theirs,
      credHelpers: { 'registry.corp.example': '', 'other.example': 'ecr-login' },
      auths: { 'registry.corp.example': { auth: AUTH }, 'third.example': { auth: 'eA==' } },
    });
  });

  it.each(['{"auths": {"x": {"auth": "hunter2"}', '[]', '{"auths": "hunter2"}', '"hunter2"'])(
    'refuses %s without repeating it',
    (text) => {
      try {
        mergeDockerConfig(text, '/home/me/.docker/config.json', [CORP]);
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-docker-config', exitCode: 2 });
        const { message, cause } = error as MobyBuildError;
        expect(`${message} ${String(cause)}`).not.toContain('hunter2');
      }
    },
  );
});

describe('loginsFor', () => {
  const login = (machine: string) => ({ machine, login: 'me', password: 'word' });

  it('finds those of the registries in the closure', async () => {
    const { points } = scanOf(await lightTree(), 'arm64');
    expect(loginsFor(points, [login('docker.io'), login('elsewhere.example')])).toEqual([
      { registry: DOCKER_HUB_KEY, login: 'me', password: 'word' },
    ]);
    expect(loginsFor(points, [login('elsewhere.example')])).toEqual([]);
    expect(
      loginsFor(
        points.map((point) => ({ ...point, inClosure: false })),
        [login('docker.io')],
      ),
    ).toEqual([]);
  });

  it('keeps a port in the name under which docker looks', async () => {
    const { points } = scanOf(await lightTree(), 'arm64');
    const moved = points.map((point) => ({ ...point, host: 'Registry.corp.example:5000' }));
    expect(loginsFor(moved, [login('registry.corp.example')])).toEqual([
      { registry: 'Registry.corp.example:5000', login: 'me', password: 'word' },
    ]);
  });
});
