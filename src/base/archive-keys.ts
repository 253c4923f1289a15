import table from './archive-keys.json' with { type: 'json' };
import { publicKey, type PublicKey } from './openpgp/public-keys.ts';

/**
 * The keys with which Debian signs its suites from buster on: the signing keys and subkeys of debian-archive-keyring, as that package had them on the day
 * that the table names (`npm run archive-keys`). Pure.
 *
 * @throws TypeError where the table is damaged
 */
export function archiveKeys(): readonly PublicKey[] {
  return table.keys.map(({ owner, primary, fingerprint, expires, packet }): PublicKey => {
    const read = publicKey(Buffer.from(packet, 'base64'));
    if (read?.fingerprint !== fingerprint) throw new TypeError(`archive-keys.json is damaged at ${fingerprint}`);
    return { ...read, owner, primary, expires: Date.parse(expires) / 1000 };
  });
}
