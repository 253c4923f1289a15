import type { Asker } from '../requests/asker.ts';
import { failed, fine, isPage, judged, wrongStatus, type Finding } from '../requests/outcome.ts';

/** A module's zip is read up to here: enough to measure. */
const ZIP_BYTES = 256 * 1024;

/**
 * Go: the `.info` of a module that the build needs, the beginning of its zip for the throughput, and whether the checksum
 * database is passed on (https://go.dev/ref/mod#goproxy-protocol, https://go.dev/design/25530-sumdb, "Proxying a checksum database").
 *
 * @param proxy URL without a slash at its end
 * @param database name of the checksum database; null: nobody said it, so that is not asked
 */
export async function probeModule(
  proxy: string,
  path: string,
  version: string,
  database: string | null,
  asker: Asker,
): Promise<Finding> {
  const at = `${proxy}/${escapedModule(path)}/@v/${escapedModule(version)}`;
  const what = `${path} ${version}`;
  const info = await asker.ask({ url: `${at}.info`, maxBytes: 64 * 1024 });
  if ('fault' in info) return failed(info, what);
  const wrong = wrongStatus(info, what);
  if (wrong !== null) return wrong;
  if (versionIn(info.body) !== version) {
    const seen = isPage(info) ? 'a page for people' : 'not about that version';
    return judged(info, 'wrong-content', `${what}: the answer is ${seen}`);
  }
  const [zip, supported] = await Promise.all([
    asker.ask({ url: `${at}.zip`, maxBytes: ZIP_BYTES, cut: true }),
    database === null
      ? null
      : asker.ask({ url: `${proxy}/sumdb/${database}/supported`, maxBytes: 64 * 1024, cut: true }),
  ]);
  if ('fault' in zip) return failed(zip, `${what} zip`);
  const noZip = wrongStatus(zip, `${what} zip`);
  if (noZip !== null) return noZip;
  if (Buffer.from(zip.body.subarray(0, 4)).toString('latin1') !== 'PK\u0003\u0004')
    return judged(zip, 'wrong-content', `${what} zip is no zip`);
  if (supported === null) return fine(zip, `${what}; whether it passes the checksum database on was not asked`);
  const sumdb = !('fault' in supported) && supported.status === 200 && !isPage(supported);
  return fine(zip, sumdb ? `${what}; passes the checksum database on` : `${what}; without the checksum database`, {
    sumdb,
  });
}

/** https://go.dev/ref/mod#goproxy-protocol: an upper-case letter is `!` and the lower-case one. */
export function escapedModule(text: string): string {
  return text.replaceAll(/[A-Z]/gu, (letter) => `!${letter.toLowerCase()}`);
}

function versionIn(body: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof value === 'object' && value !== null && 'Version' in value && typeof value.Version === 'string'
      ? value.Version
      : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}
