import { cacheText, readCache, scopedCache, type CacheDirection } from '../../build-cache.ts';
import type { MakeInput } from './make-input.ts';
import { hostileValue, requirePlainText } from './plain-text.ts';

/** The values of `--cache-from` and `--cache-to` as buildx gets them, each with its scope. */
export interface CacheSpecs {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * Caches beyond the builder. They are told apart by series and architecture: the stages of two series have nothing in common. Pure.
 *
 * @throws MobyBuildError `hostile-value` (2)
 */
export function cacheSpecs({ caches }: Pick<MakeInput, 'caches'>): CacheSpecs {
  const specs = (direction: CacheDirection): readonly string[] =>
    (caches?.[direction] ?? []).map((value) => {
      const flag = `--cache-${direction}`;
      const cache = readCache(requirePlainText(value, flag), direction);
      if (typeof cache === 'string') throw hostileValue(flag, `${flag} ${cache}.`);
      return cacheText(scopedCache(cache, direction, caches?.scope ?? ''));
    });
  return { from: specs('from'), to: specs('to') };
}

/** The same as words of `docker buildx build`. */
export function cacheFlags(input: Pick<MakeInput, 'caches'>): readonly string[] {
  const { from, to } = cacheSpecs(input);
  return [...from.flatMap((spec) => ['--cache-from', spec]), ...to.flatMap((spec) => ['--cache-to', spec])];
}

/** Whether a cache beyond the builder is named. */
export function hasCaches({ caches }: Pick<MakeInput, 'caches'>): boolean {
  return caches !== undefined && caches.from.length + caches.to.length > 0;
}
