import type { Manifest } from '../artifacts/manifest.ts';
import { recordDifferences, type Difference } from './difference.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * What went into two builds and is not the same, as far as their manifests say it. Where the files lie, when and how long the builds ran is left
 * out, and so is the text of the command, whose parts are compared by themselves. Pure.
 */
export function compareManifests(a: Manifest, b: Manifest): readonly Difference[] {
  return [
    ...recordDifferences('option', optionTexts(a), optionTexts(b)),
    ...recordDifferences('source', sourceTexts(a), sourceTexts(b)),
    ...recordDifferences('patch', patchTexts(a), patchTexts(b)),
    ...recordDifferences('component', componentTexts(a), componentTexts(b)),
    ...recordDifferences('image', imageTexts(a), imageTexts(b)),
    ...recordDifferences('build-argument', a.build.args, b.build.args),
    ...recordDifferences('environment', a.build.env, b.build.env),
    ...recordDifferences('engine', engineTexts(a), engineTexts(b)),
    ...recordDifferences('tool', { [a.tool.name]: a.tool.version }, { [b.tool.name]: b.tool.version }),
  ];
}

/** Options that say where files lie or how a run is shown; no build depends on them. */
const OF_THE_PLACE = new Set(
  ['out', 'workDir', 'lock', 'save', 'config', 'json', 'quiet', 'verbose', 'color', 'yes', 'dryRun', 'docker'].concat([
    'netrc',
    'catalogue',
    'smoke',
  ]),
);

function optionTexts({ asked }: Manifest): Texts {
  const known = Object.entries(asked).filter(([name, value]) => !OF_THE_PLACE.has(name) && value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, asText(value)]));
}

/** The same for the same value: the names of an object stand in the order of the alphabet. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
}

function sourceTexts(manifest: Manifest): Texts {
  const { ref, commit, tree, series, target, platform, stamped } = manifest;
  return present({
    ref,
    commit,
    'tree before patching': tree.before,
    'tree after patching': tree.after,
    series,
    target,
    platform,
    'stamped version': stamped.version,
    'stamped commit': stamped.gitCommit,
  });
}

function patchTexts({ patches }: Manifest): Texts {
  return Object.fromEntries(patches.map(({ name, sha256 }) => [name, `sha256:${sha256}`]));
}

/** Commits of handed over sources are exact; a pin may be the name of a tag. */
function componentTexts({ components, sources }: Manifest): Texts {
  return {
    ...Object.fromEntries(components.map(({ component, pin }) => [component, pin])),
    ...Object.fromEntries(sources.map(({ component, commit }) => [`${component} (fetched)`, commit])),
  };
}

function imageTexts({ images }: Manifest): Texts {
  return Object.fromEntries(
    images.map(({ name, reference, platform, digest }) => [`${name} ${platform}`, `${reference}@${digest}`]),
  );
}

function engineTexts({ engine }: Manifest): Texts {
  if (engine === null) return {};
  const { serverVersion, serverArch, buildkit, buildxVersion } = engine;
  return present({ version: serverVersion, architecture: serverArch, buildkit, buildx: buildxVersion });
}

function present(texts: Readonly<Record<string, string | null>>): Texts {
  return Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text === null ? [] : [[name, text]])));
}
