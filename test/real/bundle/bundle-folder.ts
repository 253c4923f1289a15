import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/system/package-root.ts';
import { tarOf, type Files } from '../../support/make-bundle.ts';

/** A folder with bundles, and the program on them. */
export class BundleFolder {
  readonly dir = mkdtempSync(join(tmpdir(), 'bundle-'));

  /** Writes a bundle. @returns its path */
  async put(name: string, files: Files): Promise<string> {
    writeFileSync(join(this.dir, name), await tarOf(files));
    return join(this.dir, name);
  }

  run(...args: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  } {
    const bin = join(packageRoot(), 'bin/moby-build.cjs');
    return spawnSync(process.execPath, [bin, 'bundle', ...args], { cwd: this.dir, encoding: 'utf8' });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
