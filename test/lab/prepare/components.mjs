// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLayer } from './roots.mjs';

/**
 * The genuine sources of moby's components, as far as Debian has them: byte for byte upstream's tag, which the packages hold without
 * vendor/. The releases are those of the Debian that the lab is made from.
 */

/** What stands in GitHub under which name. */
const repositories = {
  containerd: 'containerd/containerd',
  runc: 'opencontainers/runc',
  tini: 'krallin/tini',
  rootlesskit: 'rootless-containers/rootlesskit',
};

/** @typedef {{repository: string, tag: string, tree: string}} ComponentSource `tree`: the folder */

/**
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer} tools a layer that holds Go
 * @param {string} goproxy
 * @param {{name: string, packages: readonly (keyof typeof repositories)[]}} which `name`: of the step
 * @returns {Promise<{key: string, sources: ComponentSource[]}>}
 * @throws LabError where a package, a module or a sum is not as expected
 */
export async function makeComponentSources(prepare, tools, goproxy, { name, packages }) {
  const script = readFileSync(new URL('component-sources.sh', import.meta.url), 'utf8');
  const { key, shared } = await makeLayer(prepare, tools, name, [
    ['apt-get', 'update'],
    ['sh', '-c', script, 'sh', goproxy, ...packages],
  ]);
  const sources = packages.map((packageName) => ({
    repository: repositories[packageName],
    tag: `v${readFileSync(join(shared, `${packageName}.version`), 'utf8').trim()}`,
    tree: join(shared, packageName),
  }));
  return { key, sources };
}
