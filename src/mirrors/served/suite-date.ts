import type { Asker } from '../requests/asker.ts';
import { isOfSuite, parseInRelease } from '../requests/in-release.ts';
import { isPage } from '../requests/outcome.ts';

const MAX_BYTES = 2_000_000;

/**
 * The Date of a suite's InRelease: which state of the suite a mirror serves. The signature is apt's to check.
 *
 * @param base the URL before `/dists`
 * @returns ISO 8601, or the reason why nobody knows
 */
export async function suiteDate(
  base: string,
  suite: string,
  asker: Asker,
): Promise<{ readonly date: string } | { readonly reason: string }> {
  const answer = await asker.ask({ url: `${base.replace(/\/+$/u, '')}/dists/${suite}/InRelease`, maxBytes: MAX_BYTES });
  if ('fault' in answer) return { reason: answer.reason };
  if (answer.status !== 200) return { reason: `HTTP status ${String(answer.status)}` };
  if (isPage(answer)) return { reason: 'the answer is a page for people' };
  const release = parseInRelease(Buffer.from(answer.body).toString('utf8'));
  if (!release.signed || !isOfSuite(release, suite) || release.date === null)
    return { reason: 'the answer is no InRelease of that suite' };
  return { date: new Date(release.date).toISOString() };
}
