// @ts-check
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readGoProxy } from '../machine.mjs';
import { bookwormSuites, trixieSuites } from '../mirrors.mjs';
import { bookwormImages, trixieImages } from './image-specs.mjs';
import { makeGolangLayer } from './images.mjs';
import { makeKeys } from './keys.mjs';
import { makeBakeRepository, makeRepositories, makeTrixieRepository } from './repositories.mjs';
import { makeBase, makeEngine, makeReal, makeTools, runInLayer } from './roots.mjs';
import { makeTrixieEngine, makeTrixieSource, makeTrixieTools } from './trixie.mjs';

/**
 * What one kind of lab is made from.
 * @typedef {object} World
 * @property {import('./roots.mjs').Layer} engine the lab's own root
 * @property {{dir: string, key: string}} keys
 * @property {import('./images.mjs').ImageSpec[]} images
 * @property {import('../mirrors.mjs').SuiteMap} suites
 * @property {{goproxy: string, sumdb: string}} go
 * @property {Record<string, {commit: string, tag: string}>} repos
 * @property {(git: string) => void} fillGit writes the bare repositories to a folder that is not there yet
 *
 * @typedef {'real' | 'light' | 'trixie' | 'bake'} Moby which tree is moby/moby: Debian's 20.10.24 or the light one as v20.10.12, both on
 *   bookworm; v26.1.5 on trixie, the real one or, as `bake`, the light one
 */

/** Makes what is missing of it. @param {import('./roots.mjs').Prepare} prepare @param {Moby} moby @returns {Promise<World>} */
export async function makeWorld(prepare, moby) {
  return moby === 'trixie' || moby === 'bake' ? trixieWorld(prepare, moby) : bookwormWorld(prepare, moby);
}

/** @param {import('./roots.mjs').Prepare} prepare @param {'real' | 'light'} moby @returns {Promise<World>} */
async function bookwormWorld(prepare, moby) {
  const base = await makeBase(prepare, 'bookworm');
  // Unpacking packages keeps one core busy: the lab's own system and what goes into the images are made side by side.
  const system = makeEngine(prepare, base).then(async (engine) => ({ engine, keys: await makeKeys(prepare, engine) }));
  const content = makeTools(prepare, base).then(async (tools) => ({ tools, real: await makeReal(prepare, tools) }));
  const [{ engine, keys }, { tools, real }] = await Promise.all([system, content]);
  const golang = await makeGolangLayer(prepare, real, keys);
  const repositories = await makeRepositories(prepare, real);
  const repos = { ...repositories.repos };
  if (moby === 'light') repos['moby/moby'] = /** @type {{commit: string, tag: string}} */ (repos['light/moby']);
  return {
    engine,
    keys,
    images: bookwormImages(golang.dir, join(engine.lowers[0] ?? '', 'usr/bin/tini-static')),
    suites: bookwormSuites,
    go: await goOf(prepare, tools),
    repos,
    fillGit: (git) => {
      cpSync(repositories.dir, git, { recursive: true });
      if (moby !== 'light') return;
      rmSync(join(git, 'moby/moby.git'), { recursive: true });
      cpSync(join(git, 'light/moby.git'), join(git, 'moby/moby.git'), { recursive: true });
    },
  };
}

/** @param {import('./roots.mjs').Prepare} prepare @param {'trixie' | 'bake'} moby @returns {Promise<World>} */
async function trixieWorld(prepare, moby) {
  const base = await makeBase(prepare, 'trixie');
  const system = makeTrixieEngine(prepare, base).then(async (engine) => ({
    engine,
    keys: await makeKeys(prepare, engine),
  }));
  const content = makeTrixieTools(prepare, base).then(async (tools) => ({ tools, go: await goOf(prepare, tools) }));
  // The modules come slowly and cost little work: meanwhile the rest is made.
  const repository =
    moby === 'bake'
      ? makeBakeRepository(prepare)
      : content
          .then(({ tools, go }) => makeTrixieSource(prepare, tools, go.goproxy))
          .then((made) => makeTrixieRepository(prepare, made));
  const golang = Promise.all([system, content]).then(([{ keys }, { tools }]) =>
    makeGolangLayer(prepare, tools, keys, 'golang-trixie'),
  );
  const [{ engine, keys }, { go }, image, { dir, repos }] = await Promise.all([system, content, golang, repository]);
  return {
    engine,
    keys,
    images: trixieImages(image.dir),
    suites: trixieSuites,
    go,
    repos,
    fillGit: (git) => cpSync(dir, git, { recursive: true }),
  };
}

/** @param {import('./roots.mjs').Prepare} prepare @param {import('./roots.mjs').Layer} tools a layer that holds Go */
function goOf(prepare, tools) {
  return readGoProxy((argv) => runInLayer(tools, join(prepare.cache, `scratch-go-${tools.key}`), argv));
}
