import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCH, BUILDS, ofTree, Stage } from './stage.ts';

/** What the stand-in containerd says it is. */
const COMMIT = '7b11cfaabd73bb80907dd23182b9347b4245eb5d';

let stage: Stage;
beforeAll(() => {
  stage = new Stage();
});
afterAll(() => {
  stage.remove();
});

describe('--component', () => {
  it('is a build argument in the command that patch ends with, and a note', async () => {
    const asked = ['patch', ...ofTree(stage), '--component', 'runc=v1.1.12', '--no-source-date'];
    const { status, stdout, stderr } = await stage.run(asked);
    expect(status).toBe(0);
    expect(stderr).toContain("DOCKER_BUILD_ARGS='--build-arg RUNC_COMMIT=v1.1.12' make binary");
    expect(stderr).toContain('runc v1.1.12 in place of');
    expect(stderr).toContain('Pinned by name only: runc v1.1.12.');
    expect(stdout).not.toContain('v1.1.12');
  });

  it('is an edit in the patch set where no stage takes the argument', async () => {
    const dockerfile = join(stage.tree, 'Dockerfile');
    const before = readFileSync(dockerfile, 'utf8');
    writeFileSync(dockerfile, before.replace('ARG TINI_COMMIT\n', ''));
    const asked = ['patch', ...ofTree(stage), '--component', 'tini=v0.18.0'];
    const { stdout, stderr } = await stage.run(asked);
    const document = JSON.parse((await stage.run([...asked, '--json'])).stdout) as { components: unknown };
    expect(stdout).toContain('\n+: ${TINI_COMMIT:=v0.18.0}\n');
    expect(stderr).toContain('Build other versions of components');
    expect(stderr).not.toContain('--build-arg TINI');
    expect(document.components).toMatchObject([{ component: 'tini', version: 'v0.18.0', by: 'edit', note: 'v0.19.0' }]);
    execFileSync('git', ['apply', '--check', '-'], { cwd: stage.tree, input: stdout });
    writeFileSync(dockerfile, before);
  });

  it('reaches the build, and stands in the manifest beside what the tree says', async () => {
    stage.make(`printf '%s\\n' "$DOCKER_BUILD_ARGS" > '${stage.dir}/seen'; ${BUILDS}`);
    // That commit is in no store here.
    const asked = ['--component', `containerd=${COMMIT}`, '--sources', 'mirror'];
    const { stdout } = await stage.run([...ofTree(stage), ...asked, '--json']);
    expect(readFileSync(join(stage.dir, 'seen'), 'utf8')).toMatch(
      new RegExp(`^--build-arg CONTAINERD_COMMIT=${COMMIT} --build-arg SOURCE_DATE_EPOCH=\\d+\n$`, 'u'),
    );
    const out = join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      asked: { components: unknown };
      components: { component: string; asked: boolean }[];
    };
    expect(manifest.asked.components).toEqual({ containerd: COMMIT });
    expect(manifest.components).toHaveLength(5);
    expect(manifest.components[0]).toMatchObject({
      ...{ component: 'containerd', pin: COMMIT, from: 'build-arg', asked: true, note: null, agrees: true },
      treePin: expect.not.stringContaining(COMMIT) as string,
    });
    expect(manifest.components.filter(({ asked }) => asked)).toHaveLength(1);
    const { checks } = JSON.parse(stdout) as { checks: { id: string; result: string }[] };
    expect(checks.find(({ id }) => id === 'component:containerd')?.result).toBe('ok');
  });

  it('is refused before anything is built, with what is wrong', async () => {
    const { status, stderr } = await stage.run([...ofTree(stage), '--component', 'runc=1.1.12']);
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean v1.1.12?');
  });
});
