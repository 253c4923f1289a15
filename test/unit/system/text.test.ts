import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/system/command-line.ts';
import { networkSettings } from '../../../src/system/git/git-config.ts';
import { LineSplitter } from '../../../src/system/process/lines.ts';
import { textOf } from '../../../src/system/files/load-tree.ts';
import { OutputKeeper } from '../../../src/system/process/output-keeper.ts';

function split(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['1%\r2%\rdone\n', ['1%', '2%', 'done']],
    ['a\r', ['a']],
    ['\n\n', ['', '']],
    ['', []],
  ])('%j', (text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines);
  });

  it('does not depend on where the chunks are cut', () => {
    const piece = fc.constantFrom('a', 'ü', '漢', '😀', '\n', '\r\n', '\r', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(60), { maxLength: 8 }), (pieces, cuts) => {
        const whole = Buffer.from(pieces.join(''));
        const edges = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const chunks = edges.slice(1).map((edge, index) => whole.subarray(edges[index], edge));
        expect(split(chunks)).toEqual(split([whole]));
      }),
      { seed: 20, numRuns: 500 },
    );
  });

  it('hands over a line without an end in pieces', () => {
    const lines = split(Array.from({ length: 300 }, () => Buffer.alloc(1024, 'x')));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(64 * 1024);
    expect(lines.join('')).toHaveLength(300 * 1024);
  });
});

describe('OutputKeeper', () => {
  it('keeps the tail, exactly', () => {
    const keeper = new OutputKeeper(10, true);
    for (const text of ['abcdef', 'ghijkl', 'mnopqr']) keeper.push(Buffer.from(text));
    expect(keeper.text()).toBe('ijklmnopqr');
  });
  it('refuses more data than expected', () => {
    const keeper = new OutputKeeper(10, false);
    keeper.push(Buffer.alloc(10));
    expect(() => {
      keeper.push(Buffer.alloc(1));
    }).toThrow(/more than 10 bytes/);
  });
});

describe('commandLine', () => {
  it('leaves plain words plain and quotes the others', () => {
    expect(commandLine({ file: 'make', args: ['binary', 'A=b c', "it's", ''], env: { X: 'y z' } })).toBe(
      "X='y z' make binary 'A=b c' 'it'\\''s' ''",
    );
  });
});

describe('git settings', () => {
  it('keeps what the network needs and nothing else', () => {
    const listed = [
      'http.proxy\nhttp://proxy.corp.example:3128',
      'http.https://git.corp.example/.sslcainfo\n/etc/ca.pem',
      'http.sslverify',
      'http.extraheader\nAuthorization: Basic c2VjcmV0',
      'http.cookiefile\n/home/ann/cookies',
      'url.https://mirror.example/.insteadof\nhttps://github.com/',
      'core.hookspath\n/evil',
      'credential.helper\nstore',
      'alias.init\n!touch x',
      'filter.lfs.smudge\ngit-lfs smudge -- %f',
      '',
    ].join('\0');
    expect(networkSettings(listed)).toEqual([
      ['http.proxy', 'http://proxy.corp.example:3128'],
      ['http.https://git.corp.example/.sslcainfo', '/etc/ca.pem'],
      ['http.sslverify', 'true'],
    ]);
  });
});

describe('textOf', () => {
  it.each([
    ['text', Buffer.from('FROM ü\r\n'), 'FROM ü\r\n'],
    ['a byte order mark stays', Buffer.from([0xef, 0xbb, 0xbf, 0x61]), '\uFEFFa'],
    ['latin1', Buffer.from([0x61, 0xfc]), null],
    ['NUL', Buffer.from('a\0b'), null],
    ['empty', Buffer.alloc(0), ''],
  ])('%s', (_, bytes, text) => {
    expect(textOf(bytes)).toBe(text);
  });
});
