import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import { ARCH, ofTree, Stage } from './stage.ts';

let stage: Stage;
let out: string;
beforeEach(() => {
  stage = new Stage();
  out = join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
  onTestFinished(() => {
    stage.remove();
  });
});

const work = () => join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`);

describe('moby-build clean', () => {
  /** A temporary directory of the stage's own: what a run of somebody else left is not ours to remove. */
  const clean = (...args: string[]) => {
    const temporary = join(stage.dir, 'temporary');
    mkdirSync(temporary, { recursive: true });
    return stage.run(['clean', ...args], { TMPDIR: temporary });
  };

  it('shows what earlier runs left, and removes it only when told', async () => {
    await stage.run(ofTree(stage));
    const shown = await clean();
    expect(shown.stderr).toContain(work());
    expect(existsSync(work())).toBe(true);
    const cleaned = await clean('--yes');
    expect(cleaned.status).toBe(0);
    expect(existsSync(work())).toBe(false);
    expect(existsSync(out)).toBe(true);
    expect((await clean()).stderr).not.toContain(work());
  });

  it('leaves everything alone that it did not make', async () => {
    const root = join(stage.dir, 'mine');
    mkdirSync(join(root, 'photos'), { recursive: true });
    writeFileSync(join(root, 'photos/a.jpg'), 'x');
    // Names as work dirs have them: a Node that was unpacked there, what a build made, and a folder that somebody is about to fill.
    const others = ['moby-v20.10.12-linux-arm64', 'node-v20.19.0-linux-x64', 'soon-linux-x64'];
    for (const name of others) mkdirSync(join(root, name, name.startsWith('soon') ? '' : 'bin'), { recursive: true });
    // A clone that the user made, and the cache of another program.
    const clones = ['v20.10.12-linux-arm64', 'v20.10.13-linux-arm64'];
    for (const name of clones) mkdirSync(join(root, name, 'moby/.git'), { recursive: true });
    writeFileSync(
      join(root, 'v20.10.13-linux-arm64/CACHEDIR.TAG'),
      'Signature: 8a477f597d28d172789f06886806bc55\n# by another\n',
    );
    const { status } = await clean('--yes', '--work-dir', root);
    expect(status).toBe(0);
    expect(readdirSync(root).sort()).toEqual([...others, ...clones, 'photos'].sort());
  });

  it('knows a work dir by its mark, however early the run ended', async () => {
    const root = join(stage.dir, 'early');
    await stage.run([...ofTree(stage), '--work-dir', root]);
    const [dir = ''] = readdirSync(root).filter((name) => name.includes('-linux-'));
    expect(readFileSync(join(root, dir, 'CACHEDIR.TAG'), 'utf8')).toMatch(
      /^Signature: 8a477f597d28d172789f06886806bc55\n/,
    );
    for (const name of readdirSync(join(root, dir)))
      if (!['CACHEDIR.TAG', 'moby'].includes(name)) rmSync(join(root, dir, name), { recursive: true });
    await clean('--yes', '--work-dir', root);
    expect(existsSync(join(root, dir))).toBe(false);
  });
});

describe('moby-build clean --yes', () => {
  it('knows nothing of the lab, and finds what SIGKILL left of a copy', async () => {
    const root = join(stage.dir, 'killed');
    const cache = join(stage.dir, 'cache-of-others');
    mkdirSync(join(cache, 'x'), { recursive: true });
    mkdirSync(join(root, 'v20.10.12-linux-arm64/.moby.copy-1234567-0a1b2c3d/hack'), { recursive: true });
    const { status } = await stage.run(['clean', '--yes', '--work-dir', root], { LAB_CACHE: cache });
    expect(status).toBe(0);
    expect(readdirSync(root)).toEqual([]);
    expect(existsSync(join(cache, 'x'))).toBe(true);
  });

  it('says what it did not remove: in use is exit 0, a failure is exit 1', async () => {
    const root = join(stage.dir, 'stays');
    const [used, stuck] = ['v20.10.12-linux-arm64', 'v20.10.13-linux-arm64'].map((name) => join(root, name));
    for (const dir of [used, stuck]) mkdirSync(join(dir ?? '', 'moby'), { recursive: true });
    const start = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ')[19];
    writeFileSync(join(stuck ?? '', 'out-dir'), `${join(root, 'out')}\n`);
    writeFileSync(join(used ?? '', 'in-use'), JSON.stringify({ pid: process.pid, start }));
    const busy = JSON.parse((await stage.run(['clean', '--yes', '--work-dir', root, '--json'])).stdout) as Cleaned;
    expect(() => DOCUMENT_SCHEMAS.clean.parse(busy)).not.toThrow();
    const ofRoot = ({ leftovers }: Cleaned) => leftovers.filter(({ path }) => path.startsWith(root));
    expect(ofRoot(busy).map(({ usedBy, removed }) => [usedBy, removed])).toEqual([
      [process.pid, false],
      [null, true],
    ]);
    expect(existsSync(used ?? '')).toBe(true);

    // A file system in it is what rm(1) does not remove either.
    mkdirSync(join(stuck ?? '', 'moby/mounted'), { recursive: true });
    writeFileSync(join(stuck ?? '', 'out-dir'), `${join(root, 'out')}\n`);
    execFileSync('mount', ['-t', 'tmpfs', 'none', join(stuck ?? '', 'moby/mounted')]);
    try {
      const failed = await stage.run(['clean', '--yes', '--work-dir', root]);
      expect(failed.status).toBe(1);
      expect(failed.stderr).toMatch(/not removed .*v20\.10\.13/u);
      expect(failed.stderr).toMatch(/v20\.10\.13-linux-arm64: .*busy/u);
    } finally {
      execFileSync('umount', [join(stuck ?? '', 'moby/mounted')]);
    }
  });
});

interface Cleaned {
  readonly leftovers: readonly { path: string; usedBy: number | null; removed: boolean }[];
}
