import { readCaches } from '../../build-cache.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import type { OptionName } from '../../config/options/options.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { isServer } from '../../mirrors/catalogue/hostile.ts';
import { NEXT } from '../../next-command.ts';

type Given = (name: OptionName) => boolean;

/** Kinds whose value is a name: of an image that the engine may have, of a database that a folder of modules may hold. */
const NAMES_ALONE = /^(?:image|frontend|gosumdb)(?::|$)/u;

/**
 * The options of a run that asks no server: nothing is measured, this machine hands over the components, the frontend is the engine's own, and no step
 * has a network. Pure.
 *
 * @param isGiven whether somebody said an option
 * @throws MobyBuildError `offline-contradicted` (2) where an option wants a server
 */
export function offlineOptions(options: RunOptions, isGiven: Given): RunOptions {
  if (!options.offline || options.bundle.length > 0) return options;
  const against = contradiction(options, isGiven);
  if (against !== null)
    throw new MobyBuildError({
      code: 'offline-contradicted',
      exitCode: EXIT.usage,
      message: `--offline does not go with ${against.option}, ${against.why}.`,
      where: '--offline',
      hint: 'Leave one of them away.',
      command: NEXT.online(),
    });
  return {
    ...options,
    ...{ probe: false, reprobe: false },
    sources: options.sources ?? (options.inPlace ? null : 'host'),
    frontend: options.frontend ?? 'builtin',
    network: options.network ?? 'none',
  };
}

function contradiction(
  { probe, reprobe, sources, network, base, mirrors, cacheFrom, cacheTo }: RunOptions,
  isGiven: Given,
): { readonly option: string; readonly why: string } | null {
  if ((probe && isGiven('probe')) || reprobe)
    return { option: reprobe ? '--reprobe' : '--probe', why: 'which measures mirrors' };
  if (sources === 'mirror') return { option: '--sources mirror', why: 'by which the steps ask git servers' };
  if (network !== null && network !== 'none')
    return { option: `--network ${network}`, why: 'which gives the steps a network' };
  if (base === 'auto') return { option: '--base auto', why: 'which asks registries first' };
  for (const [kind, value] of Object.entries(mirrors))
    if (!NAMES_ALONE.test(kind) && isServer(value))
      return { option: `--mirror ${kind}=${value}`, why: 'which is a server' };
  for (const [flag, caches] of [
    ['--cache-from', readCaches(cacheFrom, 'from')],
    ['--cache-to', readCaches(cacheTo, 'to')],
  ] as const) {
    const remote = caches.find(({ type }) => type !== 'local');
    if (remote !== undefined) return { option: `${flag} type=${remote.type}`, why: 'which is on a server' };
  }
  return null;
}
