import type { Dockerfile } from '../../dockerfile/text/dockerfile.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';
import type { Resolution } from '../../mirrors/resolve/resolutions.ts';
import type { ComponentChoice, EgressPoint } from '../../types.ts';
import type { Condition } from '../rules/rule.ts';

/** A point with what was decided for it. */
export interface DecidedPoint {
  readonly point: EgressPoint;
  readonly resolution: Resolution;
}

/** Which conditions of rules hold for these decisions and this Dockerfile. */
export function conditionsOf(
  resolutions: Resolutions,
  points: readonly DecidedPoint[],
  dockerfile: Dockerfile,
  components: readonly ComponentChoice[],
  told: {
    readonly logins: boolean;
    readonly certificates: boolean;
    readonly 'source-date': boolean;
    readonly 'apt-folder': boolean;
    readonly 'go-folder': boolean;
    readonly base: boolean;
  },
): ReadonlySet<Condition> {
  const dropped = (kind: EgressPoint['kind']): boolean =>
    points.some(({ point, resolution }) => point.kind === kind && resolution.via === 'dropped');
  const facts: Record<Condition, boolean> = {
    recipe: resolutions.recipe,
    'not-recipe': !resolutions.recipe,
    sources: resolutions.apt !== null,
    'apt-lists': resolutions.apt !== null && resolutions.apt.lists !== null,
    // The recipe knows no settings, and sources of the user's are left to the user's own.
    'apt-conf': resolutions.apt !== null && (resolutions.apt.expired || resolutions.apt.lists !== null),
    keyring: resolutions.keyring !== null,
    deb822: resolutions.deb822,
    'goproxy-env': resolutions.goproxy !== null,
    'gosumdb-env': resolutions.gosumdb !== null,
    'pip-env': resolutions.pipIndex !== null,
    'frozen-mirrored': points.some(({ point, resolution }) => point.kind === 'frozen-image' && resolution.to !== null),
    'suite-moves': resolutions.suite !== null,
    'backports-dropped': dropped('apt-source'),
    ...shapeOf(dockerfile),
    'vpnkit-dropped': resolutions.without.includes('vpnkit') && dropped('image'),
    'components-edited': components.some(({ by }) => by === 'edit'),
    ...told,
  };
  return new Set((Object.keys(facts) as Condition[]).filter((name) => facts[name]));
}

/**
 * How the Dockerfile is laid out, as far as rules go by it. `sources-list-edited`: a RUN of stage base fails where
 * /etc/apt/sources.list is missing (up to 23.0.6). `vpnkit-copied`: its program is copied out by name, not with all that its
 * stage holds (up to 22.06).
 */
function shapeOf({ stages }: Dockerfile): Record<'sources-list-edited' | 'vpnkit-copied', boolean> {
  const base = stages.find(({ name }) => name === 'base')?.instructions ?? [];
  return {
    'sources-list-edited': base.some(
      ({ keyword, rest }) => keyword === 'RUN' && /^sed .*\/etc\/apt\/sources\.list(?:\s|$)/u.test(rest.text),
    ),
    'vpnkit-copied': stages.some(({ instructions }) =>
      instructions.some(
        ({ keyword, words, flags }) =>
          keyword === 'COPY' &&
          words[0]?.text === '/vpnkit' &&
          flags.some(({ name, value }) => name === 'from' && value?.text.startsWith('vpnkit') === true),
      ),
    ),
  };
}
