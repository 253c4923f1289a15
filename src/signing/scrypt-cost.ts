/** What scrypt takes. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Bytes that it needs. */
  readonly maxmem: number;
}

const BLOCK = 8;
const LEAST_OPERATIONS = 32_768;
/** minisign's own default asks for 1 GiB; a file that asks for more than this was not made by it. */
const MOST_MEMORY = 2 ** 32;
const MOST_OPERATIONS = 2 ** 33;

/**
 * The numbers of scrypt (RFC 7914) that follow from the two limits in a secret key of minisign, by the rule of libsodium, which makes the
 * keys (doc.libsodium.org, "The scrypt function"). Pure.
 *
 * @returns null for limits that no key of minisign has
 */
export function scryptCost(operations: bigint, memory: bigint): ScryptCost | null {
  if (operations > BigInt(MOST_OPERATIONS) || memory > BigInt(MOST_MEMORY) || memory < 1n) return null;
  const work = Math.max(LEAST_OPERATIONS, Number(operations));
  const space = Number(memory);
  const byWork = work < space / 32;
  const most = byWork ? Math.floor(work / (BLOCK * 4)) : Math.floor(space / (BLOCK * 128));
  let log = 1;
  while (2 ** log <= most / 2) log += 1;
  const N = 2 ** log;
  const p = byWork ? 1 : Math.max(1, Math.floor(Math.floor(work / 4 / N) / BLOCK));
  return { N, r: BLOCK, p, maxmem: 128 * BLOCK * (N + p + 2) };
}
