import type { BundleObject } from '../../bundle/format/contents.ts';
import { bytesOfFile } from '../../bundle/locate-files.ts';
import { parseInRelease } from '../../mirrors/requests/in-release.ts';
import { hashOne } from '../../mirrors/served/module-hash.ts';
import { servedModules, servedSuites } from '../../mirrors/served/wanted.ts';
import type { Planned, Served } from '../stage/stages.ts';
import { BUNDLE_MIRROR, MOUNTED } from './bundle-mirrors.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';

/** The dates of the suites and the sums of the modules that the plan names, as the bundle has them: what lock and manifest say of them. */
export async function servedByBundle({ scan, resolutions }: Planned, bundle: UsedBundle): Promise<Served> {
  const by = { mirror: BUNDLE_MIRROR, operator: null };
  const suites: Served['suites'][number][] = [];
  for (const { suite, base } of servedSuites(scan, resolutions)) {
    const path = `apt/${base.replace(`file://${MOUNTED.apt.at}/`, '')}/dists/${suite}/InRelease`;
    const date = parseInRelease((await read(bundle, path)) ?? '').date;
    suites.push({ suite, base, date: date === null ? null : new Date(date).toISOString(), ...by });
  }
  const modules: Served['modules'][number][] = [];
  for (const { path, version } of servedModules(scan, resolutions)) {
    const object = moduleOf(bundle, path, version);
    const mod = object?.files.find((file) => file.endsWith('.mod'));
    const text = mod === undefined ? null : await read(bundle, mod);
    const goModSum = text === null ? null : hashOne({ 'go.mod': Buffer.from(text) });
    modules.push({ path, version, sum: object?.digest ?? null, goModSum, mirror: BUNDLE_MIRROR, operator: null });
  }
  return { suites, modules };
}

/** The module in which a package is: it, or the nearest one above. */
export function moduleOf({ located }: UsedBundle, path: string, version: string): BundleObject | undefined {
  const parts = path.split('/');
  const names = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}@${version}`);
  const { objects } = located.verified.contents;
  return names.flatMap((name) => objects.filter((object) => object.kind === 'gomod' && object.name === name)).at(0);
}

async function read({ located }: UsedBundle, path: string): Promise<string | null> {
  const place = located.files.get(path);
  return place === undefined ? null : (await bytesOfFile(place)).toString('utf8');
}
