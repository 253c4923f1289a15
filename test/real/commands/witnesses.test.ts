import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { Stage } from './stage.ts';

/** Younger than any table of tags. */
const TAG = 'docker-v29.99.0';

/** The whole command, against git servers on loopback that a catalogue of the user's names. No official server answers here. */
describe('a tag that the table does not have', () => {
  const stage = new Stage();
  const servers: { url: string; close: () => Promise<void> }[] = [];
  let other: { url: string };

  /** Two mirrors, and what they have as moby/moby. */
  const catalogueOf = (operators: readonly string[], urls: readonly string[]): string => {
    const file = join(stage.dir, 'catalogue.json');
    const mirrors = urls.map((url, index) => ({
      id: `near-${String(index)}`,
      kinds: ['git'],
      template: `${url}/{path}`,
      operator: operators[index],
      ...{ region: 'cn', status: 'alive', seen: null, sources: ['here'] },
    }));
    writeFileSync(file, JSON.stringify({ mirrors }));
    return file;
  };
  const ask = (operators: readonly string[], urls: readonly string[], ...more: string[]) =>
    stage.run(
      ['audit', '--ref', TAG, '--profile', 'auto', '--no-probe', '--catalogue', catalogueOf(operators, urls), ...more],
      // A proxy that is not there: the official server cannot be asked, wherever this runs.
      { https_proxy: 'http://127.0.0.1:9' },
    );

  beforeAll(async () => {
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: stage.tree });
    const serve = async (name: string) => {
      const repository = makeBare(stage.tree, join(stage.dir, name));
      const server = await startGitServer({ '/moby/moby.git': { kind: 'git', repository } });
      servers.push(server);
      return server;
    };
    git('tag', TAG);
    await serve('one.git');
    await serve('two.git');
    git('commit', '-q', '--allow-empty', '-m', 'of another repository');
    git('tag', '-f', TAG);
    other = await serve('other.git');
  });
  afterAll(async () => {
    for (const { close } of servers) await close();
    stage.remove();
  });

  const urls = (): string[] => servers.slice(0, 2).map(({ url }) => url);

  it('is what two operators say, and names them', async () => {
    const { stderr } = await ask(['one', 'two'], urls());
    expect(stderr).toContain(`it is ${stage.commit}, as near-0, near-1 say`);
  });

  it('is nothing that one operator says alone', async () => {
    const { status, stderr } = await ask(['one', 'one'], urls());
    expect(status, stderr).toBe(5);
    expect(stderr).toContain(`near-1: ${stage.commit}`);
  });

  it('is refused where they differ', async () => {
    const { status, stderr } = await ask(['one', 'two'], [urls()[0] ?? '', other.url]);
    expect(status, stderr).toBe(4);
    expect(stderr).toContain('do not agree');
  });

  it('is not what the user’s own clone URL says: that one is no official server', async () => {
    const source = ['--source', `${other.url}/moby/moby.git`];
    const alone = await ask([], [], ...source);
    expect(alone.status, alone.stderr).toBe(5);
    const held = await ask(['one', 'two'], urls(), ...source);
    expect(held.status, held.stderr).not.toBe(0);
    expect(held.stderr).toContain(`it is ${stage.commit}`);
  });
});
