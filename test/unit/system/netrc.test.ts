import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basicAuth, isLoopback } from '../../../src/system/http/basic-auth.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { parseNetrc } from '../../../src/system/http/netrc.ts';

function refusal(text: string): MobyBuildError {
  try {
    parseNetrc(text, 'my.netrc');
  } catch (error) {
    if (error instanceof MobyBuildError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('parseNetrc', () => {
  it.each([
    ['machine a.example login me password word', [['a.example', 'me', 'word']]],
    ['machine A.Example\r\n\tlogin me\r\n\tpassword word\r\n', [['a.example', 'me', 'word']]],
    [
      '# mine\n\nmachine a password p login l account x\n  # more\nmachine b login l password p',
      [
        ['a', 'l', 'p'],
        ['b', 'l', 'p'],
      ],
    ],
    ['machine a login machine password login', [['a', 'machine', 'login']]],
    ['machine a login me password #not-a-comment:@/', [['a', 'me', '#not-a-comment:@/']]],
    ['machine a login Jürgen password pässwörd', [['a', 'Jürgen', 'pässwörd']]],
  ])('%j', (text, logins) => {
    expect(parseNetrc(text, 'f').map(({ machine, login, password }) => [machine, login, password])).toEqual(logins);
  });

  it.each([
    ['', 'my.netrc', /holds no login/u],
    ['# only this\n', 'my.netrc', /holds no login/u],
    ['machine a login me', 'my.netrc:1', /a login and a password/u],
    ['\nmachine a password hunter2', 'my.netrc:2', /a login and a password/u],
    ['machine a login me password hunter2\ndefault login me password hunter2', 'my.netrc:2', /default would give/u],
    ['machine a login me password hunter2\nmacdef init\ncd /\n', 'my.netrc:2', /macdef/u],
    ['machine a:443 login me password hunter2', 'my.netrc:1', /name of a host/u],
    ['machine https://a login me password hunter2', 'my.netrc:1', /name of a host/u],
    ['machine a login me password', 'my.netrc:1', /nothing stands after password/u],
    ['machine', 'my.netrc:1', /nothing stands after machine/u],
    ['login me password hunter2', 'my.netrc:1', /there must stand machine/u],
    ['machine a login me login you password hunter2', 'my.netrc:1', /stands twice/u],
    ['machine a login me password hunter2\nmachine A login me password hunter2', 'my.netrc:2', /twice/u],
    ['machine a login me password "hunter2"', 'my.netrc:1', /quotes/u],
    ['machine a login me password hunter2 word hunter2', 'my.netrc:1', /there must stand machine/u],
    ['machine a login m:e password hunter2', 'my.netrc:1', /colon/u],
    ['machine a login me password hunter2\u0000', 'my.netrc:1', /control/u],
  ])('refuses %j with its line, and does not repeat a password', (text, where, why) => {
    const error = refusal(text);
    expect(error).toMatchObject({ code: 'bad-netrc', exitCode: 2, where });
    expect(error.message).toMatch(why);
    expect(error.message).not.toContain('hunter2');
    expect(error.command).toBe(`less ${where.replace(/^(.*?):(\d+)$/u, '+$2 $1')}`);
  });

  it('gives back what was written, and refuses or reads whatever else comes', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', 'ü', '-', '.', '@', '#', '=', '漢'),
      minLength: 1,
      maxLength: 12,
    });
    const name = fc.stringMatching(/^[a-z0-9]{1,8}(?:\.[a-z0-9]{1,8}){0,2}$/u);
    const logins = fc.uniqueArray(fc.record({ machine: name, login: word, password: word }), {
      selector: ({ machine }) => machine,
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(logins, fc.constantFrom(' ', '\n', '\t', '\r\n'), (all, gap) => {
        fc.pre(
          gap === ' ' ||
            gap === '\t' ||
            all.every(({ login, password }) => !/^#/u.test(login + password) && !password.startsWith('#')),
        );
        const text = all
          .map(({ machine, login, password }) => ['machine', machine, 'login', login, 'password', password].join(gap))
          .join('\n');
        expect(parseNetrc(text, 'f')).toEqual(all);
      }),
      { seed: 5, numRuns: 300 },
    );
    const soup = fc.array(
      fc.constantFrom(
        'machine m.example login me password word',
        'machine',
        'login',
        'password',
        'default',
        'macdef',
        'a',
        '"',
        '#',
        '\n',
        '\u0000',
        '\u2028',
        ':',
      ),
      { maxLength: 6 },
    );
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((words) => words.join(' ')),
          soup.map((words) => words.filter((word) => word.startsWith('machine ') || word === '\n').join('\n')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          try {
            const logins = parseNetrc(text, 'f');
            for (const { login, password } of logins) expect(login !== '' && password !== '').toBe(true);
            seen.taken += logins.length;
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-netrc', exitCode: 2 });
            seen.refused += 1;
          }
        },
      ),
      { seed: 6, numRuns: 500 },
    );
    expect(Math.min(seen.taken, seen.refused), JSON.stringify(seen)).toBeGreaterThan(0);
  });
});

describe('basicAuth', () => {
  const logins = [
    { machine: 'a.example', login: 'me', password: 'wörd' },
    { machine: '127.0.0.1', login: 'l', password: 'p' },
  ];
  it.each([
    ['https://a.example/x', `Basic ${Buffer.from('me:wörd').toString('base64')}`],
    ['https://A.EXAMPLE:8443/', `Basic ${Buffer.from('me:wörd').toString('base64')}`],
    ['https://b.a.example/', null],
    ['https://a.example.evil/', null],
    ['http://a.example/', null],
    ['http://127.0.0.1:8080/', `Basic ${Buffer.from('l:p').toString('base64')}`],
  ])('%s', (url, header) => {
    expect(basicAuth(new URL(url), logins)).toBe(header);
  });
  it.each([
    ['localhost', true],
    ['[::1]', true],
    ['127.0.0.1', true],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
  ])('%s is this machine: %s', (host, near) => {
    expect(isLoopback(host)).toBe(near);
  });
});
