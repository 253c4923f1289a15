import type { Asker } from '../requests/asker.ts';
import { imageFor, isVariable, manifestAt, openRepository } from '../requests/registry-session.ts';
import type { ImagePlace, ImageWish, Statement } from './wish.ts';

/**
 * Asks one registry what a tag is: the manifest or index behind it, hashed by us, and that of each platform. Where the digest is
 * known it is asked for by that, so that a tag which has moved since does no harm; a place that does not have it is asked what
 * its tag is, to tell it. Nothing is thrown: what went wrong is the reason.
 */
export async function askImage(place: ImagePlace, wish: ImageWish, asker: Asker): Promise<Statement> {
  const opened = openRepository(place.reference, asker);
  if (opened === null) return { place, digest: null, reason: isVariable(place.reference).reason, lacking: {} };
  const { session, wanted } = opened;
  const what = `${session.repository}:${wanted}`;
  const known = wish.known?.digest;
  const top = await manifestAt(session, known ?? wanted, known === undefined ? what : `${what}, ${shortDigest(known)}`);
  if (!('manifest' in top)) {
    const tag = known === undefined ? null : await manifestAt(session, wanted, what);
    if (tag === null || !('manifest' in tag)) return { place, digest: null, reason: top.reason, lacking: {} };
    return { place, digest: null, reason: `${top.reason}; its tag is ${tag.digest}`, tag: tag.digest, lacking: {} };
  }
  const lacking: Record<string, string> = {};
  for (const { platform } of wish.platforms) {
    const image = await imageFor(session, top, platform, what);
    if ('outcome' in image) lacking[platform] = image.reason;
  }
  const answered = new URL(top.answer.url).host;
  const sentTo = answered === new URL(session.at).host ? undefined : answered;
  return { place, digest: top.digest, reason: '', sentTo, lacking };
}

/** `sha256:923441d7c25f`, for lines that a person reads. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
