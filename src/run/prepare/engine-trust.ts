import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';
import { parseImageReference } from '../../image-reference.ts';
import type { Note, Scan } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Network } from '../stage/stages.ts';

/** With `--ca`: that the engine, which fetches images by itself, has to be told apart, and for which registries. */
export function engineTrustNote(
  network: Network,
  { points }: Scan,
  resolutions: Pick<Resolutions, 'points'>,
): readonly Note[] {
  if (network.stageCertificates === null) return [];
  const hosts = points.flatMap(({ kind, inClosure }, index) => {
    const to = resolutions.points[index]?.to ?? null;
    if (!inClosure || to === null || (kind !== 'image' && kind !== 'frontend')) return [];
    // Only the registry counts: a name that a variable stands for has none that could be told.
    return parseImageReference(to)?.host ?? [];
  });
  const registries = [...new Set(hosts)].filter((host) => host !== 'docker.io').sort();
  if (registries.length === 0) return [];
  const { message, hint } = MESSAGES.engineTrust(registries);
  return [{ level: 'info', code: 'engine-trust', message, hint }];
}
