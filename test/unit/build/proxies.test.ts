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

describe('what the tools of the steps read', () => {
  const ALL = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  it.each([
    // apt and Go read no all_proxy.
    [{ ALL_PROXY: SECRET }, ALL, 'proxy-translated', /all_proxy/u],
    [
      { all_proxy: 'socks5h://10.0.0.5:7891' },
      ALL,
      'proxy-translated',
      /https_proxy=\\"socks5h:.*HTTPS_PROXY=\\"socks5:/u,
    ],
    [{ https_proxy: 'socks5://10.0.0.5:1080' }, ['https_proxy', 'HTTPS_PROXY'], 'proxy-translated', /socks5h/u],
    [{ all_proxy: 'socks://10.0.0.5:1' }, ['all_proxy', 'ALL_PROXY'], 'proxy-not-heard', /SOCKS 4/u],
    [{ https_proxy: 'socks4://10.0.0.5:1' }, ['https_proxy', 'HTTPS_PROXY'], 'proxy-not-heard', /SOCKS 4/u],
  ])('%j', (environment, names, code, told) => {
    const { inherited, notes } = judgeProxies(environment, {}, undefined, null);
    expect(inherited).toEqual(names);
    expect(notes.map((note) => note.code)).toEqual(['proxy-in-build', code]);
    expect(JSON.stringify(notes[1])).toMatch(told);
    expect(JSON.stringify(notes)).not.toContain('hunter2');
  });

  it('says nothing of three variables that are read as they are', () => {
    const environment = { http_proxy: SECRET, https_proxy: SECRET, all_proxy: 'socks5://10.0.0.5:7891' };
    expect(judgeProxies(environment, {}, undefined, null).notes.map(({ code }) => code)).toEqual(['proxy-in-build']);
  });

  it('keeps a translated proxy of loopback from the steps, too', () => {
    const verdict = judgeProxies({ ALL_PROXY: 'socks5h://127.0.0.1:7891' }, {}, undefined, null);
    expect(verdict.inherited).toEqual([]);
    expect(verdict.notes.map(({ code }) => code)).toEqual(['proxy-on-loopback']);
  });

  it('names the proxy that the engine alone has, with the line to set', () => {
    const engine = { http: null, https: 'http://xxxxx:xxxxx@proxy.corp.example:3128' };
    const [note] = judgeProxies({}, {}, undefined, engine).notes;
    expect(note).toMatchObject({ level: 'warning', code: 'engine-proxy' });
    expect(note?.hint).toMatch(/export https_proxy="http:.*proxy\.corp\.example:3128" http_proxy=/u);
    expect(judgeProxies({}, {}, undefined, { http: null, https: null }).notes).toEqual([]);
  });

  it('names the lines for an engine that does not know the proxy of this environment', () => {
    const [, , note] = judgeProxies({ ALL_PROXY: SECRET }, {}, undefined, { http: null, https: null }).notes;
    expect(note).toMatchObject({ level: 'warning', code: 'engine-proxy' });
    expect(note?.hint).toMatch(/"https-proxy": "http:.*proxy\.corp\.example:3128"/u);
    expect(JSON.stringify(note)).not.toContain('hunter2');
  });
});

describe('bothCases', () => {
  it.each([
    [{ PATH: '/bin' }, {}],
    [
      { http_proxy: 'http://a', HTTPS_PROXY: 'http://b', no_proxy: 'c', NO_PROXY: 'd' },
      { HTTP_PROXY: 'http://a', https_proxy: 'http://b' },
    ],
    // apt takes no proxy without its scheme.
    [{ http_proxy: 'a:1' }, { http_proxy: 'http://a:1', HTTP_PROXY: 'http://a:1' }],
    [
      { all_proxy: 'http://a:1' },
      {
        http_proxy: 'http://a:1',
        HTTP_PROXY: 'http://a:1',
        https_proxy: 'http://a:1',
        HTTPS_PROXY: 'http://a:1',
        ALL_PROXY: 'http://a:1',
      },
    ],
    [{ https_proxy: 'socks5://u:p@a:1' }, { https_proxy: 'socks5h://u:p@a:1', HTTPS_PROXY: 'socks5://u:p@a:1' }],
    [{ http_proxy: 'socks5h://a:1', HTTP_PROXY: 'socks5h://a:1' }, { HTTP_PROXY: 'socks5://a:1' }],
  ])('of %j: %j', (environment, added) => {
    expect(bothCases(environment)).toEqual(added);
  });
});
