import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import { crossCompile } from '../../../src/patching/cross.ts';
import { makeLean } from '../../../src/patching/lean.ts';
import { loadRuleSet } from '../../../src/patching/rules/rule-set.ts';
import type { Tree, TreeFile } from '../../../src/types.ts';
import { debianMobyOrSkip } from '../../support/debian-moby.mjs';

type Version = Parameters<typeof debianMobyOrSkip>[0];
const RULES = loadRuleSet();
const CACHES = /^(?: +|RUN )(?:--mount=type=cache,sharing=locked,id=[\w-]+-apt(?:lib|cache),target=\S+ \\)$/u;

function treeOf(version: Version): Tree {
  const root = debianMobyOrSkip(version) ?? '';
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry): [string, TreeFile] => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), { text: readFileSync(path, 'utf8'), mode: '100644' }];
    }),
  );
}

/** The lines that went and came, but for the mounts of apt's caches, whose names are told by themselves. */
function changes(before: Tree, after: Tree): Record<'gone' | 'new' | 'caches', string[]> {
  const lines = (tree: Tree): string[] => (tree.get('Dockerfile')?.text ?? '').split('\n');
  const without = (these: string[], others: string[]): string[] => {
    const left = [...others];
    const rest = these.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    return rest.filter((line) => !CACHES.test(line)).map((line) => line.trim());
  };
  const caches = new Set(lines(after).flatMap((line) => /\bid=([\w-]+-apt(?:lib|cache))\b/u.exec(line)?.[1] ?? []));
  return { gone: without(lines(before), lines(after)), new: without(lines(after), lines(before)), caches: [...caches] };
}

const TREES = [
  { version: '20.10.24', target: 'binary', gone: ['binutils-mingw-w64 \\', 'g++-mingw-w64-x86-64 \\'], fewer: 0 },
  { version: '26.1.5', target: 'all', gone: ['COPY --from=gowinres /build/ /usr/local/bin/'], fewer: 1 },
] as const;
describe.each(TREES)("Debian's tree of moby $version", ({ version, target, gone, fewer }) => {
  const there = debianMobyOrSkip(version) !== null;

  it.skipIf(!there)('is lean by these lines and no other, and has fewer places to reach', () => {
    const tree = treeOf(version);
    const { tree: after } = makeLean(tree, RULES, 0);
    expect(changes(tree, after)).toEqual({
      ...{ gone, new: [] },
      caches: ['moby-build-all-aptlib', 'moby-build-all-aptcache'],
    });
    const inside = (of: Tree): number =>
      scan(of, { target, arch: 'amd64' }).points.filter(({ inClosure }) => inClosure).length;
    expect(inside(tree) - inside(after)).toBe(fewer);
  });

  it.skipIf(!there || version !== '20.10.24')('cross-compiles, by rules that fit all of its lines', () => {
    const tree = treeOf(version);
    const { tree: after, patches } = crossCompile(tree, RULES, 'arm64', 'amd64');
    expect(patches).toHaveLength(1);
    const changed = [...after].filter(([path, { text }]) => tree.get(path)?.text !== text).map(([path]) => path);
    expect(changed.sort()).toEqual([
      'Dockerfile',
      'hack/dockerfile/install/rootlesskit.installer',
      'hack/make.sh',
      'hack/make/binary-daemon',
    ]);
    const { unknown, points } = scan(after, { target, arch: 'arm64' });
    expect(unknown.filter(({ inClosure }) => inClosure)).toEqual([]);
    expect(points.filter(({ stage }) => stage === 'dev-base').map(({ kind }) => kind)).toEqual(['apt']);
  });
});
