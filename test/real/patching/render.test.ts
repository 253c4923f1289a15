import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { applyPlan } from '../../../src/patching/apply.ts';
import { renderPatchSet } from '../../../src/patching/render.ts';
import { writePatchSet } from '../../../src/patching/write-patches.ts';
import type { PlannedPatch, Tree, TreeFile } from '../../../src/types.ts';
import { lightTree } from '../../unit/mirrors/fixtures.ts';
import { planFor } from '../../unit/patching/fixtures.ts';
import { contentsOf, git, repositoryOf, tempDir } from './repository.ts';

let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(['163', 'cn', 'upstream'])('the patch set of profile %s', (profile) => {
  it('gives by git apply, by git am and by apply the same bytes', async () => {
    const plan = planFor(tree, profile);
    const set = await renderPatchSet(plan);
    const [byApply, byAm, byFiles, byUs] = [
      repositoryOf(tree),
      repositoryOf(tree),
      repositoryOf(tree),
      repositoryOf(tree),
    ];
    await applyPlan(plan, byUs);

    git(byApply, ['apply', '--whitespace=error-all', '-'], set.text);
    git(byAm, ['am', '--quiet', '--keep-cr'], set.text);
    const out = join(tempDir(), 'patches');
    const files = await writePatchSet(set, out);
    git(byFiles, ['am', '--quiet', ...files.filter((file) => file.endsWith('.patch'))]);

    const expected = contentsOf(byUs);
    expect(contentsOf(byApply)).toEqual(expected);
    expect(contentsOf(byAm)).toEqual(expected);
    expect(contentsOf(byFiles)).toEqual(expected);
    for (const [path, { text }] of plan.after) expect(readFileSync(join(byUs, path), 'utf8')).toBe(text);
    expect(git(byAm, ['log', '--format=%s', 'HEAD']).trim().split('\n').reverse().slice(1)).toEqual(
      plan.patches.map(({ subject }) => subject),
    );
    expect(git(byAm, ['status', '--porcelain'])).toBe('');

    git(
      byApply,
      ['apply', '--reverse', '-'],
      [...set.mails]
        .reverse()
        .map(({ text }) => text)
        .join('\n'),
    );
    expect(git(byApply, ['status', '--porcelain'])).toBe('');
  });
});

describe('reproducible', () => {
  it('whatever the user has set: configuration, variables, locale, time zone', async () => {
    const plan = planFor(tree, 'cn');
    const first = await renderPatchSet(plan);
    const home = tempDir();
    writeFileSync(
      join(home, '.gitconfig'),
      '[user]\n\tname = Else\n[diff]\n\tnoprefix = true\n\talgorithm = patience\n\tcontext = 9\n[format]\n\tsignOff = true\n\tattach = true\n\tcoverLetter = true\n\tsubjectPrefix = RFC\n[core]\n\tautocrlf = true\n\tpager = false\n',
    );
    for (const [name, value] of Object.entries({
      HOME: home,
      GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
      GIT_DIR: '/nowhere',
      GIT_AUTHOR_NAME: 'X',
      GIT_COMMITTER_DATE: '2001-01-01T00:00:00Z',
      GIT_DIFF_OPTS: '--unified=9',
      GIT_EXTERNAL_DIFF: '/bin/false',
      GIT_CONFIG_PARAMETERS: "'format.suffix=.txt'",
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'diff.noprefix',
      GIT_CONFIG_VALUE_0: 'true',
      LC_ALL: 'de_DE.UTF-8',
      TZ: 'Asia/Shanghai',
      COLUMNS: '40',
    }))
      vi.stubEnv(name, value);
    vi.resetModules();
    const { renderPatchSet: anew } = await import('../../../src/patching/render.ts');
    expect((await anew(plan)).text).toBe(first.text);
    expect(first.text).toMatch(/^From 0{40} Mon Sep 17 00:00:00 2001\nFrom: moby-build /);
  });

  it('is empty for a plan that changes nothing, and needs no git', async () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(await renderPatchSet(planFor(tree, 'direct'))).toEqual({ mails: [], text: '' });
  });
});

describe('--out', () => {
  const mails = [{ name: '0001-a.patch', text: 'a\n' }];
  it('holds the numbered mails and series, and is replaced whole', async () => {
    const dir = join(tempDir(), 'deep', 'patches');
    await writePatchSet({ mails: [...mails, { name: '0002-b.patch', text: 'b\n' }], text: '' }, dir);
    expect(readFileSync(join(dir, 'series'), 'utf8')).toBe('0001-a.patch\n0002-b.patch\n');
    expect(await writePatchSet({ mails, text: '' }, dir)).toEqual([join(dir, '0001-a.patch'), join(dir, 'series')]);
    expect(readdirSync(dir).sort()).toEqual(['0001-a.patch', 'series']);
    expect(readdirSync(join(dir, '..'))).toEqual(['patches']);
  });
  it.each(['notes.txt', '0001-a.patch'])("someone else's %s is not overwritten: exit 2", async (name) => {
    const dir = tempDir();
    writeFileSync(join(dir, name), 'theirs');
    await expect(writePatchSet({ mails, text: '' }, dir)).rejects.toMatchObject({
      code: 'out-in-the-way',
      exitCode: 2,
    });
    expect(readdirSync(dir)).toEqual([name]);
  });
});

describe('any files', () => {
  const text = fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        '',
        ' x ',
        '\tq',
        'é 例',
        '--- a/x',
        '+++ b/x',
        'diff --git a/x b/x',
        '@@ -1 +1 @@',
        'From 0 Mon',
        '-- ',
        'x\r',
      ),
      { maxLength: 6 },
    )
    .chain((lines) => fc.boolean().map((end) => lines.join('\n') + (end ? '\n' : '')));
  const file: fc.Arbitrary<TreeFile> = fc.record({ text, mode: fc.constantFrom('100644', '100755') });
  const names = ['a', 'dir/b', 'sp ace/c d', 'ü"q'];

  it('diff, apply and reverse give the bytes back', async () => {
    const side = fc.tuple(...names.map(() => fc.option(file)));
    await fc.assert(
      fc.asyncProperty(side, side, side, async (one, two, three) => {
        const states = [one, two, three];
        const patches = [0, 1]
          .map((at): PlannedPatch => ({
            name: `${String(at)}.patch`,
            subject: `step ${String(at)}`,
            reason: 'why',
            changes: names.flatMap((path, index) => {
              const before = states[at]?.[index] ?? null;
              const after = states[at + 1]?.[index] ?? null;
              return before?.text === after?.text && before?.mode === after?.mode ? [] : [{ path, before, after }];
            }),
          }))
          .filter(({ changes }) => changes.length > 0);
        const filesOf = (state: readonly (TreeFile | null)[]): Tree =>
          new Map(
            names.flatMap((path, index) => {
              const entry = state[index];
              return entry === null || entry === undefined ? [] : [[path, entry]];
            }),
          );
        const [theirs, ours, wanted] = [
          repositoryOf(filesOf(one)),
          repositoryOf(filesOf(one)),
          repositoryOf(filesOf(three)),
        ];
        const before = contentsOf(theirs);
        const { mails } = await renderPatchSet({ patches });
        for (const mail of mails) git(theirs, ['apply', '-'], mail.text);
        expect(contentsOf(theirs)).toEqual(contentsOf(wanted));
        await applyPlan({ patches }, ours);
        expect(contentsOf(ours)).toEqual(contentsOf(wanted));
        for (const mail of [...mails].reverse()) git(theirs, ['apply', '--reverse', '-'], mail.text);
        expect(contentsOf(theirs)).toEqual(before);
      }),
      { seed: 3, numRuns: 15, endOnFailure: true },
    );
  });
});
