import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import { ofTree, OWN_IMAGES, Stage } from './stage.ts';

let stage: Stage;

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: stage.tree, encoding: 'utf8' });

/** Every file below a directory with its bytes. */
function snapshot(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]),
  );
}

/** A clone with three tags: as it is, with another Go and one download more, and one that is no tree of moby. */
beforeAll(() => {
  stage = new Stage();
  const dockerfile = join(stage.tree, 'Dockerfile');
  const text = readFileSync(dockerfile, 'utf8');
  writeFileSync(
    dockerfile,
    `${text.replace('GO_VERSION=1.16.12', 'GO_VERSION=1.16.15')}\nFROM base AS more\nRUN curl -fsSL https://more.example/x.tgz\n`,
  );
  git('commit', '--quiet', '--all', '--message', 'later');
  git('tag', 'v20.10.13');
  git('tag', '--annotate', '--message', 'unseen', 'v30.0.0');
  git('rm', '--quiet', 'Dockerfile');
  git('commit', '--quiet', '--message', 'no moby');
  git('tag', 'v1.0.0');
  git('checkout', '--quiet', 'v20.10.12');
});
afterAll(() => {
  stage.remove();
});

describe('moby-build audit', () => {
  it('tells every place in a table that is not cut where no terminal shows it, and writes nothing', async () => {
    const before = snapshot(stage.tree);
    const { status, stdout } = await stage.run(['audit', ...ofTree(stage)]);
    expect(status).toBe(0);
    expect(stdout).toContain('All 14 egress points');
    expect(stdout).not.toContain('…');
    expect(stdout).toContain('github.com/opencontainers/runc');
    expect(snapshot(stage.tree)).toEqual(before);
    expect(readdirSync(stage.cwd)).toEqual([]);
  });

  it('exits 4 where the recipe leaves egress points unresolved, after the whole report', async () => {
    const { status, stdout, stderr } = await stage.run(['audit', '--source', stage.tree, '--profile', '163']);
    expect(status).toBe(4);
    expect(stdout).toContain('8 of the 14 egress points');
    expect(stdout).toMatch(/^host +closure/mu);
    expect(stderr).toContain('6 of the 14 egress points in the closure of binary are not resolved');
  });

  it('says the same in JSON, that its schema takes', async () => {
    const args = ['audit', ...ofTree(stage), '--json'];
    const { stdout } = await stage.run(args);
    const document = JSON.parse(stdout) as { points: unknown[]; totals: { closure: number; covered: number } };
    expect(DOCUMENT_SCHEMAS.audit.safeParse(document).error).toBeUndefined();
    expect(document.totals).toMatchObject({ closure: 14, covered: 14 });
    const hosts = JSON.parse((await stage.run([...args, '--hosts'])).stdout) as { hosts: Record<string, unknown>[] };
    expect(DOCUMENT_SCHEMAS['audit-hosts'].safeParse(hosts).error).toBeUndefined();
    const named = new Map(hosts.hosts.map(({ host, contacted, inTree }) => [host, [contacted, inTree]]));
    expect(named.get('ghfast.top')).toEqual([true, false]);
    expect(named.get('github.com')).toEqual([false, true]);
  });

  it('tells a firewall whom a build may ask beside those that serve it', async () => {
    const args = ['audit', '--source', stage.tree, '--profile', 'cn', '--hosts'];
    const { hosts } = JSON.parse((await stage.run([...args, '--json'])).stdout) as { hosts: Record<string, unknown>[] };
    const asked = new Map(hosts.map(({ host, contacted, askedFor }) => [host, [contacted, askedFor]]));
    // The second operator says what the images are; gitclone.com is measured, and takes over; nobody asks Docker Hub.
    expect(asked.get('docker.1panel.live')).toEqual([false, ['image']]);
    expect(asked.get('gitclone.com')).toEqual([false, ['git']]);
    expect(asked.get('registry-1.docker.io')).toEqual([false, []]);
    const table = /^It may also ask [^]*docker\.1panel\.live +image\n[^]*^The tree also names these/mu;
    expect((await stage.run(args)).stdout).toMatch(table);
    // One registry, and images that are named whole: nobody else is asked.
    for (const flags of [['--mirror', 'image=hub.example/{image}'], OWN_IMAGES])
      expect((await stage.run([...args, ...flags])).stdout).not.toContain('docker.1panel.live');
  });

  it('tells what changed between two tags of a clone, without checking them out', async () => {
    const args = ['audit', '--source', stage.tree, '--profile', 'cn', '--ref', 'v20.10.12..v20.10.13'];
    const { status, stdout } = await stage.run([...args, '--json']);
    const drift = JSON.parse(stdout) as {
      added: { url: string }[];
      removed: unknown[];
      changed: { changes: string[] }[];
    };
    expect(DOCUMENT_SCHEMAS['audit-drift'].safeParse(drift).error).toBeUndefined();
    expect(drift.added.map(({ url }) => url)).toEqual(['https://more.example/x.tgz']);
    expect(drift.removed).toEqual([]);
    expect(drift.changed.map(({ changes }) => changes)).toEqual([['url']]);
    expect(status).toBe(0);
    expect((await stage.run(args)).stdout).toContain('golang:1.16.12-buster → golang:1.16.15-buster');
  });

  it('totals every tag of a pattern; a tag that nobody has seen is scanned, one that is not moby is a row', async () => {
    const { status, stdout } = await stage.run([
      'audit',
      '--source',
      stage.tree,
      '--tags',
      'v*',
      '--profile',
      'direct',
      '--json',
    ]);
    const { tags } = JSON.parse(stdout) as { tags: Record<string, unknown>[] };
    expect(DOCUMENT_SCHEMAS['audit-tags'].safeParse(JSON.parse(stdout)).error).toBeUndefined();
    expect(tags).toMatchObject([
      { ref: 'v1.0.0', totals: null, error: { code: 'not-moby' } },
      { ref: 'v20.10.12', series: '20.10', totals: { closure: 14 } },
      { ref: 'v20.10.13', totals: { closure: 14 } },
      { ref: 'v30.0.0', totals: { closure: 14, covered: 14 }, error: null },
    ]);
    expect(status).toBe(4);
  });

  it('writes markdown', async () => {
    const { stdout } = await stage.run(['audit', ...ofTree(stage), '--format', 'markdown']);
    expect(stdout).toContain('| egress point | stage | kind |');
    expect(stdout).toContain('`https://github.com/opencontainers/runc.git`');
  });

  it.each([
    [['--tags', 'v99.*'], 2, 'has no tag that "v99.*" names', 'git -C'],
    [['--ref', 'v20.10.12..v99'], 2, 'has no tag, branch or commit v99', 'git -C'],
    [['--ref', 'v20.10.12..'], 2, 'must be a git ref', 'moby-build audit --help'],
    [['--tags', 'v*', '--hosts'], 2, 'is for one tree', 'moby-build audit --help'],
  ])('%j: exit %i, and the next command', async (more, exitCode, message, next) => {
    const { status, stderr, stdout } = await stage.run(['audit', '--source', stage.tree, ...more]);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(`next: ${next}`);
    expect(status).toBe(exitCode);
  });

  it('takes no directory that is not moby, and no --tags without a clone', async () => {
    expect((await stage.run(['audit', '--source', stage.bin])).status).toBe(4);
    expect((await stage.run(['audit', '--source', stage.bin, '--tags', 'v*'])).status).toBe(4);
    expect((await stage.run(['audit', '--tags', 'v*'])).status).toBe(2);
  });
});
