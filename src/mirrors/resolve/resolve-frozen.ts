import type { EgressPoint } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { carriesImage } from '../catalogue/catalogue.ts';
import { parseImageReference } from '../../image-reference.ts';
import { none, type Decision } from './resolve-named.ts';

const HUB = 'https://registry-1.docker.io';

/**
 * The images that moby's contrib/download-frozen-image-v2.sh fetches by curl. The script knows one registry for all of them, so the
 * first mirror is taken that has each, and that serves them below its host alone: `$registryBase/v2/$image/…`.
 * @param all the points of that kind, this one among them
 */
export function decideFrozen(
  point: EgressPoint,
  all: readonly EgressPoint[],
  candidates: readonly Candidate[],
): Decision {
  if (point.anchor === null) return none('the script does not say which registry it asks');
  const misses: string[] = [];
  const repositories = [...new Set(all.map(({ url }) => parseImageReference(url)?.repository ?? ''))];
  for (const { id, entry, template, via, why, byFlag } of candidates) {
    if (template === null || via === 'upstream')
      return {
        via: 'upstream',
        mirror: id,
        to: point.anchor.text === HUB ? null : HUB,
        reason: why ?? 'the official host, as the profile says',
      };
    const host = /^([^/{}]+)\/\{(?:image|path)\}$/.exec(template.text)?.[1];
    const missing = repositories.find((repository) => entry !== null && !carriesImage(entry, repository));
    const name = entry?.id ?? id ?? 'the mirror';
    if (host === undefined) misses.push(`${name} keeps images below a path, where the script does not look`);
    else if (missing !== undefined) misses.push(`${name} does not carry ${missing}`);
    else {
      const first = byFlag ? 'given by a flag' : 'first of the profile that has all of them';
      return { via: 'mirror', mirror: id, to: `https://${host}`, reason: [why ?? first, ...misses].join('; ') };
    }
  }
  return none(misses.length === 0 ? 'the profile names no mirror for image' : misses.join('; '));
}
