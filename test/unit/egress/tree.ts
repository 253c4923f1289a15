import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import type { EgressPoint, Scan, ScanOptions, Tree, TreeFile } from '../../../src/types.ts';
import { lightTreeSource } from '../../support/light-tree.mjs';

/** Hosts of no registry: below the domains by which the defaults are recognised. */
export const DEBIAN_HOST = 'any.debian.org';
export const GO_HOST = 'any.golang.org';

/** A tree from texts. `base` is there unless a Dockerfile says its own. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files).map(([path, text]): [string, TreeFile] => [path, { text, mode: '100644' }]));
}

/** Scans and checks what holds for every scan: each anchor cuts its file, ids are unique, lines exist. */
export function scanned(tree: Tree, options: Partial<ScanOptions> = {}): Scan {
  const result = scan(tree, { target: 'binary', arch: 'arm64', ...options });
  for (const point of result.points) {
    for (const anchor of [...(point.anchor === null ? [] : [point.anchor]), ...(point.moreAnchors ?? [])]) {
      expect(tree.get(anchor.file)?.text.slice(anchor.start, anchor.end)).toBe(anchor.text);
      expect(anchor.text).not.toBe('');
    }
    const lines = tree.get(point.file)!.text.split('\n').length;
    for (const line of [point.line, ...point.netLines]) expect(line >= 1 && line <= lines).toBe(true);
  }
  expect(new Set(result.points.map((point) => point.id)).size).toBe(result.points.length);
  return result;
}

/** The points of stage `s` of a Dockerfile that has `base`, and `s` on it with these instructions. */
export function pointsOf(instructions: string, files: Readonly<Record<string, string>> = {}): EgressPoint[] {
  const text = `FROM golang:1 AS base\n\nFROM base AS s\n${instructions}\n`;
  const result = scanned(treeOf({ Dockerfile: text, ...files }), { target: 's' });
  expect(result.unknown).toEqual([]);
  return result.points.filter((point) => point.stage === 's');
}

/** What `pointsOf` gives, in a form that is easy to compare: `kind url`. */
export function contacts(instructions: string, files: Readonly<Record<string, string>> = {}): string[] {
  return pointsOf(instructions, files).map((point) => `${point.kind} ${point.url}`);
}

/** The 1-based line of the n-th occurrence of a text. */
export function lineOf(text: string, needle: string, nth = 1): number {
  let at = -1;
  for (let count = 0; count < nth; count++) {
    at = text.indexOf(needle, at + 1);
    if (at === -1) throw new Error(`${needle} is not there ${String(nth)} times`);
  }
  return text.slice(0, at).split('\n').length;
}

/** The light tree with invented hosts in the place of the defaults. */
export function readLightTree(): Tree {
  const files = readdirSync(lightTreeSource, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry): [string, TreeFile] => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8')
        .replaceAll('@DEBIAN_DEFAULT@', DEBIAN_HOST)
        .replaceAll('@DEBIAN_SECURITY@', DEBIAN_HOST)
        .replaceAll('@GO_DEFAULT@', GO_HOST)
        .replaceAll(/@[A-Z]+_COMMIT@/g, '0123456789abcdef0123456789abcdef01234567');
      return [relative(lightTreeSource, path), { text, mode: '100644' }];
    }),
  );
}
