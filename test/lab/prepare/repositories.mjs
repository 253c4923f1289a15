// @ts-check
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commitAll, lightTreeSource, materializeLightTree } from '../../support/light-tree.mjs';
import { cachedStep } from './cache.mjs';
import { xxScripts } from './image-specs.mjs';
import { run } from './processes.mjs';
import { standInProxy, standIns, writeFiles } from './stand-ins.mjs';

/**
 * The bare repositories behind the git mirrors, one set for each kind of lab: moby under the tag of its release, and its components.
 * Each has one commit, which is ours.
 */

/** Kept apart from the machine's defaults: the light tree names these, and they resolve nowhere. */
const lightHosts = {
  debianDefault: 'debian-default.example',
  debianSecurity: 'debian-security.example',
  goDefault: 'go-default.example',
};

/**
 * @typedef {{dir: string, repos: Record<string, {commit: string, tag: string}>}} Repositories the folder has OWNER/REPO.git
 * @typedef {(name: string, tag: string, fill: (tree: string) => Promise<void> | void, kind?: {annotated: boolean}) => Promise<string>} MakeRepository
 *   makes one of what `fill` writes into an empty folder, and says its commit
 */

/** What the repository of xx depends on. */
const xxTexts = xxScripts.map(({ source, inRepository }) => [inRepository, readFileSync(source, 'utf8')]);

/**
 * For 20.10.24: moby and libnetwork from Debian's package of moby, the components from theirs.
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer & {shared: string}} real
 * @param {{key: string, sources: import('./components.mjs').ComponentSource[]}} components
 * @returns {Promise<Repositories>}
 */
export async function makeRealRepositories(prepare, real, components) {
  const inputs = { real: real.key, components: components.key, recipe: 6 };
  return repositorySet(prepare, 'repositories', inputs, async (make) => {
    await makeComponents(make, components.sources);
    await makeLibnetwork(make, copyOf(join(real.shared, 'libnetwork')));
    await make('moby/moby', 'v20.10.24', copyOf(join(real.shared, 'engine')));
  });
}

/** For the light tree, whose components are stand-ins. @param {import('./roots.mjs').Prepare} prepare @returns {Promise<Repositories>} */
export async function makeLightRepositories(prepare) {
  const tree = textsBelow(lightTreeSource);
  const inputs = { tree, standIns, standInProxy, lightHosts, recipe: 7 };
  return repositorySet(prepare, 'repositories-light', inputs, async (make, repos) => {
    for (const [name, { tag, files }] of Object.entries(standIns))
      await make(name, tag, (tree) => writeFiles(tree, files), { annotated: true });
    await makeLibnetwork(make, (tree) => writeFiles(tree, standInProxy));
    const pins = {
      CONTAINERD: repos['containerd/containerd']?.commit ?? '',
      RUNC: repos['opencontainers/runc']?.commit ?? '',
      TINI: repos['krallin/tini']?.commit ?? '',
      LIBNETWORK: repos['docker/libnetwork']?.commit ?? '',
      ROOTLESSKIT: repos['rootless-containers/rootlesskit']?.commit ?? '',
    };
    await make(
      'moby/moby',
      'v20.10.12',
      (tree) => void materializeLightTree(tree, { ...lightHosts, pins, git: false }),
    );
  });
}

/**
 * For 26.1.5: moby, and the components that target `all` clones.
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer & {shared: string}} source
 * @param {{key: string, sources: import('./components.mjs').ComponentSource[]}} components
 * @returns {Promise<Repositories>}
 */
export async function makeTrixieRepositories(prepare, source, components) {
  const inputs = { source: source.key, components: components.key, xx: xxTexts, recipe: 2 };
  return repositorySet(prepare, 'repositories-trixie', inputs, async (make) => {
    await makeComponents(make, components.sources);
    await makeXx(make);
    await make('moby/moby', 'v26.1.5', copyOf(join(source.shared, 'engine')));
  });
}

/** The light tree in the shape of 23.0 and later, under the tag of 26.1.5. @param {import('./roots.mjs').Prepare} prepare */
export async function makeBakeRepository(prepare) {
  const source = fileURLToPath(new URL('../../support/light-bake-tree', import.meta.url));
  const inputs = { texts: textsBelow(source), xx: xxTexts, recipe: 2 };
  return repositorySet(prepare, 'repositories-bake', inputs, async (make) => {
    await makeXx(make);
    await make('moby/moby', 'v26.1.5', (tree) => cpSync(source, tree, { recursive: true }));
  });
}

/** containerd and runc ask `git describe` for their release: their tags are annotated, as upstream's are. @param {MakeRepository} make @param {readonly import('./components.mjs').ComponentSource[]} sources */
async function makeComponents(make, sources) {
  for (const { repository, tag, tree } of sources) await make(repository, tag, copyOf(tree), { annotated: true });
}

/** The stand-in for xx, at the places of upstream's repository. @param {MakeRepository} make */
async function makeXx(make) {
  await make('tonistiigi/xx', 'v1.4.0', (tree) => {
    for (const { source, inRepository } of xxScripts) cpSync(source, join(tree, 'src', inRepository));
  });
}

/** It moved: both names lead to it. @param {MakeRepository} make @param {(tree: string) => Promise<void> | void} fill */
async function makeLibnetwork(make, fill) {
  for (const name of ['moby/libnetwork', 'docker/libnetwork']) await make(name, 'v0.8.0', fill);
}

/** What its files say, in the order of their names. @param {string} dir */
function textsBelow(dir) {
  const files = readdirSync(dir, { recursive: true }).map((name) => join(dir, String(name)));
  return files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
}

/** @param {string} source @returns {(tree: string) => Promise<void>} */
function copyOf(source) {
  return async (tree) => void (await run(['cp', '-a', `${source}/.`, tree]));
}

/**
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {string} name of the step
 * @param {unknown} inputs
 * @param {(make: MakeRepository, made: Repositories['repos']) => Promise<void>} fill
 * @returns {Promise<Repositories>}
 */
async function repositorySet(prepare, name, inputs, fill) {
  const step = await cachedStep({ ...prepare, name, inputs }, async (dir) => {
    const scratch = join(dir, 'scratch');
    /** @type {Repositories['repos']} */
    const repos = {};
    await fill(async (repository, tag, write, { annotated } = { annotated: false }) => {
      const tree = join(scratch, repository);
      mkdirSync(tree, { recursive: true });
      await write(tree);
      const subject = `${repository} ${tag}, as the lab has it`;
      const commit = commitAll(tree, { tag, subject, annotated });
      await bare(tree, join(dir, `${repository}.git`));
      repos[repository] = { commit, tag };
      return commit;
    }, repos);
    await run(['rm', '-r', scratch]);
    writeFileSync(join(dir, 'repos.json'), JSON.stringify(repos));
  });
  return { dir: step.dir, repos: JSON.parse(readFileSync(join(step.dir, 'repos.json'), 'utf8')) };
}

/** @param {string} tree @param {string} target */
async function bare(tree, target) {
  await run(['git', 'clone', '--quiet', '--bare', '--no-hardlinks', `file://${tree}`, target]);
  // As GitHub serves: any commit by its id, and filters.
  for (const name of ['uploadpack.allowAnySHA1InWant', 'uploadpack.allowFilter'])
    await run(['git', '-C', target, 'config', name, 'true']);
}
