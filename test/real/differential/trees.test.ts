import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { debianMobyOrSkip } from '../../support/debian-moby.mjs';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { attempt } from './compare-dockerfile.ts';
import { embeddedScripts } from './embedded-scripts.ts';
import type { Compared, Item } from './setup.ts';
import { compareAll, report, withOracle } from './setup.ts';
import { treeTexts } from './tree-files.ts';

const temp = mkdtempSync(join(tmpdir(), 'moby-build-differential-'));
afterAll(() => {
  rmSync(temp, { recursive: true, force: true });
});

/** Genuine trees: those of Debian's sources, and colon-separated directories given by hand. */
const given = [
  debianMobyOrSkip('20.10.24'),
  debianMobyOrSkip('26.1.5'),
  ...(process.env['MOBY_BUILD_TREES'] ?? '').split(':'),
].filter((dir): dir is string => dir !== null && dir !== '');

/** Every Dockerfile and script of a tree, and the scripts inside the Dockerfiles. */
function itemsOf(dir: string): Item[] {
  return treeTexts(dir).flatMap(({ file, kind, text }): Item[] => {
    const item = { kind, name: file, text };
    if (kind === 'shell') return [item];
    const dockerfile = attempt(() => parseDockerfile(text, file));
    // Some files are only called so (an editor's syntax for Dockerfiles): both sides must refuse them.
    const embedded = dockerfile instanceof MobyBuildError ? [] : embeddedScripts(dockerfile);
    return [
      item,
      ...embedded.map((script): Item => ({ kind: 'shell', name: `${file}:${String(script.line)}`, text: script.text })),
    ];
  });
}

/** What a person who gave a tree wants to know. */
function summary(compared: readonly Compared[]): string {
  const inRun = ({ kind, name }: Compared): boolean => kind === 'shell' && /:\d+$/.test(name);
  const count = (what: (item: Compared) => boolean): string => String(compared.filter(what).length);
  const words = compared.reduce(
    (sum, { answer }) => sum + (answer.shell?.commands.reduce((all, item) => all + item.words.length, 0) ?? 0),
    0,
  );
  const argued = compared
    .filter((item) => item.differences.length > item.unargued.length)
    .map((item) => `${item.name} (${[...new Set(item.differences.map(({ what }) => what))].join(', ')})`);
  return [
    `${count((item) => item.kind === 'dockerfile')} Dockerfiles`,
    `${count((item) => item.kind === 'shell' && !inRun(item))} scripts`,
    `${count(inRun)} scripts in RUN`,
    `${String(compared.reduce((sum, { answer }) => sum + (answer.dockerfile?.instructions.length ?? 0), 0))} instructions`,
    `${String(words)} words`,
    `${count((item) => item.unargued.length > 0)} differ`,
    `argued: ${argued.join(', ') || 'none'}`,
  ].join('; ');
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
    withOracle(`the genuine tree ${basename(dir)}`, async () => {
      const items = itemsOf(dir);
      const compared = await compareAll(items);
      process.stderr.write(`${basename(dir)}: ${summary(compared)}\n`);
      expect(items.some((item) => item.name === 'Dockerfile')).toBe(true);
      expect(report(compared)).toEqual([]);
    });
  }
});
