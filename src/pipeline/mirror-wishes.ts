import { excluding } from '../mirrors/exclusion.ts';
import type { ResolveInput } from '../mirrors/resolve.ts';
import type { Scan } from '../types.ts';
import { known, type RunState } from './state.ts';

/** Who may serve what a scan found: profile, flags, measurement, and the mirrors that failed in this run. The same for images and for all else. */
export function mirrorWishes(
  state: RunState,
  scan: Scan,
): Pick<ResolveInput, 'scan' | 'profile' | 'catalogue' | 'overrides' | 'images' | 'frontend' | 'without'> & {
  readonly order: NonNullable<ResolveInput['order']>;
} {
  const { options } = state;
  return {
    scan,
    profile: known(state, 'profile'),
    catalogue: known(state, 'catalogue'),
    overrides: state.overrides,
    images: options.images,
    frontend: options.frontend ?? undefined,
    without: options.without,
    order: excluding(state.order ?? ((_kind, _point, list) => list), state.excluded),
  };
}
