import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';

/**
 * The sum that go.sum has of files: the sha256 of the list of their sha256s, sorted by name (`h1:`;
 * golang.org/x/mod/sumdb/dirhash, Hash1). Pure.
 *
 * @param files content by the name that the sum counts with: `PATH@VERSION/…` in a module's zip, `go.mod` alone
 */
export function hashOne(files: Readonly<Record<string, Uint8Array>>): string {
  const lines = Object.keys(files)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((name) => `${sha256(files[name] ?? new Uint8Array()).toString('hex')}  ${name}\n`);
  return `h1:${sha256(lines.join('')).toString('base64')}`;
}

/**
 * The `h1:` sum of a module's zip. Pure.
 * @returns null for what is no zip
 */
export function zipHash(zip: Uint8Array): string | null {
  try {
    const files = unzipSync(zip, { filter: ({ name }) => !name.endsWith('/') });
    return Object.keys(files).length === 0 ? null : hashOne(files);
  } catch (cause) {
    // The library throws its own kind of Error for each fault of a zip.
    if (cause instanceof Error) return null;
    throw cause;
  }
}

function sha256(content: Uint8Array | string): Buffer {
  return createHash('sha256').update(content).digest();
}
