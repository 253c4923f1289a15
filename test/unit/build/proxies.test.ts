import { describe, expect, it } from 'vitest';
import { MobyBuildError } from '../../../src/errors.ts';
import { bothCases, judgeProxies } from '../../../src/make/flags/proxies.ts';

const SECRET = 'http://me:hunter2@proxy.corp.example:3128';

describe('judgeProxies', () => {
  it.each([
    [{}, []],
    [{ no_proxy: 'corp.example' }, []],
    [{ http_proxy: '' }, []],
    [{ http_proxy: SECRET }, ['http_proxy', 'HTTP_PROXY']],
    [{ HTTPS_PROXY: SECRET, no_proxy: '.corp' }, ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']],
    [{ ALL_PROXY: SECRET }, ['all_proxy', 'ALL_PROXY']],
  ])('of %j hands over %j by name', (environment, names) => {
    const verdict = judgeProxies(environment, { A: 'b' }, undefined, null);
    expect(verdict.inherited).toEqual(names);
    expect(verdict.buildArgs).toEqual({ A: 'b' });
    expect(verdict.notes.map(({ code }) => code)).toEqual(names.length === 0 ? [] : ['proxy-in-build']);
    expect(JSON.stringify(verdict)).not.toContain('hunter2');
  });

  it('leaves what the user gives aloud, and takes the value out where the environment has the same', () => {
    const environment = { http_proxy: SECRET, https_proxy: SECRET };
    const verdict = judgeProxies(environment, { http_proxy: SECRET, HTTPS_PROXY: 'http://other:1' }, undefined, null);
    expect(verdict.inherited).toEqual(['http_proxy']);
    expect(verdict.buildArgs).toEqual({ HTTPS_PROXY: 'http://other:1' });
  });

  it.each(['http://me:hunter2@proxy:1', 'me:hunter2@proxy:1'])(
    'refuses %s as an argument, and does not repeat it',
    (value) => {
      try {
        judgeProxies({}, { https_proxy: value }, undefined, null);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(MobyBuildError);
        expect(error).toMatchObject({ code: 'secret-in-argument', exitCode: 2 });
        expect((error as MobyBuildError).message).not.toContain('hunter2');
      }
    },
  );

  it.each([
    ['http://127.0.0.1:3128', undefined, true],
    ['localhost:3128', undefined, true],
    ['http://me:hunter2@[::1]:8080/', 'default', true],
    ['http://127.0.0.1:3128', 'host', false],
    ['http://localhost.corp.example:3128', undefined, false],
    ['http://10.0.0.1:3128', undefined, false],
  ])('%s with network %s: loopback %s', (proxy, network, told) => {
    const { notes, inherited } = judgeProxies({ https_proxy: proxy, no_proxy: '.example' }, {}, network, null);
    expect(notes.some(({ code }) => code === 'proxy-on-loopback')).toBe(told);
    // Steps that cannot reach it go by themselves.
    expect(inherited).toEqual(told ? [] : ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']);
    expect(JSON.stringify(notes)).not.toContain('hunter2');
  });

  it.each([
    [{ http: null, https: null }, 'through no proxy'],
    [{ http: null, https: 'http://xxxxx:xxxxx@other.example:80/' }, 'through other.example:80'],
    [{ http: 'http://proxy.corp.example:3128', https: null }, null],
    [{ http: null, https: 'http://xxxxx:xxxxx@PROXY.corp.example:3128/' }, null],
  ])('an engine that says %j', (engine, told) => {
    const note = judgeProxies({ https_proxy: SECRET }, {}, undefined, engine).notes.find(
      ({ code }) => code === 'engine-proxy',
    );
    if (told === null) expect(note).toBeUndefined();
    else expect(note?.message).toContain(told);
    expect(JSON.stringify(note ?? '')).not.toContain('hunter2');
  });
});

describe('bothCases', () => {
  it('gives the case that lacks, and leaves what is set', () => {
    expect(bothCases({ http_proxy: 'a', HTTPS_PROXY: 'b', no_proxy: 'c', NO_PROXY: 'd' })).toEqual({
      HTTP_PROXY: 'a',
      https_proxy: 'b',
    });
    expect(bothCases({ PATH: '/bin' })).toEqual({});
  });
});
