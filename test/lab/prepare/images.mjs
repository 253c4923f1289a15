// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachedStep } from './cache.mjs';
import { run } from './processes.mjs';
import { runInLayer } from './roots.mjs';

/**
 * The images that the lab's registry holds, written straight into the folders that docker-registry reads
 * (github.com/distribution: registry/storage/paths.go): nothing has to be pushed.
 */

/** @typedef {{digest: string, size: number, file: string}} Blob */

/**
 * The file system of the golang images: Go, a compiler, what a compile needs, the lab's CA and apt key. One big layer.
 * @param {import('./roots.mjs').Prepare} prepare
 * @param {import('./roots.mjs').Layer} real
 * @param {{dir: string, key: string}} keys
 * @param {string} [name] of the step
 * @param {readonly string[]} [without] patterns of tar: what is left out
 */
export async function makeGolangLayer(prepare, real, keys, name = 'golang', without = []) {
  const left = ['./run/*', './proc/*', './sys/*', './dev/*', './tmp/*', ...without].map(
    (each) => `--exclude='${each}'`,
  );
  const script = [
    'set -e',
    'cp /run/shared/keys/ca.pem /usr/local/share/ca-certificates/moby-build-lab.crt && update-ca-certificates >/dev/null 2>&1',
    'cp /run/shared/keys/apt.asc /etc/apt/trusted.gpg.d/moby-build-lab.asc',
    'rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/60machine /usr/sbin/policy-rc.d',
    'mkdir -p /go/src /go/bin /go/pkg && chmod -R 777 /go',
    `tar --create --file=/run/shared/layer.tar --numeric-owner --one-file-system --sort=name ${left.join(' ')} -C / .`,
  ].join('\n');
  return cachedStep({ ...prepare, name, inputs: { real: real.key, keys: keys.key, script } }, async (dir) => {
    await run(['cp', '-r', keys.dir, join(dir, 'keys')]);
    await runInLayer(real, join(prepare.cache, `scratch-${name}`), ['sh', '-c', script], dir);
    await run(['rm', '-r', join(dir, 'keys')]);
    writeFileSync(join(dir, 'layer.sha256'), await sha256(join(dir, 'layer.tar')));
  });
}

/**
 * @typedef {object} ImageSpec
 * @property {string[]} names `library/golang:1.16.12-buster`
 * @property {readonly string[]} architectures that a registry shall offer it for
 * @property {string} [below] the folder of `makeGolangLayer` that it stands on
 * @property {Record<string, {text: string} | {copyOf: string}>} files on top, by path; a copy keeps its mode
 * @property {Record<string, unknown>} config as of an OCI image: environment, working directory, command
 */

/**
 * Fills a registry's folder.
 * @param {string} registry an empty folder on the cache's file system
 * @param {readonly ImageSpec[]} images
 */
export async function fillRegistry(registry, images) {
  const scratch = join(registry, 'scratch');
  mkdirSync(scratch, { recursive: true });
  for (const [index, { names, architectures, below, files, config }] of images.entries()) {
    const top = join(scratch, String(index));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      if ('text' in content) writeFileSync(join(top, path), content.text);
      else await run(['cp', content.copyOf, join(top, path)]);
    }
    const small = await tarBlob(top, join(scratch, `${index}.tar`));
    const layers = below === undefined ? [small] : [bigBlob(below), small];
    const manifests = architectures.map((architecture) => ({
      architecture,
      blob: manifestOf(registry, scratch, architecture, layers, config),
    }));
    const list = jsonBlob(registry, scratch, {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: manifests.map(({ architecture, blob }) => ({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: blob.digest,
        size: blob.size,
        platform: { os: 'linux', architecture },
      })),
    });
    for (const name of names) {
      const [repository = '', tag = ''] = name.split(':');
      for (const layer of layers) link(registry, `${repository}/_layers`, layer.digest);
      for (const { blob } of manifests) {
        link(registry, `${repository}/_layers`, configOf(blob));
        link(registry, `${repository}/_manifests/revisions`, blob.digest);
      }
      link(registry, `${repository}/_manifests/revisions`, list.digest);
      link(registry, `${repository}/_manifests/tags/${tag}/index`, list.digest);
      write(
        join(registry, 'docker/registry/v2/repositories', repository, '_manifests/tags', tag, 'current/link'),
        list.digest,
      );
    }
  }
  await run(['rm', '-r', scratch]);
}

/** @param {string} folder of `makeGolangLayer` @returns {Blob} */
function bigBlob(folder) {
  const file = join(folder, 'layer.tar');
  return { digest: `sha256:${readFileSync(join(folder, 'layer.sha256'), 'utf8')}`, size: statSync(file).size, file };
}

/**
 * @param {string} registry
 * @param {string} scratch
 * @param {string} architecture
 * @param {readonly Blob[]} layers
 * @param {Record<string, unknown>} settings
 */
function manifestOf(registry, scratch, architecture, layers, settings) {
  const config = jsonBlob(registry, scratch, {
    architecture,
    os: 'linux',
    config: settings,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  for (const layer of layers) put(registry, layer);
  const blob = jsonBlob(registry, scratch, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size },
    layers: layers.map(({ digest, size }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size })),
  });
  return { ...blob, config: config.digest };
}

/** @param {Blob & {config?: string}} blob */
function configOf(blob) {
  if (blob.config === undefined) throw new Error('a manifest without a configuration');
  return blob.config;
}

/** @param {string} dir @param {string} file */
async function tarBlob(dir, file) {
  await run([
    'tar',
    '--create',
    `--file=${file}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mtime=@1640000000',
    '--sort=name',
    '-C',
    dir,
    '.',
  ]);
  return { digest: `sha256:${await sha256(file)}`, size: statSync(file).size, file };
}

/**
 * @param {string} registry
 * @param {string} scratch
 * @param {unknown} value
 * @returns {Blob}
 */
function jsonBlob(registry, scratch, value) {
  const text = JSON.stringify(value);
  const digest = createHash('sha256').update(text).digest('hex');
  const file = join(scratch, `${digest}.json`);
  writeFileSync(file, text);
  const blob = { digest: `sha256:${digest}`, size: Buffer.byteLength(text), file };
  put(registry, blob);
  return blob;
}

/** @param {string} registry @param {Blob} blob */
function put(registry, { digest, file }) {
  const hex = digest.slice('sha256:'.length);
  const target = join(registry, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(file, target);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}

/** @param {string} registry @param {string} where @param {string} digest */
function link(registry, where, digest) {
  write(
    join(registry, 'docker/registry/v2/repositories', where, 'sha256', digest.slice('sha256:'.length), 'link'),
    digest,
  );
}

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @param {string} file @returns {Promise<string>} */
async function sha256(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(/** @type {Buffer} */ (chunk));
  return hash.digest('hex');
}
