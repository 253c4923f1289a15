import type { HttpAnswer } from '../../system/http/http.ts';
import type { Asker } from '../requests/asker.ts';
import { isOfSuite, packagesIndex, parseInRelease } from '../requests/in-release.ts';
import type { WantedSuite } from '../candidates/need.ts';
import { failed, fine, isPage, judged, rate, wrongStatus, type Finding } from '../requests/outcome.ts';

/** The largest InRelease is that of sid, some 200 kB. */
const MAX_BYTES = 2_000_000;

/** A Release file from the future is "not valid yet" to apt; a clock that is a little behind is not judged here. */
const AHEAD_MS = 24 * 3600 * 1000;

/**
 * apt: the InRelease of each suite (signed, of that suite, not past its Valid-Until unless archived) and the package index of the
 * architecture, which must be as long as the InRelease says. The throughput is that of all the InRelease files together.
 *
 * @param now milliseconds since 1970
 */
export async function probeSuites(
  bases: readonly (readonly [WantedSuite, base: string])[],
  arch: string,
  asker: Asker,
  now: number,
): Promise<Finding> {
  const found = await Promise.all(bases.map(([suite, base]) => probeSuite(suite, base, arch, asker, now)));
  const bad = found.find(({ outcome }) => outcome !== 'ok');
  const [first] = found;
  if (bad !== undefined || first === undefined) return bad ?? { ...judgedNothing, outcome: 'not-asked' };
  const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
  const spent = found.reduce((sum, { totalMs, connectMs }) => sum + (totalMs ?? 0) - (connectMs ?? 0), 0);
  const slowest = (pick: (each: Finding) => number | null): number => Math.max(...found.map((each) => pick(each) ?? 0));
  return {
    ...first,
    reason: `${bases.map(([{ suite }]) => suite).join(', ')} for ${arch}`,
    connectMs: slowest(({ connectMs }) => connectMs),
    firstByteMs: slowest(({ firstByteMs }) => firstByteMs),
    totalMs: slowest(({ totalMs }) => totalMs),
    bytes,
    bytesPerSecond: rate(bytes, spent),
    dates: Object.assign({}, ...found.map(({ dates }) => dates ?? {})) as Record<string, number>,
  };
}

const judgedNothing = {
  status: null,
  reason: 'no suite is needed',
  connectMs: null,
  firstByteMs: null,
  totalMs: null,
  bytes: 0,
  bytesPerSecond: null,
};

async function probeSuite(
  { suite, archived }: WantedSuite,
  base: string,
  arch: string,
  asker: Asker,
  now: number,
): Promise<Finding> {
  const at = `${base}/dists/${suite}`;
  const name = `${suite} InRelease`;
  const answer = await asker.ask({ url: `${at}/InRelease`, maxBytes: MAX_BYTES });
  if ('fault' in answer) return failed(answer, name);
  const wrong = wrongStatus(answer, name) ?? judgeRelease(answer, suite, archived, now);
  if (wrong !== null) return wrong;
  const release = parseInRelease(textOf(answer));
  const index = packagesIndex(release, arch);
  if (index === null) return judged(answer, 'wrong-content', `${suite} lists no packages for ${arch}`);
  const head = await asker.ask({ url: `${at}/${index.path}`, method: 'HEAD', maxBytes: 0 });
  const what = `${suite} ${index.path}`;
  if ('fault' in head) return failed(head, what);
  const noIndex = wrongStatus(head, what);
  if (noIndex !== null) return noIndex;
  const length = head.headers['content-length'];
  if (length !== undefined && Number(length) !== index.bytes)
    return judged(
      head,
      'wrong-content',
      `${what} has ${length} bytes, not ${String(index.bytes)}: it is being synchronised`,
    );
  return fine(answer, suite, { dates: { [suite]: release.date ?? 0 } });
}

function judgeRelease(answer: HttpAnswer, suite: string, archived: boolean, now: number): Finding | null {
  const name = `${suite} InRelease`;
  if (isPage(answer)) return judged(answer, 'wrong-content', `${name} is a page for people`);
  const release = parseInRelease(textOf(answer));
  if (!release.signed) return judged(answer, 'wrong-content', `${name} has no signature, or is not whole`);
  if (!isOfSuite(release, suite)) {
    const said = `${release.suite} ${release.codename}`.trim();
    return judged(answer, 'wrong-content', `${name} is that of ${said === '' ? 'no suite' : said}`);
  }
  if (release.date === null) return judged(answer, 'wrong-content', `${name} has no date`);
  // apt takes none, and all other mirrors would look stale beside it.
  if (release.date > now + AHEAD_MS)
    return judged(
      answer,
      'wrong-content',
      `${name} is of ${dayOf(release.date)}, and today is ${dayOf(now)} by this machine's clock`,
    );
  // An archived suite is past it for good; the sources that are written say so.
  if (!archived && release.validUntil !== null && release.validUntil < now)
    return judged(answer, 'stale', `${name} was valid until ${dayOf(release.validUntil)}`);
  return null;
}

function textOf({ body }: HttpAnswer): string {
  return Buffer.from(body).toString('utf8');
}

/** `2026-11-25` */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
