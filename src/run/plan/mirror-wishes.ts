import { withoutOf } from '../../base/base-wish.ts';
import { excluding } from '../../mirrors/probe/exclusion.ts';
import { asItIs } from '../../mirrors/probe/choices.ts';
import type { ResolveInput } from '../../mirrors/resolve/resolve-tree.ts';
import type { Scan } from '../../types.ts';
import type { Checked, Measured } from '../stage/stages.ts';

/** Who may serve what a scan found: profile, flags, measurement, and the mirrors that failed in this run. The same for images and for all else. */
export function mirrorWishes(
  from: Checked & Partial<Pick<Measured, 'order' | 'excluded' | 'base'>>,
  scan: Scan,
): Pick<ResolveInput, 'scan' | 'profile' | 'catalogue' | 'overrides' | 'images' | 'frontend' | 'without'> & {
  readonly order: NonNullable<ResolveInput['order']>;
} {
  const { options, profile, catalogue, overrides, order = asItIs, excluded = [], base = null } = from;
  return {
    scan,
    profile,
    catalogue,
    overrides,
    images: options.images,
    frontend: options.frontend ?? undefined,
    without: withoutOf(options, base),
    order: excluding(order, excluded),
  };
}
