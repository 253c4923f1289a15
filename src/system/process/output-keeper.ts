import { EXIT, MobyBuildError } from '../../errors.ts';
import { LineSplitter } from './lines.ts';

/** Keeps the output of one stream within a bound, and hands it on line by line. */
export class OutputKeeper {
  private chunks: Uint8Array[] = [];
  private kept = 0;
  private lines: LineSplitter | null = null;
  private readonly maxBytes: number;
  private readonly tailOnly: boolean;

  /** `tailOnly`: the last `maxBytes` are kept; otherwise more than that is the error `output-too-long`. */
  constructor(maxBytes: number, tailOnly: boolean) {
    this.maxBytes = maxBytes;
    this.tailOnly = tailOnly;
  }

  onLine(listener: (line: string) => void): void {
    this.lines = new LineSplitter(listener);
  }

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.kept += chunk.byteLength;
    if (this.kept > this.maxBytes) {
      if (!this.tailOnly) {
        throw new MobyBuildError({
          code: 'output-too-long',
          exitCode: EXIT.failed,
          message: `A program wrote more than ${String(this.maxBytes)} bytes where less was expected.`,
        });
      }
      // Whole chunks go; the exact cut is made once, in bytes().
      for (
        let first = this.chunks[0];
        first !== undefined && this.kept - first.byteLength >= this.maxBytes;
        first = this.chunks[0]
      ) {
        this.chunks.shift();
        this.kept -= first.byteLength;
      }
    }
    this.lines?.push(chunk);
  }

  end(): void {
    this.lines?.end();
  }

  bytes(): Uint8Array {
    const all = Buffer.concat(this.chunks);
    return all.byteLength > this.maxBytes ? all.subarray(all.byteLength - this.maxBytes) : all;
  }

  text(): string {
    return Buffer.from(this.bytes()).toString('utf8');
  }
}
