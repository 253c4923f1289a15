import type { EgressPoint } from '../../types.ts';
import { none, type Decision } from './resolve-named.ts';
import type { AptChoice } from './resolutions.ts';
import { parseSourcesList } from '../apt/sources-list.ts';
import { suiteFacts } from '../catalogue/suites.ts';

/** Whether an added apt source is one of Debian's suites; `/` is a flat repository of somebody else's. */
export function isDebianSuite({ suite }: EgressPoint): boolean {
  return suite !== undefined && suiteFacts(suite) !== undefined;
}

/**
 * apt in a stage that does not stand on base: it gets the same sources itself. Such a stage starts from a plain Debian, which has no
 * certificates until apt has fetched them, so its mirror must be asked by http.
 * @param apt null: the sources of the images are kept
 */
export function aptOutside({ stage }: EgressPoint, apt: AptChoice | null, recipe: boolean): Decision {
  if (apt === null)
    return { via: 'upstream', mirror: null, to: null, reason: 'the official host, as the profile says' };
  if (recipe) return none('the recipe leaves it');
  const urls = apt.text === null ? [apt.debian, apt.security] : parseSourcesList(apt.text).map(({ url }) => url);
  const secure = urls.find((url) => url.startsWith('https:'));
  if (secure !== undefined) return none(`stage ${stage} has no certificates yet, and ${secure} needs them`);
  return { via: apt.via, mirror: apt.mirror, to: null, reason: apt.reason, ownSources: true };
}
