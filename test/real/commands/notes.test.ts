import { afterAll, describe, expect, it } from 'vitest';
import { ofTree, Stage } from './stage.ts';

const stage = new Stage();
afterAll(() => {
  stage.remove();
});

describe('the notes of a build that fails', () => {
  const env = { https_proxy: 'http://proxy.example:3128', no_proxy: '127.0.0.1,localhost' };

  it('are shown before the error, those on proxies and engine among them; quiet shows warnings alone', async () => {
    stage.make('echo "no such thing" >&2; exit 2');
    const { status, stdout, stderr } = await stage.run(['build', ...ofTree(stage)], env);
    expect({ status, stdout }).toEqual({ status: 6, stdout: '' });
    expect(stderr).toMatch(/note: https_proxy, no_proxy of this environment are handed to the steps/u);
    expect(stderr).toMatch(/warning: The engine pulls images through no proxy/u);
    expect(stderr.indexOf('warning: The engine pulls')).toBeLessThan(stderr.lastIndexOf('moby-build: '));
    const quiet = await stage.run(['build', ...ofTree(stage), '--quiet'], env);
    expect(quiet.status).toBe(6);
    expect(quiet.stderr).not.toContain('note:');
  });
});
