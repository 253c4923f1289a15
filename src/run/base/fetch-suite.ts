import { archiveKeys } from '../../base/archive-keys.ts';
import { decompressed, PackageFault } from '../../base/files/archive-of-files.ts';
import { OpenPgpFault } from '../../base/openpgp/packets.ts';
import { readKeyring, type PublicKey } from '../../base/openpgp/public-keys.ts';
import { verifySignedText } from '../../base/openpgp/signed-text.ts';
import { readPackageIndex, type IndexedPackage } from '../../base/packages/package-index.ts';
import type { BaseFacts } from '../../base/ready-base.ts';
import { listedFiles } from '../../bundle/apt/release.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import { isOfSuite, packagesIndex, parseInRelease } from '../../mirrors/requests/in-release.ts';
import type { Asker } from '../../mirrors/requests/asker.ts';
import { bringFile } from '../bundle/apt-relay.ts';
import type { SuitePlace } from './suite-places.ts';

/** A package, and the suite that lists it. */
export interface SuitePackage extends IndexedPackage {
  readonly place: SuitePlace;
}

export interface FetchedSuite {
  readonly facts: BaseFacts['suites'][number];
  readonly packages: readonly SuitePackage[];
}

/** The keys that are believed: Debian's own, and those of `--apt-keyring`. @throws OpenPgpFault where that is no keyring */
export function believedKeys(keyring: Uint8Array | null): readonly PublicKey[] {
  return [...archiveKeys(), ...(keyring === null ? [] : readKeyring(keyring))];
}

/**
 * The packages of a suite, by the chain that apt believes: the signature on its InRelease, the checksum of the index in that, the checksum of each package
 * in the index. The mirrors are asked in turn, and one that serves something else is passed over.
 *
 * @param arch Debian's name
 * @returns or why nobody's suite is believed
 */
export async function fetchSuite(
  parts: Parts,
  asker: Asker,
  place: SuitePlace,
  { arch, keys, now }: { readonly arch: string; readonly keys: readonly PublicKey[]; readonly now: number },
): Promise<FetchedSuite | { readonly reason: string }> {
  const reasons: string[] = [];
  for (const base of place.bases) {
    const found = await fromMirror(parts, asker, { ...place, bases: [base] }, { arch, keys, now });
    if ('facts' in found) return { ...found, packages: found.packages.map((each) => ({ ...each, place })) };
    reasons.push(found.reason.startsWith(base) ? found.reason : `${base}: ${found.reason}`);
  }
  return { reason: reasons.join('; ') || 'no mirror of it is known' };
}

async function fromMirror(
  parts: Parts,
  asker: Asker,
  place: SuitePlace,
  { arch, keys, now }: { readonly arch: string; readonly keys: readonly PublicKey[]; readonly now: number },
): Promise<
  { readonly facts: FetchedSuite['facts']; readonly packages: readonly IndexedPackage[] } | { readonly reason: string }
> {
  const { suite, root, bases, expired } = place;
  const folder = `${root}/dists/${suite}`;
  const roots = new Map([[root, { bases, mirror: null }]]);
  const missing = await bringFile(parts, asker, roots, `${folder}/InRelease`, null);
  if (missing !== null) return { reason: missing };
  const verified = verifySignedText((await parts.read(`apt/${folder}/InRelease`)).toString('utf8'), keys);
  if ('reason' in verified) return { reason: `its InRelease is not believed: ${verified.reason}` };
  const release = parseInRelease(verified.text);
  if (!isOfSuite(release, suite) || release.date === null) return { reason: 'its InRelease is of another suite' };
  if (!expired && release.validUntil !== null && release.validUntil < now)
    return { reason: 'its InRelease is past its Valid-Until' };
  const index = packagesIndex(release, arch);
  const files = listedFiles(verified.text);
  const listed =
    index === null ? undefined : files.find(({ path }) => path === index.path || path === `updates/${index.path}`);
  if (index === null || listed === undefined) return { reason: `it lists no packages for ${arch}` };
  const path = `${folder}/${index.path}`;
  const fault = await bringFile(parts, asker, roots, path, listed);
  if (fault !== null) return { reason: fault };
  try {
    const text = await decompressed(index.path, await parts.read(`apt/${path}`));
    const date = new Date(release.date).toISOString();
    const facts = {
      suite,
      date,
      signedBy: `${verified.by.owner.replace(/ <.*$/u, '')}, ${verified.by.fingerprint}`,
      url: bases[0] ?? '',
    };
    return { facts, packages: readPackageIndex(text.toString('utf8')) };
  } catch (cause) {
    if (cause instanceof PackageFault || cause instanceof OpenPgpFault) return { reason: cause.message };
    throw cause;
  }
}
