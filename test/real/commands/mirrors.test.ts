import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import { makeBare, startGitServer } from '../../support/git-server.mjs';
import { startFaulty } from '../mirrors/faulty-mirror.ts';
import { debian, moduleProxy, registry } from '../mirrors/healthy-mirror.ts';
import { Stage } from './stage.ts';

interface Document {
  readonly kinds: Readonly<
    Record<
      string,
      {
        chosen: string | null;
        candidates: { id: string; outcome: string }[];
        objects: { object: string; chosen: string | null }[];
      }
    >
  >;
  readonly points: { kind: string; mirror: string | null; via: string; reason: string }[];
  readonly error?: { code: string; exitCode: number; hint: string };
}

/** The command against mirrors on loopback, which a catalogue of the user's names. */
describe('measured mirrors', () => {
  const stage = new Stage();
  const closing: (() => Promise<void>)[] = [];
  let asked: string[] = [];
  let catalogue = '';
  let line: string[] = [];

  beforeAll(async () => {
    const git = await startGitServer({
      '/krallin/tini': { kind: 'git', repository: makeBare(stage.tree, join(stage.dir, 'tini.git')) },
    });
    const serve = async (healthy: Parameters<typeof startFaulty>[0]['healthy']): Promise<string> => {
      const { url, close } = await startFaulty({
        fault: 'none',
        healthy: (path, ...rest) => {
          asked.push(path);
          return healthy(path, ...rest);
        },
      });
      closing.push(close);
      return url;
    };
    closing.push(git.close);
    const apt = await serve(debian({ date: 'Sat, 01 Jun 2024 10:00:00 UTC' }));
    const go = await serve(moduleProxy());
    const all = (await serve(registry(['linux/amd64', 'linux/arm64'], null, true))).replace('http://', '');
    const some = (await serve(registry(['linux/amd64', 'linux/arm64']))).replace('http://', '');
    const entry = { region: 'cn', operator: 'loopback', status: 'alive', seen: null, sources: ['here'] };
    const mirrors = [
      { id: 'near-apt', kinds: ['apt'], template: apt, archive: apt, ...entry },
      { id: 'near-git', kinds: ['git'], template: `${git.url}/{path}`, ...entry },
      { id: 'near-go', kinds: ['gomod'], template: go, ...entry },
      { id: 'some-images', kinds: ['image'], template: `${some}/{image}`, ...entry, operator: 'somebody' },
      { id: 'all-images', kinds: ['image'], template: `${all}/{image}`, ...entry, operator: 'somebody else' },
    ];
    catalogue = join(stage.dir, 'catalogue.json');
    writeFileSync(catalogue, JSON.stringify({ mirrors }));
    line = ['--source', stage.tree, '--profile', 'cn', '--catalogue', catalogue, '--arch', 'arm64'];
    line.push('--build-arg', `TINI_COMMIT=${stage.commit}`, '--probe-timeout', '30');
  });
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()));
    stage.remove();
  });

  it('given by a flag is measured, and nobody else of its kind', async () => {
    const flag = ['--mirror', 'apt=near-apt', '--kind', 'apt'];
    const { status, stdout, stderr } = await stage.run(['mirrors', 'probe', ...line, ...flag, '--json']);
    expect(status, stderr).toBe(0);
    const { kinds } = JSON.parse(stdout) as Document;
    expect(kinds['apt']?.objects.length).toBeGreaterThan(0);
    expect(kinds['apt']?.candidates.map(({ id, outcome }) => [id, outcome])).toEqual([['near-apt', 'ok']]);
  });

  it('are listed by kind', async () => {
    const { status, stdout } = await stage.run(['mirrors', 'list', '--catalogue', catalogue, '--kind', 'image']);
    expect(status).toBe(0);
    expect(stdout).toContain('all-images');
    expect(stdout).not.toContain('near-git');
    const document: unknown = JSON.parse((await stage.run(['mirrors', '--json'])).stdout);
    expect(() => DOCUMENT_SCHEMAS['mirrors-list'].parse(document)).not.toThrow();
  });

  it('are probed for what the tree needs, chosen for each object, and saved as a profile that repeats it', async () => {
    const saved = join(stage.dir, 'ci.yaml');
    const { status, stdout } = await stage.run(['mirrors', 'probe', ...line, '--json', '--save', saved]);
    const document = JSON.parse(stdout) as Document;
    expect(document.error).toBeUndefined();
    expect(status).toBe(0);
    expect(() => DOCUMENT_SCHEMAS['mirrors-probe'].parse(document)).not.toThrow();
    expect(Object.keys(document.kinds).sort()).toEqual(['apt', 'git', 'gomod', 'image']);
    expect(document.kinds['git']?.chosen).toBe('near-git');
    expect(document.kinds['image']?.chosen).toBe('all-images');
    expect(document.kinds['image']?.candidates.find(({ id }) => id === 'some-images')?.outcome).toBe('wrong-status');
    const vpnkit = document.kinds['image']?.objects.filter(({ object }) => object.includes('vpnkit'));
    expect(vpnkit?.map(({ chosen }) => chosen)).toEqual(['all-images', 'all-images']);
    expect(readFileSync(saved, 'utf8')).toMatch(/image:\n\s+- all-images\n\s+- some-images/u);
    asked = [];
    const again = await stage.run([
      'patch',
      '--source',
      stage.tree,
      '--catalogue',
      catalogue,
      '--profile',
      saved,
      '--json',
    ]);
    expect(again.status).toBe(0);
    expect(asked).toEqual([]);
  });

  it('are chosen by patch as by a build, whose choice is kept until --reprobe', async () => {
    const patch = await stage.run(['patch', ...line, '--json']);
    const { points, error } = JSON.parse(patch.stdout) as Document;
    expect(error).toBeUndefined();
    const apt = points.find(({ kind }) => kind === 'apt');
    expect(apt).toMatchObject({ mirror: 'near-apt', reason: expect.stringContaining('measured') });
    const kept = join(stage.dir, 'work/v20.10.12-linux-arm64/mirrors.json');
    expect(existsSync(kept)).toBe(false);
    // Only one of the two has vpnkit.
    const build = ['build', ...line, '--work-dir', join(stage.dir, 'work'), '--out', join(stage.dir, 'out')];
    build.push('--trust-image', 'djs55/vpnkit');
    const built = await stage.run(build);
    expect(built.stderr).toContain('Measure the mirrors');
    expect(existsSync(kept)).toBe(true);
    asked = [];
    const second = await stage.run([...build, '--dry-run']);
    expect(second.stderr).toContain('--reprobe measures anew');
    expect(asked).toEqual([]);
    await stage.run([...build, '--dry-run', '--reprobe']);
    expect(asked.length).toBeGreaterThan(5);
  });

  it('that nobody reaches are exit 5, each explained, with the way without', async () => {
    const dead = join(stage.dir, 'dead.json');
    writeFileSync(dead, readFileSync(catalogue, 'utf8').replaceAll(/127\.0\.0\.1:\d+/gu, '127.0.0.1:1'));
    const given = line.map((word) => (word === catalogue ? dead : word));
    for (const words of [['patch'], ['mirrors', 'probe']]) {
      const { status, stdout, stderr } = await stage.run([...words, ...given]);
      expect(status).toBe(5);
      expect(stderr).toContain('--no-probe');
      expect(`${stdout}${stderr}`).toContain('near-apt');
      expect(`${stdout}${stderr}`).toContain('the connection is refused');
    }
    expect((await stage.run(['patch', ...given, '--no-probe'])).status).toBe(0);
  });
});
