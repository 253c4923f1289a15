import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAYOUTS, statements } from './placed-points.ts';
import { lineOf, scanned, treeOf } from './tree.ts';

describe('N placed points are found N times', () => {
  it.each(Object.keys(LAYOUTS))('in %s', (name) => {
    fc.assert(
      fc.property(statements, fc.boolean(), (placed, reachable) => {
        const { instructions, script } = LAYOUTS[name]!(placed.map((statement) => statement.text));
        const Dockerfile = `# https://decoy.example/0\nFROM i AS base\nFROM base AS s\n${instructions}\nFROM ${reachable ? 's' : 'base'} AS t\n`;
        const files: Record<string, string> =
          script === undefined ? { Dockerfile } : { Dockerfile, 'hack/s.sh': script };
        const { points, unknown } = scanned(treeOf(files), { target: 't' });
        const file = script === undefined ? 'Dockerfile' : 'hack/s.sh';
        const wanted = placed
          .flatMap((statement) => statement.wants)
          .map(({ kind, url }) => ({
            file,
            kind,
            url,
            line: lineOf(files[file]!, url),
            inClosure: reachable,
            text: url,
          }));
        const found = points
          .filter((point) => point.stage === 's')
          .map((point) => ({
            file: point.file,
            kind: point.kind,
            url: point.url,
            line: point.line,
            inClosure: point.inClosure,
            text: point.anchor?.text,
          }));
        expect(found).toEqual(wanted);
        expect(unknown).toEqual([]);
      }),
      { seed: 31, numRuns: 150 },
    );
  });

  it('over several stages, ids counting up in each', () => {
    fc.assert(
      fc.property(fc.array(statements, { minLength: 1, maxLength: 4 }), (stages) => {
        const texts = stages.map(
          (placed, index) => `FROM base AS s${String(index)}\nRUN ${placed.map((item) => item.text).join(' && ')}`,
        );
        const { points } = scanned(treeOf({ Dockerfile: `FROM i AS base\n${texts.join('\n')}\n` }), { target: 'base' });
        const wanted = stages.flatMap((placed, index) => {
          const counts = new Map<string, number>();
          return placed.flatMap((item) => item.wants).map(({ kind }) => {
            const count = (counts.get(kind) ?? 0) + 1;
            counts.set(kind, count);
            return `s${String(index)}/${kind}${count === 1 ? '' : `#${String(count)}`}`;
          });
        }); // prettier-ignore
        expect(points.map((point) => point.id)).toEqual(['base/image', ...wanted]);
      }),
      { seed: 32, numRuns: 150 },
    );
  });

  it('the same from run to run', () => {
    fc.assert(
      fc.property(statements, (placed) => {
        const tree = treeOf({ Dockerfile: `FROM i AS base\nRUN ${placed.map((item) => item.text).join(' && ')}\n` });
        expect(scanned(tree, { target: 'base' })).toEqual(scanned(tree, { target: 'base' }));
      }),
      { seed: 33, numRuns: 50 },
    );
  });

  it('and a rewritten anchor is what the next scan finds', () => {
    fc.assert(
      fc.property(statements, (placed) => {
        const text = `FROM i AS base\nRUN ${placed.map((item) => item.text).join(' \\\n && ')}\n`;
        const before = scanned(treeOf({ Dockerfile: text }), { target: 'base' }).points;
        let rewritten = text;
        for (const point of [...before].reverse()) {
          if (point.anchor === null || point.kind === 'image') continue;
          const { start, end } = point.anchor;
          rewritten = `${rewritten.slice(0, start)}https://m.example/${point.anchor.text}${rewritten.slice(end)}`;
        }
        const after = scanned(treeOf({ Dockerfile: rewritten }), { target: 'base' }).points;
        expect(after.map((point) => [point.id, point.line])).toEqual(before.map((point) => [point.id, point.line]));
        for (const point of after) if (point.kind !== 'image') expect(point.host).toBe('m.example');
      }),
      { seed: 34, numRuns: 150 },
    );
  });
});
