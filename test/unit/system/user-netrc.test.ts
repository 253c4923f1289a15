import { describe, expect, it } from 'vitest';
import { netrcFor, readUserNetrc } from '../../../src/system/git/user-netrc.ts';

const FILE = `# machine commented.example login no password no
machine one.example login me password hunter2
machine two.example
  login you
  account x
  password "two words # \\" and more"
macdef init
machine macro.example login no password no

machine ONE.example login again password again
default login any password any
`;

describe('readUserNetrc', () => {
  const read = readUserNetrc(FILE);

  it('finds every machine, and that there is a default', () => {
    expect(read.machines.map(({ machine }) => machine)).toEqual(['one.example', 'two.example', 'one.example']);
    expect(read.hasDefault).toBe(true);
    expect(readUserNetrc('machine a login default password default').hasDefault).toBe(false);
  });

  it.each<[string, string]>([
    ['one.example', 'machine one.example login me password hunter2\nmachine one.example login again password again\n'],
    ['TWO.example', 'machine two.example login you account x password "two words # \\" and more"\n'],
    ['macro.example', ''],
    ['commented.example', ''],
    ['three.example', ''],
    ['default', ''],
  ])('gives %s its own lines, as they are written', (host, text) => {
    expect(netrcFor(read, host)).toBe(text);
  });

  it.each(['', 'machine', 'machine a login', 'login me password you', 'macdef x\nmachine a login b'])(
    'takes %j without a word',
    (text) => {
      expect(netrcFor(readUserNetrc(text), 'b')).toBe('');
    },
  );

  it('a machine after the default is no login of the default', () => {
    expect(netrcFor(readUserNetrc('default login any password any machine a login me password p'), 'a')).toBe(
      'machine a login me password p\n',
    );
  });
});
