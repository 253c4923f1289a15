// @ts-check
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { readGoProxy } from '../machine.mjs';
import { bookwormSuites, trixieSuites } from '../mirrors.mjs';
import { makeBuildersWorld } from './builders.mjs';
import { withLock } from './cache.mjs';
import { makeComponentSources } from './components.mjs';
import { bookwormImages, lightPackages, notForLight, trixieImages, trixiePackages } from './image-specs.mjs';
import { makeGolangLayer } from './images.mjs';
import { makeKeys } from './keys.mjs';
import {
  makeBakeRepository,
  makeLightRepositories,
  makeRealRepositories,
  makeTrixieRepositories,
} from './repositories.mjs';
import { makeBase, makeEngine, makeLight, makeReal, makeTools, runInLayer } from './roots.mjs';
import { makeTrixieEngine, makeTrixieSource, makeTrixieTools } from './trixie.mjs';

/**
 * What one kind of lab is made from.
 * @typedef {object} World
 * @property {import('./roots.mjs').Layer} engine the lab's own root
 * @property {import('./roots.mjs').Layer} withGo the same on top of what has Go
 * @property {{dir: string, key: string}} keys
 * @property {import('./images.mjs').ImageSpec[]} images
 * @property {import('../mirrors.mjs').SuiteMap} suites
 * @property {import('./image-specs.mjs').Installed | null} packages null: suites that are signed anew list all packages too
 * @property {{goproxy: string, sumdb: string}} go
 * @property {Record<string, {commit: string, tag: string}>} repos
 * @property {(git: string) => void} fillGit writes the bare repositories to a folder that is not there yet
 *
 * @typedef {'real' | 'light' | 'trixie' | 'bake' | 'builders'} Moby which tree is moby/moby: Debian's 20.10.24 or the light one as v20.10.12, both on
 *   bookworm; v26.1.5 on trixie, the real one or, as `bake`, the light one; `builders`: both light ones, on trixie with buildkitd
 */

/** The components of which each Debian has the source; 20.10.24 gets rootlesskit as a module. */
const bookworm = { name: 'components', packages: /** @type {const} */ (['containerd', 'runc', 'tini']) };
const trixie = {
  name: 'components-trixie',
  packages: /** @type {const} */ (['containerd', 'runc', 'tini', 'rootlesskit']),
};

/** All kinds. @type {readonly Moby[]} */
export const mobys = ['real', 'light', 'trixie', 'bake', 'builders'];

/** Makes what is missing of it. @param {import('./roots.mjs').Prepare} prepare @param {Moby} moby @returns {Promise<World>} */
export async function makeWorld(prepare, moby) {
  if (moby === 'builders')
    return makeBuildersWorld(prepare, await bookwormWorld(prepare, 'light'), await trixieWorld(prepare, 'bake'));
  return moby === 'trixie' || moby === 'bake' ? trixieWorld(prepare, moby) : bookwormWorld(prepare, moby);
}

/** @param {import('./roots.mjs').Prepare} prepare @param {'real' | 'light'} moby @returns {Promise<World>} */
async function bookwormWorld(prepare, moby) {
  const base = await makeBase(prepare, 'bookworm');
  // Unpacking packages keeps one core busy, and modules come slowly: what does not wait for another is made side by side.
  const system = makeEngine(prepare, base).then(async (engine) => ({ engine, keys: await makeKeys(prepare, engine) }));
  const tools = makeTools(prepare, base).then(async (layer) => ({ layer, go: await goOf(prepare, layer) }));
  const layerOf = moby === 'light' ? makeLight : makeReal;
  const top = tools.then(({ layer }) => layerOf(prepare, layer));
  const repositories =
    moby === 'light'
      ? makeLightRepositories(prepare)
      : Promise.all([
          top,
          tools.then(({ layer, go }) => makeComponentSources(prepare, layer, go.goproxy, bookworm)),
        ]).then(([made, components]) => makeRealRepositories(prepare, made, components));
  const [name, without] = moby === 'light' ? ['golang-light', notForLight] : ['golang', []];
  const golang = Promise.all([system, top]).then(([{ keys }, made]) =>
    makeGolangLayer(prepare, made, keys, name, without),
  );
  const [{ engine, keys }, { layer, go }, image, { dir, repos }] = await Promise.all([
    system,
    tools,
    golang,
    repositories,
  ]);
  return {
    engine,
    withGo: onTopOf(layer, engine),
    keys,
    images: bookwormImages(image.dir, join(engine.lowers[0] ?? '', 'usr/bin/tini-static')),
    suites: bookwormSuites,
    packages: moby === 'light' ? lightPackages : null,
    go,
    repos,
    fillGit: (git) => cpSync(dir, git, { recursive: true }),
  };
}

/** @param {import('./roots.mjs').Prepare} prepare @param {'trixie' | 'bake'} moby @returns {Promise<World>} */
async function trixieWorld(prepare, moby) {
  const base = await makeBase(prepare, 'trixie');
  const system = makeTrixieEngine(prepare, base).then(async (engine) => ({
    engine,
    keys: await makeKeys(prepare, engine),
  }));
  const tools = makeTrixieTools(prepare, base).then(async (layer) => ({ layer, go: await goOf(prepare, layer) }));
  const repositories =
    moby === 'bake'
      ? makeBakeRepository(prepare)
      : tools
          .then(({ layer, go }) =>
            Promise.all([
              makeTrixieSource(prepare, layer, go.goproxy),
              makeComponentSources(prepare, layer, go.goproxy, trixie),
            ]),
          )
          .then(([source, components]) => makeTrixieRepositories(prepare, source, components));
  const golang = Promise.all([system, tools]).then(([{ keys }, { layer }]) =>
    makeGolangLayer(prepare, layer, keys, 'golang-trixie'),
  );
  const [{ engine, keys }, { layer, go }, image, { dir, repos }] = await Promise.all([
    system,
    tools,
    golang,
    repositories,
  ]);
  return {
    engine,
    withGo: onTopOf(layer, engine),
    keys,
    images: trixieImages(image.dir),
    suites: trixieSuites,
    packages: trixiePackages,
    go,
    repos,
    fillGit: (git) => cpSync(dir, git, { recursive: true }),
  };
}

/** One layer on top of another that stands on the same base. @param {import('./roots.mjs').Layer} below @param {import('./roots.mjs').Layer} top */
function onTopOf(below, top) {
  return { key: `${top.key}-${below.key}`, lowers: [...top.lowers.slice(0, 1), ...below.lowers] };
}

/** @param {import('./roots.mjs').Prepare} prepare @param {import('./roots.mjs').Layer} tools a layer that holds Go */
function goOf(prepare, tools) {
  const scratch = join(prepare.cache, `scratch-go-${tools.key}`);
  return readGoProxy((argv) => withLock(`${scratch}.lock`, () => runInLayer(tools, scratch, argv)));
}
