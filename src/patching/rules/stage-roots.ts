import type { Dockerfile, Stage } from '../../dockerfile/text/dockerfile.ts';
import { matches } from '../../dockerfile/text/glob-pattern.ts';

/**
 * Whether the steps of a stage run on an image of its own: what is told to stage `base` does not reach it.
 * A name with variables (`cross-${CROSS}`) counts as a stage where an earlier stage fits it.
 */
export function standsApart(dockerfile: Dockerfile, name: string): boolean {
  const stage = dockerfile.stages.findLast((item) => item.name === name);
  if (stage?.instructions.every(({ keyword }) => keyword !== 'RUN') !== false) return false;
  const seen: Stage[] = [];
  for (let at: Stage | undefined = stage; at !== undefined; at = under(dockerfile, at)) seen.push(at);
  return seen.every((item) => item.name.toLowerCase() !== 'base') && seen.at(-1)?.image.text !== 'scratch';
}

/** The stage that a stage is built from; undefined where that is an image. */
function under({ stages }: Dockerfile, { index, image }: Stage): Stage | undefined {
  const pattern = image.text.replaceAll(/\$(?:\{[^}]*\}|\w+)/gu, '*').toLowerCase();
  // A name that is one variable (`${GOLANG_IMAGE}`) is an image's.
  if (!/[a-z0-9]/u.test(pattern)) return undefined;
  return stages.slice(0, index).findLast((item) => matches(item.name.toLowerCase(), pattern));
}
