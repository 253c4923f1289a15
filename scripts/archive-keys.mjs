// npm run archive-keys -- DAY SOURCE KEYRING ...: writes src/base/archive-keys.json from the keyrings that the package debian-archive-keyring installs
// (/usr/share/keyrings/debian-archive-*.gpg); SOURCE says which package that was. Keys that have ended on DAY are left out. The fingerprints are
// printed: compare them with those that Debian publishes.
import { readFileSync, writeFileSync } from 'node:fs';
import { readKeyring } from '../src/base/openpgp/public-keys.ts';

const [day, source, ...files] = process.argv.slice(2);
if (day === undefined || source === undefined || files.length === 0) throw new Error('DAY SOURCE KEYRING…');
const now = Date.parse(day) / 1000;
const keys = new Map();
for (const file of files) for (const key of readKeyring(readFileSync(file))) keys.set(key.fingerprint, key);
const ends = new Map([...keys.values()].map((key) => [key.fingerprint, key.expires]));
const kept = [...keys.values()]
  .filter(
    ({ primary, owner, expires }) =>
      /^Debian /u.test(owner) && (expires ?? ends.get(primary) ?? 0) > now && (ends.get(primary) ?? 0) > now,
  )
  .sort((a, b) => (a.owner + a.fingerprint < b.owner + b.fingerprint ? -1 : 1));
const table = {
  compiled: day,
  source,
  keys: kept.map(({ fingerprint, primary, owner, expires, body }) => ({
    owner: owner.replace(/ <.*$/u, ''),
    fingerprint,
    primary,
    expires: new Date((expires ?? ends.get(primary)) * 1000).toISOString().slice(0, 10),
    packet: body.toString('base64'),
  })),
};
writeFileSync(new URL('../src/base/archive-keys.json', import.meta.url), `${JSON.stringify(table, null, 2)}\n`);
for (const { fingerprint, owner, primary } of kept)
  console.log(fingerprint === primary ? 'key   ' : 'subkey', fingerprint, owner);
