import { describe, expect, it } from 'vitest';
import {
  MOST_PARTS,
  partFault,
  partListText,
  partPath,
  readPartList,
  wholeOf,
} from '../../../src/bundle/bytes/part-list.ts';

const sum = (letter: string): string => letter.repeat(64);
const parts = ['a', 'b', 'c'].map((letter, at) => ({ name: partPath('moby.tar', at + 1), sha256: sum(letter) }));
const [first = expect.fail('none')] = parts;
const text = partListText(parts);

describe('the list of the parts of a bundle', () => {
  it('is what sha256sum reads, and is read back', () => {
    expect(text.split('\n')[1]).toBe(`${sum('b')}  moby.tar.002`);
    expect(readPartList(text, 'moby.tar')).toEqual(parts);
  });

  it.each([
    ['', /^lists no parts/u],
    [text.trimEnd(), /^does not end with a line break/u],
    [text.replace('moby.tar.002', '../moby.tar.002'), /^has another line 2 than that of moby\.tar\.002/u],
    [text.replace('moby.tar.002', 'moby.tar.003'), /^has another line 2/u],
    [text.replaceAll('moby.tar', 'other.tar'), /^has another line 1/u],
    [text.replace(sum('a'), 'x'), /^has another line 1/u],
    [`${sum('a')}  moby.tar\n`, /^has another line 1/u],
    [text.repeat(MOST_PARTS), /more than 250/u],
  ])('%j is none', (wrong, words) => {
    expect(readPartList(wrong, 'moby.tar')).toMatch(words);
  });

  it.each([
    ['/x/moby.tar.001', '/x/moby.tar'],
    ['moby.tar.sha256', 'moby.tar'],
    ['moby.tar', null],
    ['moby.tar.1', null],
    ['.001', null],
  ])('%s is of %s', (name, whole) => {
    expect(wholeOf(name)).toBe(whole);
  });

  it('names a part that is swapped, and one that is damaged or foreign', () => {
    expect(partFault(first, sum('c'), parts, 'moby.tar.sha256')).toBe('moby.tar.001 has the bytes of moby.tar.003');
    expect(partFault(first, sum('d'), parts, 'moby.tar.sha256')).toBe(
      `moby.tar.001 is damaged, or a part of another bundle: its SHA-256 is ${sum('d')}, and moby.tar.sha256 says ${sum('a')}`,
    );
  });
});
