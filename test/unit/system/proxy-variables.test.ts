import { describe, expect, it } from 'vitest';
import { isDirect, proxyFor } from '../../../src/system/http/proxy-variables.ts';
import { failureOf } from '../../support/failure.ts';

describe('proxyFor', () => {
  it.each([
    ['https', {}, null],
    ['https', { https_proxy: '' }, null],
    ['https', { http_proxy: 'http://a:1' }, null],
    ['https', { HTTPS_PROXY: 'http://b:1', https_proxy: 'http://a:1' }, ['https_proxy', 'http', 'a:1']],
    ['http', { http_proxy: 'a:3128' }, ['http_proxy', 'http', 'a:3128']],
    ['https', { https_proxy: 'https://a:443' }, ['https_proxy', 'http', 'a']],
    ['https', { ALL_PROXY: 'socks5h://127.0.0.1:7891' }, ['all_proxy', 'socks5h', '127.0.0.1:7891']],
    ['http', { all_proxy: 'SOCKS5://u:p@a:1080/' }, ['all_proxy', 'socks5', 'a:1080']],
    // The three that local proxy programs offer for pasting.
    [
      'https',
      {
        https_proxy: 'http://127.0.0.1:7890',
        http_proxy: 'http://127.0.0.1:7890',
        all_proxy: 'socks5://127.0.0.1:7891',
      },
      ['https_proxy', 'http', '127.0.0.1:7890'],
    ],
    // What is not asked is not judged.
    ['https', { https_proxy: 'http://a:1', all_proxy: 'socks://a:1' }, ['https_proxy', 'http', 'a:1']],
  ] as const)('%s of %j', (scheme, env, wanted) => {
    const got = proxyFor(scheme, env);
    expect(got === null ? null : [got.variable, got.kind, got.url.host]).toEqual(wanted);
  });

  it.each([
    [{ all_proxy: 'socks4a://me:hunter2@a:1' }, /SOCKS 4/u],
    [{ https_proxy: 'socks://me:hunter2@a:1' }, /socks5h:\/\/HOST:PORT/u],
    [{ https_proxy: 'ftp://me:hunter2@a:1' }, /For example/u],
    [{ https_proxy: 'http://' }, /For example/u],
  ])('refuses %j', (env, hint) => {
    const failure = failureOf(() => proxyFor('https', env));
    expect(failure).toMatchObject({ code: 'bad-proxy', exitCode: 2, hint: expect.stringMatching(hint) as string });
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });
});

describe('isDirect', () => {
  it.each([
    ['http://a.corp.example/', '', false],
    ['http://a.corp.example/', '*', true],
    ['http://a.corp.example/', 'corp.example', true],
    ['http://a.corp.example/', 'x, .corp.example', true],
    ['http://a.corp.example/', '*.CORP.example', true],
    ['http://corp.example./', 'corp.example', true],
    ['http://acorp.example/', 'corp.example', false],
    ['http://a.example:81/', 'a.example:80', false],
    ['https://a.example/', 'a.example:443', true],
    ['http://10.1.2.3/', '10.0.0.0/8', true],
    ['http://11.1.2.3/', '10.0.0.0/8', false],
    ['http://10.1.2.3/', '2.3', false],
    ['http://10.1.2.3/', '10.0.0.0/99', false],
    ['http://[fd00::1]/', 'fd00::/8', true],
    ['http://[::1]:8080/', '[::1]:8080', true],
    ['http://[::1]/', '::1', true],
  ])('%s with %j: %s', (url, noProxy, direct) => {
    expect(isDirect(new URL(url), noProxy)).toBe(direct);
  });
});
