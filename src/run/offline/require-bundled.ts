import { NOWHERE } from '../../bundle/use/bundled-image.ts';
import { lackingOf, lackingToo } from '../../bundle/use/needs.ts';
import { isDropped } from '../../mirrors/resolve/asked-points.ts';
import { parseSourcesList } from '../../mirrors/apt/sources-list.ts';
import type { MetPoint } from '../../types.ts';
import type { Planned } from '../stage/stages.ts';
import { MOUNTED } from './bundle-mirrors.ts';
import { moduleOf } from './served-by-bundle.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';
import { requireAll } from './use-bundle.ts';

type Decided = Omit<Planned, 'command'>;

/**
 * Holds the plan against the bundle, before anything is built: other options than those of `bundle create` may need other objects.
 *
 * @param on GOARCH of the machine that builds
 * @throws MobyBuildError `bundle-lacks` (5) that names each
 */
export function requireBundled(from: Decided, bundle: UsedBundle, on: string): void {
  const missing = [...lacksOfPoints(from, bundle), ...lacksOfGit(from, bundle), ...lacksOfSuites(from, bundle)];
  const { located, build, file, stored } = bundle;
  const builderArch = from.source.series.builtBy === 'bake' ? on : null;
  requireAll(
    file,
    { ...build, options: { ...from.options, builderArch } },
    lackingToo(lackingOf(located.verified.contents, build, stored), missing),
  );
}

/** Images without a pin, modules that are named with their version, and points of a kind that no bundle holds. */
function lacksOfPoints({ plan, pins, resolutions }: Decided, bundle: UsedBundle): readonly string[] {
  const lacks = ({ id, kind, url, module, via }: MetPoint): readonly string[] => {
    switch (kind) {
      case 'image':
      case 'frontend':
        return pins.has(id) ? [] : [`image ${(plan.becomes.get(id) ?? url).replace(NOWHERE, 'docker.io')}`];
      case 'gomod': {
        const [named, path = '', version = ''] = /^(\S+)@(v\d[^\s$]*)$/u.exec(module ?? '') ?? [];
        return named === undefined || moduleOf(bundle.located.verified.contents, path, version) !== undefined
          ? []
          : [`gomod ${named}`];
      }
      case 'git':
        return via === 'host' ? [] : [`git ${url}`];
      case 'apt':
      case 'apt-source':
        return [];
      default:
        return [`${kind} ${url}`];
    }
  };
  return plan.points
    .filter(({ id, inClosure, via }) => inClosure && via !== 'dropped' && !isDropped(resolutions, id))
    .flatMap(lacks);
}

/** Repositories that this machine would fetch. */
function lacksOfGit({ hostSources }: Decided, { located, stored }: UsedBundle): readonly string[] {
  const { objects } = located.verified.contents;
  return hostSources
    .filter(({ wish: { commit } }) => commit === null || !stored.has(commit))
    .filter(({ wish: { commit }, upstream }) =>
      objects.every((object) =>
        commit === null ? object.kind !== 'git' || object.upstream !== upstream : object.digest !== `git:${commit}`,
      ),
    )
    .map(({ wish }) => `git ${wish.title}`);
}

/** Suites of which no signed list is there. */
function lacksOfSuites({ plan, resolutions, scan }: Decided, { located }: UsedBundle): readonly string[] {
  const inClosure = plan.points.some((point) => point.kind === 'apt' && point.inClosure);
  const text = plan.after.get('sources.list')?.text;
  if (!inClosure || text === undefined) return [];
  const added = scan.points.flatMap((point, index): { readonly url: string; readonly suite: string }[] => {
    const to = resolutions.points[index]?.to ?? null;
    const isSource = point.kind === 'apt-source' && point.inClosure && point.suite !== undefined;
    return isSource && to !== null ? [{ url: to, suite: point.suite ?? '' }] : [];
  });
  const root = `file://${MOUNTED.apt.at}/`;
  return [...parseSourcesList(text), ...added]
    .filter(({ url, suite }) => !located.files.has(`apt/${url.replace(root, '')}/dists/${suite}/InRelease`))
    .map(({ suite }) => `apt ${suite}`);
}
