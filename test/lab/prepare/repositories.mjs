// @ts-check
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commitAll, materializeLightTree } from '../../support/light-tree.mjs';
import { cachedStep } from './cache.mjs';
import { run } from './processes.mjs';

/**
 * The bare repositories behind the git mirrors: moby from Debian's source package under the tag of its
 * release, the light tree, and stand-ins for the components. A stand-in builds by the very commands of
 * moby's installers and hands out what Debian's packages in the base image hold.
 */

/** Kept apart from the machine's defaults: the light tree names these, and they resolve nowhere. */
const lightHosts = {
  debianDefault: 'debian-default.example',
  debianSecurity: 'debian-security.example',
  goDefault: 'go-default.example',
};

/** `lightTag`: what the light tree, shaped like v20.10.12, says that its commit is. @type {Record<string, {tag: string, lightTag?: string, files: Record<string, string>}>} */
const standIns = {
  'containerd/containerd': {
    tag: 'v1.6.16',
    lightTag: 'v1.4.12',
    files: {
      Makefile:
        'all:\n\tmkdir -p bin\n\tcp /usr/bin/containerd /usr/bin/containerd-shim /usr/bin/containerd-shim-runc-v2 /usr/bin/ctr bin/\n',
    },
  },
  'opencontainers/runc': {
    tag: 'v1.1.4',
    lightTag: 'v1.0.2',
    files: { Makefile: 'static:\n\tcp "$$(command -v runc)" runc\n' },
  },
  'krallin/tini': {
    tag: 'v0.19.0',
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.0)\nproject(tini NONE)\nadd_custom_target(tini-static COMMAND ${CMAKE_COMMAND} -E copy /usr/bin/tini-static tini-static)\n',
    },
  },
  'rootless-containers/rootlesskit': {
    tag: 'v0.14.4',
    files: {
      'go.mod':
        'module github.com/rootless-containers/rootlesskit\n\ngo 1.16\n\nrequire github.com/google/uuid v1.6.0\n',
      'go.sum':
        'github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=\ngithub.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n',
      'cmd/rootlesskit/main.go': program('rootlesskit'),
      'cmd/rootlesskit-docker-proxy/main.go': program('rootlesskit-docker-proxy'),
    },
  },
};

/** @param {string} name */
function program(name) {
  return `package main\n\nimport (\n\t"fmt"\n\n\t"github.com/google/uuid"\n)\n\nfunc main() {\n\tfmt.Println("${name} version 0.14.4", uuid.Nil)\n}\n`;
}

/**
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer & {shared: string}} real
 * @returns {Promise<{dir: string, repos: Record<string, {commit: string, tag: string}>}>} bare repositories OWNER/REPO.git, and `light/moby.git`
 */
export async function makeRepositories(prepare, real) {
  /** @type {Record<string, {commit: string, tag: string}>} */
  const repos = {};
  const step = await cachedStep(
    { ...prepare, name: 'repositories', inputs: { real: real.key, standIns, lightHosts, recipe: 5 } },
    async (dir) => {
      const scratch = join(dir, 'scratch');
      /** @param {string} name @param {string} tag @param {(tree: string) => Promise<void> | void} fill @param {string} [lightTag] */
      const make = async (name, tag, fill, lightTag) => {
        const tree = join(scratch, name);
        mkdirSync(tree, { recursive: true });
        await fill(tree);
        const commit = commitAll(tree, { tag, subject: `${name} ${tag}, as the lab has it` });
        if (lightTag !== undefined) {
          const who = ['-c', 'user.name=moby-build lab', '-c', 'user.email=lab@moby-build.invalid'];
          await run(['git', '-C', tree, ...who, 'tag', '-a', '-m', lightTag, lightTag]);
        }
        await bare(tree, join(dir, `${name}.git`));
        repos[name] = { commit, tag };
      };
      for (const [name, { tag, lightTag, files }] of Object.entries(standIns)) {
        const fill = (/** @type {string} */ tree) => {
          for (const [path, text] of Object.entries(files)) {
            mkdirSync(join(tree, path, '..'), { recursive: true });
            writeFileSync(join(tree, path), text);
          }
        };
        await make(name, tag, fill, lightTag);
      }
      for (const name of ['moby/libnetwork', 'docker/libnetwork']) {
        await make(
          name,
          'v0.8.0',
          async (tree) => void (await run(['cp', '-a', `${join(real.shared, 'libnetwork')}/.`, tree])),
        );
      }
      await make(
        'moby/moby',
        'v20.10.24',
        async (tree) => void (await run(['cp', '-a', `${join(real.shared, 'engine')}/.`, tree])),
      );
      const light = join(scratch, 'light');
      const pins = {
        CONTAINERD: repos['containerd/containerd']?.commit ?? '',
        RUNC: repos['opencontainers/runc']?.commit ?? '',
        TINI: repos['krallin/tini']?.commit ?? '',
        LIBNETWORK: repos['docker/libnetwork']?.commit ?? '',
        ROOTLESSKIT: repos['rootless-containers/rootlesskit']?.commit ?? '',
      };
      const { commit } = materializeLightTree(light, { ...lightHosts, pins });
      await bare(light, join(dir, 'light/moby.git'));
      repos['light/moby'] = { commit: commit ?? '', tag: 'v20.10.12' };
      await run(['rm', '-r', scratch]);
      writeFileSync(join(dir, 'repos.json'), JSON.stringify(repos));
    },
  );
  return { dir: step.dir, repos: JSON.parse(readFileSync(join(step.dir, 'repos.json'), 'utf8')) };
}

/**
 * The one repository that a build of 26.1.5 needs: the closure of `binary` clones nothing.
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer & {shared: string}} source
 * @returns {Promise<{dir: string, repos: Record<string, {commit: string, tag: string}>}>}
 */
export async function makeTrixieRepository(prepare, source) {
  const tag = 'v26.1.5';
  const step = await cachedStep(
    { ...prepare, name: 'repositories-trixie', inputs: { source: source.key, recipe: 1 } },
    async (dir) => {
      const tree = join(dir, 'scratch');
      await run(['cp', '-a', join(source.shared, 'engine'), tree]);
      const commit = commitAll(tree, { tag, subject: `moby/moby ${tag}, as the lab has it` });
      await bare(tree, join(dir, 'moby/moby.git'));
      await run(['rm', '-r', tree]);
      writeFileSync(join(dir, 'repos.json'), JSON.stringify({ 'moby/moby': { commit, tag } }));
    },
  );
  return { dir: step.dir, repos: JSON.parse(readFileSync(join(step.dir, 'repos.json'), 'utf8')) };
}

/** The light tree in the shape of 23.0 and later, under the tag of 26.1.5. @param {import('./roots.mjs').Prepare} prepare */
export async function makeBakeRepository(prepare) {
  const source = fileURLToPath(new URL('../../support/light-bake-tree', import.meta.url));
  const files = readdirSync(source, { recursive: true }).map((name) => join(source, String(name)));
  const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
  const tag = 'v26.1.5';
  const step = await cachedStep(
    { ...prepare, name: 'repositories-bake', inputs: { texts, recipe: 1 } },
    async (dir) => {
      const tree = join(dir, 'scratch');
      cpSync(source, tree, { recursive: true });
      const commit = commitAll(tree, { tag, subject: 'A light stand-in for moby' });
      await bare(tree, join(dir, 'moby/moby.git'));
      await run(['rm', '-r', tree]);
      writeFileSync(join(dir, 'repos.json'), JSON.stringify({ 'moby/moby': { commit, tag } }));
    },
  );
  return { dir: step.dir, repos: JSON.parse(readFileSync(join(step.dir, 'repos.json'), 'utf8')) };
}

/** @param {string} tree @param {string} target */
async function bare(tree, target) {
  await run(['git', 'clone', '--quiet', '--bare', '--no-hardlinks', `file://${tree}`, target]);
  // As GitHub serves: any commit by its id, and filters.
  for (const name of ['uploadpack.allowAnySHA1InWant', 'uploadpack.allowFilter'])
    await run(['git', '-C', target, 'config', name, 'true']);
}
