import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '../../../src/artifacts/sha256sums.ts';
import { keepTreeFiles, readTree } from '../../../src/packages/content/tree-files.ts';
import { answeringProgram, genuinePrograms } from '../../support/answering-program.ts';
import { wholeManifest } from '../../unit/artifacts/whole-manifest.ts';

/** GOARCH of this machine. */
export const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

/** moby's licence, as each Debian has it (base-files). */
const APACHE = '/usr/share/common-licenses/Apache-2.0';
const KEPT = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'docker-init', 'rootlesskit'];

/**
 * Fills a folder as a finished build does: small static programs that say what genuine ones say, the manifest, and the units, scripts and
 * licences of a real tree.
 *
 * @param tree a moby tree
 */
export async function finishedBuild(dir: string, version: string, tree: string): Promise<void> {
  const commit = 'abcdef0';
  mkdirSync(dir, { recursive: true });
  const genuine = genuinePrograms(ARCH);
  const programs: (readonly [string, Uint8Array])[] = [
    ['dockerd', answeringProgram(ARCH, '--version', `Docker version ${version}, build ${commit}\n`).bytes],
    ['docker-proxy', answeringProgram(ARCH, '--version', `docker-proxy (commit ${commit}) version ${version}\n`).bytes],
    ...KEPT.map((name) => [name, genuine.get(name)?.bytes ?? new Uint8Array()] as const),
    ['dockerd-rootless.sh', Buffer.from('#!/bin/sh\nexit 0\n')],
  ];
  for (const [name, bytes] of programs) {
    writeFileSync(join(dir, name), bytes);
    chmodSync(join(dir, name), 0o755);
  }
  const manifest = wholeManifest({
    ref: `v${version}`,
    platform: `linux/${ARCH}`,
    stamped: { version, gitCommit: commit },
    binaries: programs.map(([name, bytes]) => ({
      ...{ name, path: name, bytes: bytes.length, sha256: sha256Of(bytes), version: null },
      ...{ machine: name.endsWith('.sh') ? 'script' : 'elf', static: !name.endsWith('.sh') },
    })),
  });
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
  const { files, ...rest } = await readTree(tree, null);
  const licence = { path: 'LICENSE', text: readFileSync(APACHE, 'utf8') };
  await keepTreeFiles(dir, { ...rest, files: [licence, ...files.filter(({ path }) => path !== 'LICENSE')] }, null);
}
