import { NOWHERE } from '../../bundle/use/bundled-image.ts';
import type { CatalogueEntry } from '../../mirrors/catalogue/catalogue.ts';
import type { Resolution, Resolutions } from '../../mirrors/resolve/resolutions.ts';
import type { Checked } from '../stage/stages.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';

/** What points, lock and manifest call the bundle, where they name a mirror. */
export const BUNDLE_MIRROR = 'bundle';

/** Where the packages and the modules of a bundle lie in the tree, and where the steps that load them see them. */
export const MOUNTED = {
  apt: { path: 'hack/dockerfile/sources/apt', at: '/tmp/sources/apt' },
  go: { path: 'hack/dockerfile/sources/go', at: '/tmp/sources/go' },
} as const;

/** While mirrors are decided, a bundle is a server that cannot exist; `mountedInstead` puts its folders there. */
const PLACES: readonly (readonly [place: string, folder: string])[] = [
  [`http://${NOWHERE}/go`, `file://${MOUNTED.go.at}`],
  [`http://${NOWHERE}`, `file://${MOUNTED.apt.at}`],
];

/** The mirrors of a run that takes all from a bundle: the bundle alone, for every kind that it can hold. Pure. */
export function bundleMirrors({ located }: UsedBundle): Pick<Checked, 'catalogue' | 'profile' | 'overrides'> {
  const entry = (kinds: CatalogueEntry['kinds'], template: string): CatalogueEntry => ({
    ...{ id: BUNDLE_MIRROR, kinds, template, region: 'global', operator: 'the bundle', status: 'alive' },
    ...{ seen: null, sources: ['--bundle'] },
  });
  const server = `http://${NOWHERE}`;
  const mirrors = [
    entry(['image', 'frontend'], `${NOWHERE}/{image}`),
    { ...entry(['apt'], server), archive: server },
    { ...entry(['gomod'], `${server}/go`), sumdb: true },
  ];
  const hasFrontend = located.verified.contents.objects.some(
    ({ kind, upstream }) => kind === 'image' && /(?:^|\/)docker\/dockerfile(?:-upstream)?[:@]/u.test(upstream),
  );
  const all = [BUNDLE_MIRROR];
  return {
    catalogue: { compiled: '', mirrors },
    overrides: [],
    profile: {
      ...{ name: BUNDLE_MIRROR, style: 'chosen' },
      mirrors: { frontend: hasFrontend ? all : ['builtin'], image: all, apt: all, gomod: all },
    },
  };
}

/**
 * The same decisions with the mounted folders in the place of the server: no text of the tree names a host. The lists of suites may be older than they
 * say that they are good for; their signatures are checked as ever. Pure.
 */
export function mountedInstead(resolutions: Resolutions): Resolutions {
  const { apt, goproxy } = resolutions;
  const point = (resolution: Resolution): Resolution =>
    resolution.to === null ? resolution : { ...resolution, to: moved(resolution.to) };
  return {
    ...resolutions,
    points: resolutions.points.map(point),
    apt:
      apt === null
        ? null
        : {
            ...apt,
            text: apt.text === null ? null : moved(apt.text),
            debian: moved(apt.debian),
            security: moved(apt.security),
            expired: true,
          },
    goproxy: goproxy === null ? null : moved(goproxy),
  };
}

function moved(text: string): string {
  return PLACES.reduce((done, [place, folder]) => done.replaceAll(place, folder), text);
}
