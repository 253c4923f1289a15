import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { embeddedScripts } from './embedded-scripts.ts';
import type { Item } from './setup.ts';
import { compareAll, report, withOracle } from './setup.ts';
import { treeTexts } from './tree-files.ts';

const temp = mkdtempSync(join(tmpdir(), 'moby-build-differential-'));
afterAll(() => {
  rmSync(temp, { recursive: true, force: true });
});

/** Genuine trees, given by hand: colon-separated directories. */
const given = [process.env['MOBY_BUILD_DEBIAN_TREE'], ...(process.env['MOBY_BUILD_TREES'] ?? '').split(':')].filter(
  (dir): dir is string => dir !== undefined && dir !== '',
);

/** Every Dockerfile and script of a tree, and the scripts inside the Dockerfiles. */
function itemsOf(dir: string): Item[] {
  return treeTexts(dir).flatMap(({ file, kind, text }): Item[] => {
    const item = { kind, name: file, text };
    if (kind === 'shell') return [item];
    const embedded = embeddedScripts(parseDockerfile(text, file));
    return [
      item,
      ...embedded.map((script): Item => ({ kind: 'shell', name: `${file}:${String(script.line)}`, text: script.text })),
    ];
  });
}

describe('our parsers read a tree as BuildKit and mvdan.cc/sh do', () => {
  withOracle('the light tree', async () => {
    const { dir } = materializeLightTree(join(temp, 'light'), { git: false });
    const items = itemsOf(dir);
    expect(items.filter((item) => item.kind === 'dockerfile').length).toBeGreaterThanOrEqual(1);
    expect(items.filter((item) => item.kind === 'shell').length).toBeGreaterThanOrEqual(30);
    expect(report(await compareAll(items))).toEqual([]);
  });

  for (const dir of given) {
    withOracle(`given tree ${basename(dir)}`, async () => {
      const items = itemsOf(dir);
      const compared = await compareAll(items);
      const count = (what: (item: (typeof compared)[number]) => boolean): string =>
        String(compared.filter(what).length);
      process.stderr.write(
        `${basename(dir)}: ${count((item) => item.kind === 'dockerfile')} Dockerfiles, ${count(({ kind, name }) => kind === 'shell' && !/:\d+$/.test(name))} scripts, ` +
          `${count(({ kind, name }) => kind === 'shell' && /:\d+$/.test(name))} scripts in RUN; ${count((item) => item.differences.length > 0)} differ, ${count((item) => item.unargued.length > 0)} without a reason\n`,
      );
      expect(items.some((item) => item.name === 'Dockerfile')).toBe(true);
      expect(report(compared)).toEqual([]);
    });
  }
});
