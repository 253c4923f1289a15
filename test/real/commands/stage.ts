import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll } from 'vitest';
import { packageRoot } from '../../../src/system/package-root.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { BUILDS, dockerProgram, makeProgram, writePrograms } from '../../support/stand-ins.ts';
import { prepareComponents } from './stage-components.ts';

export { BUILDS, LEAVES } from '../../support/stand-ins.ts';

/** GOARCH of this machine: the fake engine is of the same. */
export const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

/** Another architecture that programs can be made for. */
export const FOREIGN = ARCH === 'arm64' ? 'amd64' : 'arm64';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const components = await prepareComponents();
afterAll(() => {
  components.remove();
});

/**
 * A place for the real command with a fake docker and a fake make first on PATH: everything of ours runs as it does for a
 * user, up to the two programs that need an engine.
 */
export class Stage {
  readonly dir = mkdtempSync(join(tmpdir(), 'moby-build-stage-'));
  readonly cwd = join(this.dir, 'cwd');
  readonly bin = join(this.dir, 'bin');
  readonly tree = join(this.dir, 'tree');
  readonly commit: string;

  constructor() {
    for (const dir of [this.cwd, this.bin]) mkdirSync(dir);
    this.commit = materializeLightTree(this.tree, { pins: components.pins }).commit ?? '';
    components.copyStore(join(this.dir, 'cache/moby-build/store'));
    this.programs();
    this.docker();
    this.make(BUILDS);
  }

  /** Writes a program of this name, first on PATH. */
  program(name: string, body: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** A folder to be the whole PATH: these programs of this machine, the shell's own, and stand-ins. */
  sparse(folder: string, names: readonly string[], standIns: Readonly<Record<string, string>>): void {
    mkdirSync(folder);
    for (const name of [...names, 'basename', 'chmod', 'docker']) {
      const [place] = [this.bin, '/usr/local/bin', '/usr/bin', '/bin'].filter((each) => existsSync(join(each, name)));
      if (place !== undefined) symlinkSync(join(place, name), join(folder, name));
    }
    for (const [name, body] of Object.entries(standIns))
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }

  make(body: string): void {
    this.program('make', makeProgram(body));
  }

  /** Writes what a build leaves, for the make and the docker of this stage. */
  private programs(): void {
    for (const [folder, arch] of [
      ['programs', ARCH],
      [`programs-${FOREIGN}`, FOREIGN],
    ] as const) {
      const dir = join(this.dir, folder);
      writePrograms(dir, arch);
    }
  }

  docker(more = ''): void {
    this.program('docker', dockerProgram(ARCH, more));
  }

  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: `${this.bin}:${process.env['PATH'] ?? ''}`,
      HOME: this.dir,
      XDG_CACHE_HOME: join(this.dir, 'cache'),
      TMPDIR: tmpdir(),
      ...more,
    };
  }

  /** Starts the command; its output is collected. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [join(packageRoot(), 'bin/moby-build.cjs'), ...args], {
      cwd: this.cwd,
      env: this.environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (status) => {
        resolve({ status, stdout, stderr });
      });
    });
    return { child, ended, seen: () => stderr };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return this.start(args, env).ended;
  }

  /** As if no command had run yet, but for the components, which no mirror of these tests has. */
  forget(): void {
    const cache = join(this.dir, 'cache');
    rmSync(cache, { recursive: true, force: true });
    components.copyStore(join(cache, 'moby-build/store'));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The images of the light tree with digests, so that no registry has to be asked what they are. */
export const OWN_IMAGES = [
  ...['--image', `golang=docker.m.daocloud.io/library/golang:1.16.12-buster@sha256:${'1'.repeat(64)}`],
  ...['--image', `djs55/vpnkit=docker.1ms.run/djs55/vpnkit:0.5.0@sha256:${'2'.repeat(64)}`],
];

/** The words that name the stage's own tree, met in full by profile cn; nobody is asked for an image or a mirror. */
export function ofTree(stage: Stage): string[] {
  return ['--source', stage.tree, '--profile', 'cn', '--no-probe', ...OWN_IMAGES];
}
