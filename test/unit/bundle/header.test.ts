import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader, MOST_BYTES_OF_FILE, pathProblem } from '../../../src/bundle/format/header.ts';

describe('the header of a file in a bundle', () => {
  const long = `${'d'.repeat(60)}/${'e'.repeat(60)}/${'f'.repeat(60)}`;
  it.each([
    ['bundle.json', 0],
    ['go/cache/download/github.com/!foo/bar/@v/v1.0.0+incompatible.zip', 12],
    ['apt/deb.example/debian/pool/main/g/gcc~1/gcc_4%3a12.2_amd64.deb', MOST_BYTES_OF_FILE],
    [long, 5],
    [`${'p'.repeat(155)}/${'n'.repeat(100)}`, 5],
  ])('%s of %i bytes is read as it was written', (path, bytes) => {
    expect(decodeHeader(encodeHeader({ path, bytes }))).toEqual({ path, bytes });
  });

  it.each([
    ['/etc/passwd', 'is absolute'],
    ['../x', 'leads out of the bundle'],
    ['git/../../x', 'leads out of the bundle'],
    ['git//x', 'has an empty part'],
    ['./git', 'has an empty part'],
    ['git/', 'has an empty part'],
    ['', 'has an empty part'],
    ['a\\..\\b', 'holds a character that no path of a bundle has'],
    ['a\nb', 'holds a character that no path of a bundle has'],
    ['é', 'holds a character that no path of a bundle has'],
  ])('the path %j %s', (path, problem) => {
    expect(pathProblem(path)).toBe(problem);
    expect(() => encodeHeader({ path, bytes: 1 })).toThrow(problem);
  });

  it.each([
    ['n'.repeat(101), 1, /too long for a tar file/],
    ['x', MOST_BYTES_OF_FILE + 1, /at most 8 GiB/],
    ['x', -1, /at most 8 GiB/],
    ['x', 0.5, /at most 8 GiB/],
  ])('%s of %d bytes cannot be written', (path, bytes, message) => {
    expect(() => encodeHeader({ path, bytes })).toThrow(message);
  });

  it('a block of zeros is the end', () => {
    expect(decodeHeader(Buffer.alloc(512))).toBeNull();
  });

  /** The header of `x`, with other bytes at a place, and a checksum that fits again. */
  function changed(at: number, text: string, path = 'x'): Buffer {
    const block = encodeHeader({ path, bytes: 1 });
    block.write(text, at, 'latin1');
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return block;
  }

  it.each([
    ['1', '"x" is a hard link, not a file'],
    ['2', '"x" is a symbolic link, not a file'],
    ['3', '"x" is a character device, not a file'],
    ['4', '"x" is a block device, not a file'],
    ['5', '"x" is a directory, not a file'],
    ['6', '"x" is a FIFO, not a file'],
    ['x', '"x" is an extended header, not a file'],
    ['L', '"x" is an extended header, not a file'],
    ['S', '"x" is of an unknown type, not a file'],
  ])('of type %s is refused', (flag, message) => {
    expect(() => decodeHeader(changed(156, flag))).toThrow(message);
  });

  it.each([
    ['a path that leads out', changed(0, '../y', 'xxxx'), /"..\/y" leads out of the bundle/],
    ['an absolute path', changed(0, '/y', 'xx'), /"\/y" is absolute/],
    ['a prefix that leads out', changed(345, '..'), /"..\/x" leads out of the bundle/],
    ['a size that is no number', changed(124, 'elephants!!'), /the size of "x" is no number/],
    ['a size in another base', changed(124, '\u0080\0\0\0\0\0\0\0\0\0\0\u0001'), /the size of "x" is no number/],
    ['another mode', changed(100, '0004755'), /has other fields than those of a bundle/],
    ['another owner', changed(265, 'root'), /has other fields than those of a bundle/],
    ['a link name', changed(157, '/etc/passwd'), /has other fields than those of a bundle/],
    ['another time', changed(136, '00000000001'), /has other fields than those of a bundle/],
    ['bytes behind the name', changed(2, 'y'), /has other fields than those of a bundle/],
    ['other text', Buffer.alloc(512, 'a'), /is no tar file/],
  ])('with %s is refused', (_, block, message) => {
    expect(() => decodeHeader(block)).toThrow(message);
  });

  it('with one bit turned over is refused, whichever it is', () => {
    const block = encodeHeader({ path: 'git/x', bytes: 12 });
    for (let bit = 0; bit < block.length * 8; bit += 1) {
      const damaged = Buffer.from(block);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decodeHeader(damaged), `bit ${String(bit)}`).toThrow();
    }
  });
});
