import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import type { EgressPoint, Tree, TreeFile } from '../../../src/types.ts';
import bookworm from '../../support/answers/v20.10.24.json' with { type: 'json' };
import trixie from '../../support/answers/v26.1.5.json' with { type: 'json' };
import { cpuMilliseconds } from '../../support/cpu-milliseconds.ts';
import { debianMobyOrSkip } from '../../support/debian-moby.mjs';

/**
 * Genuine trees: what Debian's source packages of docker.io hold. They are not ours to commit; the answers are facts about them:
 * places, no text. Those of v20.10.24 are the project's answer key; those of v26.1.5, which is not in it, were read by hand: the
 * key's tree v25.0.5, its lines moved by what changed between the two Dockerfiles, and the stage gopls, which is new.
 */
const TREES = [
  {
    version: '20.10.24',
    answers: bookworm,
    closure: { binary: 12, dynbinary: 12, dev: 32 },
    golang: 'docker.io/library/golang:1.19.7-bullseye',
  },
  {
    version: '26.1.5',
    answers: trixie,
    closure: { binary: 7, all: 19, dev: 46 },
    golang: 'docker.io/library/golang:1.21.12-bookworm',
  },
] as const;

function readTree(root: string): Tree {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry): [string, TreeFile] => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), { text: readFileSync(path, 'utf8'), mode: '100644' }];
    }),
  );
}

const place = ({ file, line, stage, kind, inClosure, host }: EgressPoint): unknown[] => [
  file,
  line,
  stage,
  kind,
  inClosure,
  host,
];

describe.each(TREES)("Debian's tree of moby $version", ({ version, answers, closure, golang }) => {
  const root = debianMobyOrSkip(version);
  const target = answers.target;

  it.skipIf(root === null)('has the points of the answer key, in its order, and nothing unknown', () => {
    const tree = readTree(root ?? '');
    const { points, unknown } = scan(tree, { target, arch: answers.arch });
    expect(points.map(place)).toEqual(answers.points);
    expect(unknown).toEqual([]);
    expect(points.filter((point) => point.inClosure)).toHaveLength(closure.binary);
    expect(
      points.filter((point) => point.stage === 'base' && point.kind === 'image').map((point) => point.url),
    ).toEqual([golang]);
    for (const { anchor } of points) {
      if (anchor !== null) expect(tree.get(anchor.file)?.text.slice(anchor.start, anchor.end)).toBe(anchor.text);
    }
  });

  it.skipIf(root === null)('has the same places for every architecture and target; only the closure differs', () => {
    const tree = readTree(root ?? '');
    const places = (arch: string, wanted: string): unknown =>
      scan(tree, { target: wanted, arch }).points.map(({ file, line, stage, kind }) => [file, line, stage, kind]);
    const expected = answers.points.map((point) => point.slice(0, 4));
    for (const arch of ['amd64', 'arm', 's390x', 'ppc64le']) expect(places(arch, 'binary')).toEqual(expected);
    for (const [wanted, count] of Object.entries(closure)) {
      expect(places('arm64', wanted)).toEqual(expected);
      const { points } = scan(tree, { target: wanted, arch: 'arm64' });
      expect([wanted, points.filter((point) => point.inClosure).length]).toEqual([wanted, count]);
    }
  });

  it.skipIf(root === null)('is scanned soon', () => {
    const tree = readTree(root ?? '');
    expect(cpuMilliseconds(() => void scan(tree, { target, arch: answers.arch }))).toBeLessThan(5_000);
  });
});
