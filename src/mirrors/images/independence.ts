import { parseImageReference } from '../../image-reference.ts';
import type { ImagePlace, Statement } from './wish.ts';

/**
 * Whether two statements are the word of two that have nothing to do with each other: other operators, whose registries stand in other
 * domains, and neither has only passed on what the other, or the same third one, said. What a mirror hides from us (it may ask
 * another one itself) nobody can tell. Pure.
 * @param places all that were asked
 */
export function areIndependent(a: Statement, b: Statement, places: readonly ImagePlace[]): boolean {
  const others = new Set(namesOf(b, places));
  return namesOf(a, places).every((name) => !others.has(name));
}

function namesOf({ place, sentTo }: Statement, places: readonly ImagePlace[]): readonly string[] {
  const sites = [siteOf(hostOf(place)), ...(sentTo === undefined ? [] : [siteOf(sentTo)])];
  const there = places.filter((each) => sites.includes(siteOf(hostOf(each))));
  return [place.operator.key, ...there.map(({ operator }) => operator.key), ...sites.map((site) => `site ${site}`)];
}

function hostOf({ reference }: ImagePlace): string {
  return parseImageReference(reference)?.host ?? reference;
}

/** Second levels below which a country's registrars sell names. */
const SOLD_BELOW = /^(?:ac|co|com|edu|gov|net|org)$/u;

/** The part of a host's name that somebody has registered: `daocloud.io` of `docker.m.daocloud.io`. Of two that cannot be told apart it makes one, never two of one. */
function siteOf(host: string): string {
  // An address has no owner in its name.
  if (/^[\d.]+(?::\d+)?$|^\[|^localhost\b/u.test(host)) return host;
  const labels = host.toLowerCase().replace(/:\d+$/u, '').split('.');
  const parts = labels.at(-1)?.length === 2 && SOLD_BELOW.test(labels.at(-2) ?? '') ? 3 : 2;
  return labels.slice(-parts).join('.');
}
