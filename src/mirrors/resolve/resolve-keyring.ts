import { EXIT, MobyBuildError } from '../../errors.ts';
import { armorKeyring } from '../apt/keyring.ts';
import type { AptChoice } from './resolutions.ts';
import { newestSuite, parseSourcesList } from '../apt/sources-list.ts';
import { suiteFacts, type SuiteFacts } from '../catalogue/suites.ts';

/**
 * The keys that go into stage `base`, armored: the given ones, for where the sources name a release newer than the image's
 * own keys may know.
 * @param given the bytes of a keyring
 * @param release of the base image; null when it cannot be known
 * Throws MobyBuildError `keyring-needed` (3) where there is a need and none is given.
 */
export function keyringFor(
  given: Uint8Array | undefined,
  apt: AptChoice | null,
  release: SuiteFacts | null,
): string | null {
  if (given !== undefined) return armorKeyring(given);
  if (apt === null || release === null) return null;
  const newest = apt.text === null ? (suiteFacts(apt.suite) ?? null) : newestSuite(parseSourcesList(apt.text));
  if (newest === null || newest.version <= release.version) return null;
  throw new MobyBuildError({
    code: 'keyring-needed',
    exitCode: EXIT.machine,
    message: `The sources name ${newest.codename}, but the base image is of ${release.codename}, whose keys may not know it; signatures stay on.`,
    where: '--sources-list',
    hint: 'Give a keyring that does: --apt-keyring FILE. Debian has one in the package debian-archive-keyring.',
    command: 'sudo apt-get install debian-archive-keyring',
  });
}
