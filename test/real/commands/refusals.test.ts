import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { ofTree, Stage } from './stage.ts';

let stage: Stage;
beforeAll(() => {
  stage = new Stage();
});
afterAll(() => {
  stage.remove();
});

/** A stage for one test, gone at its end however it ends. */
function another(): Stage {
  const made = new Stage();
  onTestFinished(() => {
    made.remove();
  });
  return made;
}

/** Each bad input with its exit code and the words that a user needs. */
const CASES: readonly [string, (stage: Stage) => string[], number, readonly (string | RegExp)[]][] = [
  ['an unknown ref', () => ['--ref', 'v20.10.99'], 2, ['v20.10.99', 'v20.10.9']],
  ['an unknown option', () => ['--mirorr', 'git=x'], 2, ['--mirror']],
  [
    'a mirror that would be shell',
    () => [...ofTree(stage), '--mirror', 'git=https://x/$(id)'],
    2,
    ['--mirror git', '$'],
  ],
  [
    'a mirror with a password',
    () => [...ofTree(stage), '--mirror', 'git=https://u:p@x.example/{url}'],
    2,
    ['--mirror'],
  ],
  ['a kind of mirror that there is not', () => ['--mirror', 'gti=https://x'], 2, ['git']],
  ['a build argument with a line break', () => [...ofTree(stage), '--build-arg', 'A=b\nc'], 2, ['--build-arg']],
  ['a tree that is not moby', (at) => ['--source', at.cwd], 4, ['not the root of a moby tree']],
  [
    'a bare clone, and names the URL that is cloned from',
    (at) => {
      for (const name of ['objects', 'refs']) mkdirSync(join(at.dir, 'bare.git', name), { recursive: true });
      writeFileSync(join(at.dir, 'bare.git/HEAD'), 'ref: refs/heads/master\n');
      return ['--source', join(at.dir, 'bare.git')];
    },
    4,
    ['is a bare clone', /next: moby-build \w+ --source file:\/\/\S+bare\.git/u],
  ],
  ['a configuration file that is a directory', (at) => ['--config', at.cwd], 2, ['is a directory']],
  [
    'a lock file that is a directory',
    (at) => [...ofTree(at), '--lock', at.cwd],
    2,
    ['cannot be read (EISDIR)', '--lock'],
  ],
  [
    'a lock file to be written in a folder that is not there',
    (at) => [...ofTree(at), '--lock', join(at.cwd, 'none/here.lock')],
    2,
    ['there is no folder', /next: mkdir -p .*none/u],
  ],
  ['a configuration file below a file', () => ['--config', '/dev/null/x.yaml'], 2, ['is not there']],
  ['a directory that is not there', () => ['--source', '/nowhere/at/all'], 4, ['/nowhere/at/all does not exist']],
  [
    'a profile with faults, all at once',
    (at) => [...ofTree(at).slice(0, 2), '--profile', join(at.dir, 'bad.yaml')],
    2,
    [/bad\.yaml:3:\d+ .*mirrors\.git/u, /bad\.yaml:4:\d+ .*gti/u],
  ],
  ['a profile that is not there', () => ['--profile', './none.yaml'], 2, ['none.yaml']],
  [
    'an image that the tree does not have',
    () => [...ofTree(stage), '--image', 'alpine=x.example/alpine:1'],
    2,
    ['alpine', 'golang'],
  ],
  ['a Debian release that nobody knows', () => [...ofTree(stage), '--suite', 'warty'], 2, ['warty', 'bookworm']],
];

describe.each(['build', 'patch'])('%s refuses', (command) => {
  beforeAll(() => {
    writeFileSync(join(stage.dir, 'bad.yaml'), 'name: bad\nmirrors:\n  git: ["https://x/$(id)"]\n  gti: ghfast.top\n');
  });

  it.each(CASES)('%s', async (_name, args, status, words) => {
    const ran = await stage.run([command, ...args(stage)]);
    expect(ran.stderr).not.toContain('mistake in moby-build');
    for (const word of words)
      expect(ran.stderr).toMatch(
        typeof word === 'string' ? new RegExp(word.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'), 'u') : word,
      );
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe('');
  });
});

describe('build', () => {
  it('refuses a series that is patched only, and names the command that works', async () => {
    const ran = await stage.run(['build', '--ref', 'v19.03.15']);
    expect(ran.status).toBe(4);
    for (const words of ['not built', '20.10, 22.06', 'moby-build patch --ref v19.03.15'])
      expect(ran.stderr).toContain(words);
  });
});

describe('cache', () => {
  it('takes a store that the machine does not give for no mistake of its own', async () => {
    symlinkSync('loop', join(stage.dir, 'loop'));
    const ran = await stage.run(['cache', 'ls', '--work-dir', join(stage.dir, 'loop')]);
    expect(ran.stderr).toContain('ELOOP');
    expect(ran.stderr).not.toMatch(/mistake in moby-build|^\s+at /mu);
    expect(ran).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('a machine that lacks something', () => {
  it('names docker, and the command that brings it, before anything is fetched', async () => {
    const bare = another();
    rmSync(join(bare.bin, 'docker'));
    const ran = await bare.run(['--ref', 'v20.10.12', '--mirror', 'git=http://127.0.0.1:9/{url}'], {
      PATH: `${bare.bin}:/usr/bin:/bin`,
    });
    // A machine that has a docker of its own in /usr/bin goes on to ask its engine; without one the client lacks.
    expect(ran.status).toBe(3);
    expect(ran.stderr).toMatch(/docker client|engine/u);
    expect(ran.stderr).toContain('Nothing has been downloaded or changed');
  });

  it('refuses a client that cannot build with BuildKit', async () => {
    const other = another();
    other.docker(`[ "$1" = --version ] && { echo 'Docker version 28.2.2, build e6534b4'; exit; }`);
    const ran = await other.run(ofTree(other));
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('buildx');
  });

  it('says what opens a socket that refuses', async () => {
    const other = another();
    other.docker(
      `case "$1" in version|info) echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied' >&2; exit 1;; esac`,
    );
    const ran = await other.run(ofTree(other));
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('permission denied');
  });

  it('gives all of it in one JSON document', async () => {
    const other = another();
    other.docker(
      `case "$1" in version|info) echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1;; esac`,
    );
    const ran = await other.run([...ofTree(other), '--json']);
    const document = JSON.parse(ran.stdout) as {
      error: { code: string; exitCode: number; command: string };
      machine: unknown[];
    };
    expect(document.error).toMatchObject({ code: 'machine', exitCode: 3 });
    expect(document.machine.length).toBeGreaterThan(5);
    expect(ran.status).toBe(3);
  });
});

describe('an out dir in the way', () => {
  it('is refused before the build, and left as it is', async () => {
    const out = join(stage.dir, 'taken');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'mine');
    const ran = await stage.run([...ofTree(stage), '--out', out]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(out);
    expect(readdirSync(out)).toEqual(['thesis.txt']);
  });
});

describe('a source over the network', () => {
  it('with another commit than pinned is exit 4 with both ids', async () => {
    const server = await startGitServer({
      '/moby.git': { kind: 'git', repository: makeBare(stage.tree, join(stage.dir, 'moby.git')), allowFilter: true },
    });
    onTestFinished(() => server.close());
    const pin = '459d0dfbbb51fb2423a43655e6c62368ec0f36c9';
    const ran = await stage.run(['patch', '--source', `${server.url}/moby.git`, '--ref', 'v20.10.12', '--commit', pin]);
    expect(ran.status).toBe(4);
    expect(ran.stderr).toContain(pin);
    expect(ran.stderr).toContain(stage.commit);
  });

  it.each([
    ['HTML', { kind: 'html' } as const, /page|html/iu],
    ['nothing but 502', { kind: 'status', status: 502 } as const, /502/u],
  ])('that answers %s is exit 5, with each mirror and why', async (_name, behaviour, words) => {
    const server = await startGitServer({ '/moby.git': behaviour });
    onTestFinished(() => server.close());
    const ran = await stage.run([
      'patch',
      '--source',
      `${server.url}/moby.git`,
      '--ref',
      'v20.10.12',
      '--commit',
      stage.commit,
    ]);
    expect(ran.stderr).toMatch(words);
    expect(ran.status).toBe(5);
    expect(ran.stdout).toBe('');
  });

  it('that nobody serves is exit 5', async () => {
    const ran = await stage.run([
      'patch',
      '--source',
      'http://127.0.0.1:9/moby.git',
      '--ref',
      'v20.10.12',
      '--commit',
      stage.commit,
    ]);
    expect(ran.status).toBe(5);
    expect(ran.stderr).toContain('127.0.0.1:9');
  });
});
