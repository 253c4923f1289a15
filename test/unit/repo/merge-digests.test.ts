import { describe, expect, it } from 'vitest';
import { mergeDigests, tableText } from '../../../scripts/merge-digests.ts';
import { digestTableSchema, type DigestTable } from '../../../src/mirrors/catalogue/documented.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const EMPTY: DigestTable = { schema: 'moby-build/image-digests/v2', gathered: '2026-01-01', images: [] };
const row = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{
    reference: 'docker.io/library/golang:1',
    digest: A,
    kind: 'index',
    seen: '2026-02-01',
    standing: 'last',
    prefer: true,
  },
  sources: [{ repo: 'a/b', path: 'x/Dockerfile', commit: 'c'.repeat(40), date: '2026-02-01' }],
  ...more,
});
const file = (...images: unknown[]): string => JSON.stringify({ schema: 'digests/v1', gathered: '2026-03-01', images });
const unnamed = { address: 'a public file whose repository is not known' };

describe('a file of documented digests', () => {
  it('is merged: sources by their address, unnamed ones counted, the newest day kept', () => {
    const first = mergeDigests(EMPTY, file(row({ sources: [unnamed, unnamed] })), 'one.json');
    const { table, problems } = mergeDigests(first.table, file(row({ seen: '2026-02-03' })), 'two.json');
    expect([first.problems, problems]).toEqual([[], []]);
    expect(table.gathered).toBe('2026-03-01');
    expect(table.images).toEqual([
      {
        reference: 'docker.io/library/golang:1',
        digests: [
          {
            ...{ digest: A, kind: 'index', seen: '2026-02-03', last: true, preferred: true, unnamed: 2 },
            sources: [{ at: `https://github.com/a/b/blob/${'c'.repeat(40)}/x/Dockerfile` }],
          },
        ],
      },
    ]);
    expect(mergeDigests(table, file(row({ seen: '2026-02-03' })), 'two.json').table).toEqual(table);
    expect(digestTableSchema.parse(JSON.parse(tableText(table)))).toEqual(table);
  });

  it('leaves out what is of one platform, and says so', () => {
    const { table, leftOut } = mergeDigests(
      EMPTY,
      file(row({ standing: 'platform', kind: 'manifest', prefer: false })),
      'f.json',
    );
    expect(table.images).toEqual([]);
    expect(leftOut).toEqual([expect.stringContaining('f.json: images.0')]);
  });

  it.each<[string, unknown[], RegExp]>([
    ['a digest that is none', [row({ digest: 'sha256:abc' })], /^f\.json: images\.0\.digest: is sha256:/u],
    ['a digest in capitals', [row(), row({ digest: A.toUpperCase() })], /images\.1\.digest/u],
    ['a reference without a tag', [row({ reference: 'docker.io/library/golang' })], /images\.0\.reference/u],
    ['no source', [row({ sources: [] })], /images\.0\.sources: has no source/u],
    [
      'a commit that is none',
      [row({ sources: [{ repo: 'a/b', path: 'x', commit: 'main' }] })],
      /images\.0\.sources\.0/u,
    ],
    ['the same twice', [row(), row()], /images\.1: .* already, in images\.0/u],
    ['two that are the last', [row(), row({ digest: B })], /images\.1: .* was last both/u],
    [
      'two that are preferred',
      [row({ standing: 'late' }), row({ digest: B, standing: 'late' })],
      /images\.1: .* are preferred/u,
    ],
    ['no row', ['x'], /images\.0/u],
  ])('is refused as a whole with %s', (_, rows, words) => {
    const { table, problems } = mergeDigests(EMPTY, file(row({ reference: 'docker.io/x/y:1' }), ...[]), 'ok.json');
    expect(problems).toEqual([]);
    const refused = mergeDigests(table, file(...rows), 'f.json');
    expect(refused.problems.join('\n')).toMatch(words);
    expect(refused.table).toBe(table);
  });

  it('is refused where it contradicts the table', () => {
    const { table } = mergeDigests(EMPTY, file(row()), 'one.json');
    expect(mergeDigests(table, file(row({ digest: B })), 'two.json').problems).toEqual([
      `two.json: images.0: docker.io/library/golang:1 was last both ${A} and ${B}`,
    ]);
    expect(mergeDigests(table, file(row({ kind: 'manifest' })), 'two.json').problems.join('')).toContain(
      'both index and manifest',
    );
  });

  it.each([
    ['no JSON', '{', 'is no JSON'],
    ['another schema', '{"schema":"digests/v9","gathered":"2026-01-01","images":[]}', 'f.json.schema'],
  ])('is refused as %s', (_, text, words) => {
    expect(mergeDigests(EMPTY, text, 'f.json').problems.join('')).toContain(words);
  });
});
