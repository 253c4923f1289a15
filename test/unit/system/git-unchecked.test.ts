import { describe, expect, it } from 'vitest';
import { networkSettings, uncheckedBy } from '../../../src/system/git/git-config.ts';

/** As `git config --null --list` prints them. */
const listed = (...settings: readonly (readonly [string, string])[]): string =>
  settings.map(([name, value]) => `${name}\n${value}\0`).join('');

describe('what turns git’s check of certificates off', () => {
  it.each<[string, readonly (readonly [string, string])[], Record<string, string>, readonly string[]]>([
    ['nothing', [], {}, []],
    ['no setting that is on', [['http.sslverify', 'true']], {}, []],
    ['a setting', [['http.sslverify', 'false']], {}, ['http.sslverify']],
    ['a setting in other words', [['http.sslverify', 'Off']], {}, ['http.sslverify']],
    ['a setting without a value that is set to nothing', [['http.sslverify', '']], {}, ['http.sslverify']],
    [
      'a setting for one server',
      [['http.https://git.example:8443/a.b.sslverify', '0']],
      {},
      ['http.https://git.example:8443/a.b.sslverify'],
    ],
    [
      'not a setting that a later file takes back',
      [
        ['http.sslverify', 'no'],
        ['http.sslverify', 'yes'],
      ],
      {},
      [],
    ],
    ['a variable, whatever its value is', [], { GIT_SSL_NO_VERIFY: '0' }, ['GIT_SSL_NO_VERIFY']],
    ['both', [['http.sslverify', 'false']], { GIT_SSL_NO_VERIFY: '1' }, ['GIT_SSL_NO_VERIFY', 'http.sslverify']],
    ['not what is no setting of the network', [['my.sslverify', 'false']], {}, []],
  ])('%s', (_, settings, env, names) => {
    expect(uncheckedBy(networkSettings(listed(...settings)), env)).toEqual(names);
  });
});
