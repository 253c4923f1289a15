import { StringDecoder } from 'node:string_decoder';

/** A line longer than this many UTF-16 units is handed over in pieces, so that output without line ends takes no unbounded memory. */
const LONGEST_LINE = 64 * 1024;

/**
 * Cuts a byte stream into lines at `\n`, `\r\n` and a lone `\r` (git and curl draw progress with it), decoding UTF-8 across
 * chunk borders. Bytes that are not UTF-8 become U+FFFD.
 */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private readonly onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    this.take(this.decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
  }

  /** Hands over what stands after the last line end. */
  end(): void {
    this.take(this.decoder.end());
    if (this.rest !== '') this.onLine(this.rest.replace(/\r$/, ''));
    this.rest = '';
  }

  private take(text: string): void {
    const all = this.rest + text;
    // A trailing \r may be the first half of \r\n: it waits for the next chunk.
    const pattern = /\r\n|\n|\r(?!$)/g;
    let from = 0;
    for (let match = pattern.exec(all); match !== null; match = pattern.exec(all)) {
      this.onLine(all.slice(from, match.index));
      from = match.index + match[0].length;
    }
    this.rest = all.slice(from);
    while (this.rest.length > LONGEST_LINE) {
      this.onLine(this.rest.slice(0, LONGEST_LINE));
      this.rest = this.rest.slice(LONGEST_LINE);
    }
  }
}
