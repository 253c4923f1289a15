import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { makeUpstream, Places } from '../store/repository.ts';
import { OWN_IMAGES, Stage } from './stage.ts';

let stage: Stage;
let server: Awaited<ReturnType<typeof startGitServer>>;
const places = new Places();

/** Two servers' folders, each with a part of the repositories, and one repository under a name that no template makes. */
beforeAll(async () => {
  stage = new Stage();
  const repository = makeBare(makeUpstream(places.next()).dir, places.next());
  const has = { kind: 'git', repository } as const;
  server = await startGitServer({
    '/mirrors/tini': has,
    '/mirrors/runc': has,
    '/mirrors_rootless-containers/rootlesskit': has,
    '/mirrors_docker/libnetwork': has,
    '/forks/ctrd': has,
  });
});
afterAll(async () => {
  await server.close();
  places.remove();
  stage.remove();
});

function profile(name: string, more = ''): string {
  const file = join(stage.dir, `${name}.yaml`);
  const { url } = server;
  writeFileSync(
    file,
    `name: ${name}\nmirrors:\n  frontend: builtin\n  image: [daocloud, 1ms]\n  apt: aliyun\n  gomod: goproxy.cn\n` +
      `  git: ["${url}/mirrors/{repo}.git", "${url}/mirrors_{owner}/{repo}.git"]\n${more}`,
  );
  return file;
}

const cloned = (patch: string): Record<string, string> =>
  Object.fromEntries(
    [...patch.matchAll(/^\+.*git clone (\S+)/gmu)].map(([, url = '']) => [url.split('/').at(-1) ?? '', url]),
  );

describe('git servers of which each has a part of the repositories', () => {
  it('patch writes for each repository the server that has it, and the one that is named for it alone', async () => {
    const file = profile('corp', `  git:containerd/containerd: ${server.url}/forks/ctrd.git\n`);
    const { status, stdout, stderr } = await stage.run([
      ...['patch', '--source', stage.tree, '--profile', file, ...OWN_IMAGES],
    ]);
    expect([status, stderr.includes('repository-not-seen')]).toEqual([0, false]);
    const { url } = server;
    expect(cloned(stdout)).toMatchObject({
      'tini.git': `${url}/mirrors/tini.git`,
      'runc.git': `${url}/mirrors/runc.git`,
      'rootlesskit.git': `${url}/mirrors_rootless-containers/rootlesskit.git`,
      'libnetwork.git': `${url}/mirrors_docker/libnetwork.git`,
      'ctrd.git': `${url}/forks/ctrd.git`,
    });
  });

  it('a flag names one repository; one that no server has is told, and a name that the tree does not fetch', async () => {
    const { status, stdout, stderr } = await stage.run([
      ...['patch', '--source', stage.tree, '--profile', profile('half'), ...OWN_IMAGES],
      ...['--mirror', `git:Krallin/Tini=${server.url}/forks/ctrd.git`, '--mirror', 'git:krallin/tiny=official'],
    ]);
    expect(status).toBe(0);
    expect(cloned(stdout)['ctrd.git']).toBe(`${server.url}/forks/ctrd.git`);
    expect(cloned(stdout)['containerd.git']).toBe(`${server.url}/mirrors/containerd.git`);
    expect(stderr).toContain(
      'No git server of the profile was seen to have https://github.com/containerd/containerd.git',
    );
    expect(stderr).toContain('git:krallin/tiny names a repository that this tree does not fetch');
  });

  it('mirrors probe asks each of them for every repository', async () => {
    const file = profile('probed', `  git:containerd/containerd: ${server.url}/forks/ctrd.git\n`);
    const { stdout } = await stage.run([
      ...['mirrors', 'probe', '--source', stage.tree, '--profile', file, '--kind', 'git', '--json'],
    ]);
    const { kinds } = JSON.parse(stdout) as {
      kinds: Record<string, { objects: { object: string; chosen: string | null }[] }>;
    };
    expect(Object.keys(kinds).toSorted()).toEqual(['git', 'git:containerd/containerd']);
    const chosen = Object.fromEntries(kinds['git']?.objects.map(({ object, chosen: by }) => [object, by]) ?? []);
    expect(chosen['https://github.com/opencontainers/runc.git']).toBe(`${server.url}/mirrors/{repo}.git`);
    expect(chosen['https://github.com/docker/libnetwork.git']).toBe(`${server.url}/mirrors_{owner}/{repo}.git`);
    expect(kinds['git:containerd/containerd']?.objects[0]?.object).toBe('https://github.com/containerd/containerd.git');
  });
});
