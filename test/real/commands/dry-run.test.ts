import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ARCH, OWN_IMAGES, ofTree, Stage } from './stage.ts';

/** A dry run beside the build that it stands for: the same line, the same tree, the same machine. */
let stage: Stage;
beforeAll(() => {
  stage = new Stage();
  // What make is called with is what counts here; that it fails ends the build in a known way.
  stage.make(`printf '%s\\n' "$@" > ${join(stage.dir, 'made')}; exit 1`);
});
beforeEach(() => {
  rmSync(join(stage.dir, 'made'), { force: true });
  stage.forget();
});
afterAll(() => {
  stage.remove();
});

interface Told {
  readonly status: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly plan: unknown;
  readonly command: string | null;
}

async function told(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Told> {
  const { status, stdout } = await stage.run(['build', ...args, '--json'], env);
  const document = JSON.parse(stdout) as Record<string, unknown> & {
    readonly error?: { readonly code: string; readonly message: string };
    readonly build?: { readonly command: string };
  };
  const { ref, target, platform, profile, points, totals, components, patches } = document;
  return {
    status,
    error: document.error === undefined ? null : { code: document.error.code, message: document.error.message },
    plan: { ref, target, platform, profile, points, totals, components, patches },
    command: document.build?.command ?? null,
  };
}

const made = (): boolean => existsSync(join(stage.dir, 'made'));
const OTHER = ARCH === 'amd64' ? 'arm64' : 'amd64';

/** Lines that a build refuses before it has changed anything, each with its exit code. What the machine lacks (exit 3) only a build looks for. */
const REFUSED: readonly [string, (at: Stage) => string[], number, string][] = [
  ['a profile that leaves places to nobody', (at) => ['--source', at.tree, '--profile', '163'], 4, 'uncovered'],
  ['an out dir that is a file', (at) => [...ofTree(at), '--out', join(at.dir, 'file')], 2, 'out-dir-in-way'],
  ['an out dir with somebody’s files', (at) => [...ofTree(at), '--out', join(at.dir, 'full')], 2, 'out-dir-in-way'],
  ['an out dir that holds the working directory', (at) => [...ofTree(at), '--out', at.dir], 2, 'out-dir-in-way'],
  ['the out dir of a tree that is named by its tag', (at) => ofTree(at), 2, 'out-dir-in-way'],
  ['a series that is patched only', () => ['--ref', 'v19.03.15'], 4, 'unsupported-series'],
  ['a tree that is not moby', (at) => ['--source', at.cwd], 4, 'not-moby'],
  ['no lock file to keep to', (at) => [...ofTree(at), '--locked'], 2, 'no-lock'],
  ['a lock file in no folder', (at) => [...ofTree(at), '--lock', join(at.cwd, 'none/x.lock')], 2, 'no-such-folder'],
  ['an image that the tree lacks', (at) => [...ofTree(at), '--image', 'alpine=x.example/a:1'], 2, 'bad-image'],
  ['a release that nobody knows', (at) => [...ofTree(at), '--suite', 'warty'], 2, 'unknown-suite'],
  ['an argument of make that a flag sets', (at) => [...ofTree(at), '--make-arg', 'VERSION=1'], 2, 'bad-make-arg'],
  [
    'an option of docker that a flag sets',
    (at) => [...ofTree(at), '--docker-build-opt=--target=x'],
    2,
    'bad-docker-build-opt',
  ],
  [
    'a password in a build argument',
    (at) => [...ofTree(at), '--build-arg', 'HTTP_PROXY=http://u:p@x.example'],
    2,
    'secret-in-argument',
  ],
  ['a component that there is not', (at) => [...ofTree(at), '--component', 'go-winres=v1.0.0'], 2, 'usage'],
  [
    'an image that nobody serves',
    (at) => [
      '--source',
      at.tree,
      '--profile',
      'upstream',
      '--frontend',
      'builtin',
      ...OWN_IMAGES.slice(2),
      '--image',
      'golang=127.0.0.1:9/golang:1.16.12-buster',
    ],
    5,
    'image-not-served',
  ],
];

describe('a dry run refuses', () => {
  beforeAll(() => {
    writeFileSync(join(stage.dir, 'file'), '');
    mkdirSync(join(stage.dir, 'full'));
    writeFileSync(join(stage.dir, 'full/mine'), '');
  });

  it.each(REFUSED)('%s, as the build does', async (name, args, status, code) => {
    const byTag = join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
    if (name.includes('by its tag')) {
      mkdirSync(byTag);
      writeFileSync(join(byTag, 'mine'), '');
    }
    const line = args(stage);
    const [build, dry] = [await told(line), await told([...line, '--dry-run'])];
    rmSync(byTag, { recursive: true, force: true });
    expect({ status: build.status, code: build.error?.code, made: made() }).toEqual({ status, code, made: false });
    expect({ status: dry.status, code: dry.error?.code }).toEqual({ status, code });
  });
});

/** Options that change what is built or how. */
const OPTIONS: readonly [string, (at: Stage) => string[], Record<string, string>?][] = [
  ['no option', ofTree],
  ['another target', (at) => [...ofTree(at), '--target', 'dynbinary']],
  ['the components too', (at) => [...ofTree(at), '--with-deps']],
  ['a build without vpnkit', (at) => [...ofTree(at).slice(0, -2), '--without', 'vpnkit']],
  [
    'another release and its image',
    (at) => [
      ...ofTree(at).slice(0, -4),
      '--image',
      `golang=r.example/golang:1.16.12-bookworm@sha256:${'3'.repeat(64)}`,
      ...OWN_IMAGES.slice(2),
    ],
  ],
  // Of one that no store has, nobody is asked but the steps of the build.
  ['another component', (at) => [...ofTree(at), '--component', 'runc=v1.1.12', '--sources', 'mirror']],
  ['build arguments', (at) => [...ofTree(at), '--build-arg', 'DOCKER_DEBUG=1', '--build-arg', 'VERSION=20.10.12-x']],
  ['a network and a host', (at) => [...ofTree(at), '--network', 'host', '--add-host', 'a.example:127.0.0.2']],
  ['options of make and docker', (at) => [...ofTree(at), '--make-arg', 'V=1', '--docker-build-opt=--no-cache']],
  [
    'mirrors',
    (at) => [
      ...ofTree(at),
      '--mirror',
      'git=https://g.example/{owner}/{repo}.git',
      '--mirror',
      'apt=http://a.example',
      '--mirror',
      'gomod=https://m.example',
    ],
  ],
  ['places left to nobody', (at) => ['--source', at.tree, '--profile', '163', '--allow-uncovered']],
  ['the tree as it is', (at) => ['--source', at.tree, '--profile', 'direct', '--allow-uncovered']],
  ['the tree itself', (at) => [...ofTree(at), '--in-place']],
  ['another client', (at) => [...ofTree(at), '--docker', join(at.bin, 'docker')]],
  ['a proxy', ofTree, { https_proxy: 'http://proxy.example:3128', no_proxy: '127.0.0.1' }],
];

describe('a dry run shows the plan and the command of the build, with', () => {
  it.each(OPTIONS)('%s', async (_, args, env = {}) => {
    const line = args(stage);
    // First, for a build in place changes the tree.
    const dry = await told([...line, '--dry-run'], env);
    const makefile = readFileSync(join(stage.tree, 'Dockerfile'));
    const build = await told(line, env);
    writeFileSync(join(stage.tree, 'Dockerfile'), makefile);
    expect({ status: dry.status, error: dry.error }).toEqual({ status: 0, error: null });
    expect({ status: build.status, made: made() }).toEqual({ status: 6, made: true });
    expect(dry.plan).toEqual(build.plan);
    expect(dry.command).not.toBeNull();
    // A person runs it inside a clone of theirs.
    expect(dry.command).toBe(build.command?.replace(/^cd \S+ && /u, ''));
  });
});

describe('the command that is shown for another architecture', () => {
  it.each([
    ['build', ['--dry-run']],
    ['patch', []],
  ])('by %s names its platform; for this one it does not', async (command, more) => {
    const shown = async (arch: string): Promise<string> => {
      const { stdout } = await stage.run([command, ...ofTree(stage), '--arch', arch, ...more, '--json']);
      return (JSON.parse(stdout) as { build: { command: string } }).build.command;
    };
    expect(await shown(OTHER)).toContain(`--platform linux/${OTHER}`);
    expect(await shown(ARCH)).not.toContain('--platform');
  });
});
