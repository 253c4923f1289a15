import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianDockerd } from '../../support/debian-dockerd.mjs';

/** Programs that are put in place of the real ones, by name: a script's text, or the bytes of an executable. */
export type Shims = Readonly<Record<string, string | Uint8Array>>;

/** In a script the program that it stands for is /moby/bin/NAME.real. */
export interface BrokenFolder {
  readonly dir: string;
  readonly remove: () => void;
}

/** Debian's binaries with some of them replaced. Hard links: 200 MB are not copied for every case. */
export function brokenFolder(shims: Shims): BrokenFolder {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-test-broken-'));
  // Some shims are called as nobody.
  chmodSync(dir, 0o755);
  const source = debianDockerd();
  for (const name of readdirSync(source)) linkSync(join(source, name), join(dir, name));
  for (const [name, content] of Object.entries(shims)) {
    renameSync(join(dir, name), join(dir, `${name}.real`));
    writeFileSync(join(dir, name), typeof content === 'string' ? `#!/bin/sh\n${content}\n` : content);
    chmodSync(join(dir, name), 0o755);
  }
  return {
    dir,
    remove: () => {
      rmSync(dir, { recursive: true });
    },
  };
}

/**
 * Debian's binaries behind a dockerd that tells these lies (lying-dockerd.mjs). Node goes into the folder, because the sandbox shows nothing else of
 * where it may be.
 */
export function lyingFolder(lies: readonly string[]): BrokenFolder {
  const folder = brokenFolder({ dockerd: `exec /moby/bin/node /moby/bin/lying-dockerd.mjs '${lies.join(',')}' "$@"` });
  copyFileSync(process.execPath, join(folder.dir, 'node'));
  cpSync(fileURLToPath(new URL('lying-dockerd.mjs', import.meta.url)), join(folder.dir, 'lying-dockerd.mjs'));
  return folder;
}
