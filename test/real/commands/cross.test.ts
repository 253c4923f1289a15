import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ARCH, BUILDS, FOREIGN, ofTree, Stage } from './stage.ts';

const PROGRAMS = [
  ...['containerd', 'containerd-shim', 'containerd-shim-runc-v2', 'ctr', 'docker-init', 'docker-proxy', 'dockerd'],
  ...['rootlesskit', 'rootlesskit-docker-proxy', 'runc', 'vpnkit'],
];

let stage: Stage;
let out: string;
let calls: string;
beforeAll(() => {
  stage = new Stage();
  out = join(stage.dir, 'out');
  calls = join(stage.dir, 'calls');
});
afterAll(() => {
  stage.remove();
});
beforeEach(() => {
  rmSync(out, { recursive: true, force: true });
  rmSync(calls, { force: true });
});

/** A make that notes its words, and leaves programs of `arch`; those in `more` are the other architecture's. */
function make(arch: string, more = ''): void {
  const programs = arch === ARCH ? 'programs' : `programs-${arch}`;
  stage.make(`printf '%s\\n' "$@" "$DOCKER_BUILD_OPTS" > '${calls}'; programs=${programs}\n${BUILDS}\n${more}`);
}

const build = (...args: string[]) =>
  stage.run(['build', ...ofTree(stage), '--arch', FOREIGN, '--out', out, '--json', ...args]);

interface Document {
  readonly checks: readonly { title: string; result: string; seen: string }[];
  readonly binaries: readonly { name: string; machine: string; static: boolean }[];
  readonly notes: readonly { code: string }[];
  readonly error?: { readonly where: string; readonly command: string };
}

describe('20.10 for another architecture than the engine has', () => {
  it('is cross-compiled, needs no emulation, and all of the bundle is of that machine', async () => {
    make(FOREIGN);
    const { status, stdout, stderr } = await build();
    expect(status, stderr).toBe(0);
    const document = JSON.parse(stdout) as Document;
    expect(document.notes.map(({ code }) => code)).toContain('cross-compiled');
    const machine = FOREIGN === 'arm64' ? 'aarch64' : 'x86_64';
    const programs = document.binaries.filter(({ name }) => !name.endsWith('.sh'));
    expect(programs.map(({ name, machine: of }) => [name, of]).sort()).toEqual(PROGRAMS.map((name) => [name, machine]));
    expect(readFileSync(calls, 'utf8')).toContain(`--platform linux/${FOREIGN}`);

    const work = join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${FOREIGN}/moby`);
    expect(readFileSync(join(work, 'Dockerfile'), 'utf8')).toContain(`\nENV GOARCH=${FOREIGN} CGO_ENABLED=1 CC=`);
    expect(readFileSync(join(work, 'hack/make/binary-daemon'), 'utf8')).toContain(`vpnkit.${machine}`);
  });

  it('is exit 7 where one program of it is of this machine', async () => {
    const runc = 'cp "$(dirname "$0")/../programs/runc" runc; md5sum runc > runc.md5; sha256sum runc > runc.sha256';
    make(FOREIGN, `(cd bundles/binary-daemon; ${runc})`);
    const { status, stdout } = await build();
    expect(status).toBe(7);
    const { checks } = JSON.parse(stdout) as Document;
    const failed = checks.filter(({ result }) => result === 'failed');
    expect(failed.map(({ title }) => title)).toEqual(['runc']);
  });

  it('is exit 4 where the tree does not fit, with its line and the old way, and nothing is built', async () => {
    make(FOREIGN);
    const script = join(stage.tree, 'hack/make/binary-daemon');
    const text = readFileSync(script, 'utf8');
    writeFileSync(script, text.replaceAll('vpnkit.$(uname -m)', 'vpnkit.$MACHINE'));
    onTestFinished(() => {
      writeFileSync(script, text);
    });
    const { status, stdout } = await build();
    expect(status).toBe(4);
    const { error } = JSON.parse(stdout) as Document;
    expect(error).toMatchObject({ code: 'rule-mismatch', exitCode: 4 });
    expect(error?.where).toMatch(/^hack\/make\/binary-daemon:\d+$/u);
    expect(error?.command).toContain('--emulate');
    expect(existsSync(calls)).toBe(false);
  });
});
