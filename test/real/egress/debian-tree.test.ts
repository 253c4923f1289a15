import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import type { Tree, TreeFile } from '../../../src/types.ts';
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';
import answers from '../../support/answers/v20.10.24.json' with { type: 'json' };

/**
 * Debian's source package docker.io 20.10.24 holds moby's tree as `engine/`. It is not ours to commit, so the test needs to be
 * told where it lies; the answers are facts about it: places, no text.
 */
const VARIABLE = 'MOBY_BUILD_DEBIAN_TREE';
const directory = process.env[VARIABLE];

if (directory === undefined) {
  process.stderr.write(
    `\n  SKIPPED: the scan of Debian's moby tree; set ${VARIABLE} to its engine/ (the lab fetches it)\n\n`,
  );
}

function readTree(root: string): Tree {
  const files = ['Dockerfile', 'hack', 'contrib'].flatMap((name) => {
    const path = join(root, name);
    if (name === 'Dockerfile') return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  return new Map(
    files.map((path): [string, TreeFile] => [
      relative(root, path),
      { text: readFileSync(path, 'utf8'), mode: '100644' },
    ]),
  );
}

describe.skipIf(directory === undefined)("Debian's tree of moby 20.10.24", () => {
  const root = directory ?? '';

  it('is where the variable says', () => {
    expect(existsSync(join(root, 'Dockerfile'))).toBe(true);
  });

  it('has the points of the answer key, in its order, and nothing unknown', () => {
    const tree = readTree(root);
    const { points, unknown } = scan(tree, { target: answers.target, arch: answers.arch });
    expect(points.map((point) => [point.file, point.line, point.stage, point.kind, point.inClosure])).toEqual(
      answers.points,
    );
    expect(unknown).toEqual([]);
    expect(points.filter((point) => point.inClosure)).toHaveLength(12);
    for (const { anchor } of points) {
      if (anchor !== null) expect(tree.get(anchor.file)?.text.slice(anchor.start, anchor.end)).toBe(anchor.text);
    }
  });

  it('is scanned soon', () => {
    const tree = readTree(root);
    expect(cpuMilliseconds(() => void scan(tree, { target: answers.target, arch: answers.arch }))).toBeLessThan(5_000);
  });
});
