import { applyPatch, parsePatch } from 'diff';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderPatchSet } from '../../../src/patching/render.ts';
import type { Tree } from '../../../src/types.ts';
import { lightTree } from '../../unit/mirrors/fixtures.ts';
import { planFor } from '../../unit/patching/fixtures.ts';

let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

/** The texts after these patches, by a program that knows nothing of git: no offset and no fuzz is forgiven. */
function applied(before: Tree, mails: readonly { readonly text: string }[]): Map<string, string> {
  const texts = new Map([...before].map(([path, { text }]) => [path, text]));
  for (const file of mails.flatMap(({ text }) => parsePatch(text))) {
    const path = (file.newFileName ?? '').replace(/^b\//u, '');
    const result = applyPatch(texts.get(path) ?? '', file, { fuzzFactor: 0, autoConvertLineEndings: false });
    if (result === false) throw new Error(`the patch of ${path} does not apply`);
    texts.set(path, result);
  }
  return texts;
}

describe.each(['163', 'cn', 'upstream'])('the patch set of profile %s', (profile) => {
  it('gives the planned bytes by another program than git', async () => {
    const plan = planFor(tree, profile);
    const { mails } = await renderPatchSet(plan);
    const texts = applied(tree, mails);
    expect(plan.after.size).toBeGreaterThan(0);
    expect(texts).toEqual(new Map([...tree, ...plan.after].map(([path, { text }]) => [path, text])));
  });
});

describe('a tree that is not the planned one', () => {
  it('is refused by another program than git, too', async () => {
    const { mails } = await renderPatchSet(planFor(tree, '163'));
    const changed: Tree = new Map([...tree].map(([path, file]) => [path, { ...file, text: file.text.toUpperCase() }]));
    expect(() => applied(changed, mails)).toThrow(/Dockerfile does not apply/u);
  });
});
