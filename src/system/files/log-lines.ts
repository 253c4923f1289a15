import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';

/** What the first bytes of a file say that it is, where that is no text. */
export type NoText = 'gzip' | 'zip' | 'zstd' | 'xz' | 'bzip2' | 'binary';

const MAGIC: readonly (readonly [NoText, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];

/** A line that is longer keeps its beginning and loses the rest: memory stays small, whatever the file is. */
const LONGEST_LINE = 1024 * 1024;

/** Text that is none. */
export class NotText extends Error {
  readonly kind: NoText;

  constructor(kind: NoText) {
    super(`not a text: ${kind}`);
    this.kind = kind;
  }
}

/**
 * The lines of a text, whatever its size: UTF-8, or UTF-16 as Windows writes it; bytes that are no text become U+FFFD.
 *
 * @param source a path, or a stream (stdin)
 * @throws NotText for an archive or a program; what Node throws where it cannot be read
 */
export async function* logLines(source: string | Readable): AsyncGenerator<string> {
  const stream: AsyncIterable<Buffer> = typeof source === 'string' ? createReadStream(source) : source;
  let decoder: TextDecoder | null = null;
  let rest = '';
  let first = Buffer.alloc(0);
  for await (const chunk of stream) {
    let bytes = Buffer.from(chunk);
    if (decoder === null) {
      first = Buffer.concat([first, bytes]);
      // A pipe may give one byte at a time.
      if (first.length < 8) continue;
      decoder = decoderOf(first);
      bytes = first;
    }
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split('\n');
    rest = bounded(lines.pop() ?? '');
    yield* lines;
  }
  if (decoder === null && first.length > 0) rest = decoderOf(first).decode(first);
  if (decoder !== null) rest += decoder.decode();
  if (rest !== '') yield* rest.split('\n');
}

function bounded(rest: string): string {
  return rest.length > LONGEST_LINE ? rest.slice(0, LONGEST_LINE / 2) : rest;
}

function decoderOf(first: Buffer): TextDecoder {
  for (const [kind, bytes] of MAGIC) if (bytes.every((byte, at) => first[at] === byte)) throw new NotText(kind);
  if (first[0] === 0xff && first[1] === 0xfe) return new TextDecoder('utf-16le');
  if (first[0] === 0xfe && first[1] === 0xff) return new TextDecoder('utf-16be');
  // Without a mark: every second byte of plain English in UTF-16 is zero.
  const zeros = [...first.subarray(0, 8)].map((byte) => byte === 0);
  const pairs = zeros.length >= 4;
  if (pairs && zeros.every((zero, at) => zero === (at % 2 === 1))) return new TextDecoder('utf-16le');
  if (pairs && zeros.every((zero, at) => zero === (at % 2 === 0))) return new TextDecoder('utf-16be');
  if (first.subarray(0, 512).includes(0)) throw new NotText('binary');
  return new TextDecoder();
}
