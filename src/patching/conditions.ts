import type { Resolutions } from '../mirrors/resolutions.ts';
import type { ComponentChoice, EgressPoint, Resolution } from '../types.ts';
import type { Condition } from './rule.ts';

/** A point with what was decided for it. */
export interface DecidedPoint {
  readonly point: EgressPoint;
  readonly resolution: Resolution;
}

/** Which conditions of rules hold for these decisions. */
export function conditionsOf(
  resolutions: Resolutions,
  points: readonly DecidedPoint[],
  components: readonly ComponentChoice[],
): ReadonlySet<Condition> {
  const dropped = (kind: EgressPoint['kind']): boolean =>
    points.some(({ point, resolution }) => point.kind === kind && resolution.via === 'dropped');
  const facts: Record<Condition, boolean> = {
    recipe: resolutions.recipe,
    'not-recipe': !resolutions.recipe,
    sources: resolutions.apt !== null,
    expired: resolutions.apt?.expired === true,
    keyring: resolutions.keyring !== null,
    deb822: resolutions.deb822,
    'goproxy-env': resolutions.goproxy !== null,
    'gosumdb-env': resolutions.gosumdb !== null,
    'suite-moves': resolutions.suite !== null,
    'backports-dropped': dropped('apt-source'),
    'vpnkit-dropped': resolutions.without.includes('vpnkit') && dropped('image'),
    'components-edited': components.some(({ by }) => by === 'edit'),
  };
  return new Set((Object.keys(facts) as Condition[]).filter((name) => facts[name]));
}
