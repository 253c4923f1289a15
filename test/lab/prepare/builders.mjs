// @ts-check
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeBase, makeLayer } from './roots.mjs';
import { makeTrixieTools } from './trixie.mjs';

/**
 * The world of builders: the root of trixie, whose client has buildx, with buildkitd, which Debian has no package of. Behind its mirrors
 * stand both light trees, that of 20.10 and that of 26.1.
 */

/** The newest that `go install MODULE@VERSION` takes: from v0.19.0 on its go.mod excludes modules. */
export const buildkitVersion = 'v0.18.2';

/**
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./world.mjs').World} light that of bookworm
 * @param {import('./world.mjs').World} bake that of trixie
 * @returns {Promise<import('./world.mjs').World>} its `repos` has moby/moby at v20.10.12, and that at v26.1.5 as `moby/moby v26.1.5`
 */
export async function makeBuildersWorld(prepare, light, bake) {
  const moby = bake.repos['moby/moby'];
  if (moby === undefined) throw new Error('the world of bake has no moby/moby');
  return {
    ...bake,
    engine: await withBuildkit(prepare, bake),
    images: [...light.images, ...bake.images],
    packages: {
      names: [...(light.packages?.names ?? []), ...(bake.packages?.names ?? [])],
      architectures: bake.packages?.architectures ?? [],
      essential: false,
    },
    // Archived suites are those of 20.10 alone.
    suites: { normal: bake.suites.normal, archive: light.suites.archive },
    repos: { ...light.repos, 'moby/moby v26.1.5': moby },
    fillGit: (git) => {
      light.fillGit(git);
      const apart = `${git}-of-bake`;
      bake.fillGit(apart);
      const into = join(git, 'moby/moby.git');
      const tag = `refs/tags/${moby.tag}:refs/tags/${moby.tag}`;
      execFileSync('git', ['-C', into, 'fetch', '--quiet', `file://${join(apart, 'moby/moby.git')}`, tag]);
      rmSync(apart, { recursive: true });
    },
  };
}

/** @param {import('./roots.mjs').Prepare} prepare @param {import('./world.mjs').World} bake @returns {Promise<import('./roots.mjs').Layer>} */
async function withBuildkit(prepare, { engine, go }) {
  const script = readFileSync(new URL('buildkit.sh', import.meta.url), 'utf8');
  const tools = await makeTrixieTools(prepare, await makeBase(prepare, 'trixie'));
  const { key, shared } = await makeLayer(prepare, tools, 'buildkitd', [
    ['sh', '-c', script, 'sh', go.goproxy, buildkitVersion],
  ]);
  return { key: `${engine.key}-${key}`, lowers: [shared, ...engine.lowers] };
}
