import { createHash } from 'node:crypto';
import type { Inventory } from './inventory.ts';

/** One number for an inventory: of its manifest and its binaries. Pure. */
export function inventoryDigest({ manifest, binaries }: Inventory): string {
  const parts = [manifest.ref, manifest.commit, manifest.platform, ...binaries.map(({ sha256 }) => sha256)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A UUID that follows from a digest: version 8, whose bits are free (RFC 9562, section 5.8). Pure. */
export function uuidOf(digest: string): string {
  const variant = ((Number.parseInt(digest[16] ?? '0', 16) & 3) | 8).toString(16);
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
  ];
  return [...parts, digest.slice(20, 32)].join('-');
}

/** A sum of Go (`h1:` and base64) as the hex of a SHA-256; null for anything else. Pure. */
export function dirHash(sum: string | null): string | null {
  const bytes = sum?.startsWith('h1:') === true ? Buffer.from(sum.slice(3), 'base64') : null;
  return bytes?.length === 32 ? bytes.toString('hex') : null;
}
