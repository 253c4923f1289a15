import programs from './probe.json' with { type: 'json' };

/** The port that the probe listens on. */
export const PROBE_PORT = 8080;

/** What the probe says once it accepts connections. */
export const LISTENING = 'listening\n';

/** Where the writable data stand in the file: at a multiple of the largest page size that Linux uses on arm64. */
export const DATA_OFFSET = 0x10000;

/**
 * The probe as a static ELF executable, for this architecture (GOARCH), or null where there is none. Its source is scripts/probe/program.ts;
 * `npm run probe` writes probe.json from it: all that is not zero, before the data and from there on, in base64.
 */
export function probeBinary(arch: string): Uint8Array | null {
  const program = new Map(Object.entries(programs)).get(arch);
  if (program === undefined) return null;
  const head = Buffer.from(program.head, 'base64');
  return Buffer.concat([head, Buffer.alloc(DATA_OFFSET - head.length), Buffer.from(program.data, 'base64')]);
}
