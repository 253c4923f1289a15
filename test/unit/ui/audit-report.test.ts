import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditReport, TreeAuditReport } from '../../../src/commands/audit/audit-report.ts';
import { driftOf } from '../../../src/egress/drift.ts';
import { EGRESS_KINDS, type MetPoint } from '../../../src/types.ts';
import { createColours } from '../../../src/ui/colours.ts';
import { cutMiddle } from '../../../src/ui/fit-table.ts';
import { code } from '../../../src/ui/markdown-table.ts';
import { presentAudit } from '../../../src/commands/audit/present-audit.ts';
import { plan, point } from './plan-fixture.ts';

const plain = createColours(false);

function audit(points: readonly MetPoint[], changes: Partial<TreeAuditReport['audit']> = {}): TreeAuditReport['audit'] {
  const { ref, commit, series, target, platform, profile, totals } = plan(points);
  const facts = { syntax: null, goVersion: null, suite: null, baseImage: null };
  const scan = { target, platform, points, unknown: [], stages: [], facts };
  return {
    ...{ ref, commit, series, target, platform, profile, totals, points, unknown: [], notes: [] },
    ...{ rewritten: null, scan, scanOptions: { target, arch: 'arm64' } },
    ...changes,
  };
}

const line = ['audit', '--source', '/a clone', '--tags', 'v20.10.*', '--profile', 'cn'];
const shape = { command: 'audit', format: 'table', all: false, notes: [] } as const;
const shown = (report: AuditReport, columns = 80) =>
  presentAudit(report, { colours: plain, columns }, { colours: plain, quiet: false, line });
const tree = (points: readonly MetPoint[], changes: Partial<TreeAuditReport> = {}): TreeAuditReport => ({
  ...shape,
  form: 'tree',
  audit: audit(points),
  ...changes,
});
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

const open = point({
  id: 'base/image',
  stage: 'base',
  file: 'Dockerfile',
  line: 14,
  kind: 'image',
  via: 'none',
  mirror: null,
});
const outside = point({ id: 'docs/http', stage: 'docs', line: 99, inClosure: false, url: 'https://outside.example/x' });

describe('audit of one tree', () => {
  it('shows each point of the closure below its stage, totals, and exits 4 after all of it when one is not resolved', () => {
    const { stdout, closing, exitCode, error } = shown(tree([point({}), open, outside]));
    expect(stdout).toMatch(/^rootlesskit\n {2}rootlesskit\.installer:12 +git +github\.com\/\S+ +mirror ghfast$/mu);
    expect(stdout).toMatch(/^base\n {2}Dockerfile:14 +image .* unresolved$/mu);
    expect(stdout).not.toContain('outside.example/x');
    expect(stdout).toContain('1 more egress point is outside the closure of binary (--all lists them).');
    expect(stdout).toMatch(/^kind +closure +outside +unmet$/mu);
    expect(stdout).toMatch(/^git +1 +1 +0$/mu);
    expect(exitCode).toBe(4);
    expect(error).toMatchObject({ code: 'uncovered', where: 'Dockerfile:14' });
    expect(closing).toContain("next: moby-build audit --source '/a clone' --tags 'v20.10.*' --profile upstream\n");
  });

  it('is content when all are met; --all lists the rest', () => {
    const { stdout, exitCode } = shown(tree([point({}), outside], { all: true }));
    expect(stdout).toContain('docs (outside the closure)');
    expect(exitCode).toBe(0);
  });

  it('says with --all why a place outside the closure is left', () => {
    const reason = `${'a mirror does not stand for that host; '.repeat(4)}none does`;
    const left = { ...outside, via: 'none', mirror: null, reason } as const;
    const { stdout, exitCode } = shown(tree([point({}), left, { ...left, id: 'docs/http#2', line: 7 }], { all: true }));
    expect(stdout).toMatch(/^2 outside the closure are left as the tree has them:$/mu);
    expect(stdout.replaceAll(/\n {4}/gu, ' ')).toContain(`:99 git ${reason}\n`);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(exitCode).toBe(0);
    expect(shown(tree([point({}), left])).stdout).not.toContain('left as');
  });

  it('takes an unknown place in the closure for worse than one outside', () => {
    const place = { file: 'Dockerfile', line: 7, stage: 'base', text: 'x', reason: 'why' };
    const unknown = (inClosure: boolean) => tree([], { audit: audit([], { unknown: [{ ...place, inClosure }] }) });
    expect(shown(unknown(true))).toMatchObject({ exitCode: 4, error: { code: 'unknown-place' } });
    expect(shown(unknown(false)).exitCode).toBe(0);
    expect(shown(unknown(false)).stdout).toContain('Dockerfile:7 base: why: x');
  });

  it('lets no escape code of a tree reach the terminal', () => {
    const { stdout } = shown(tree([point({ url: 'https://x.example/\u001b[2J', stage: 'a\u001b]0;b' })]));
    expect(stdout).not.toContain('\u001b');
  });
});

describe('no line is wider than the terminal', () => {
  const text = fc.string({ minLength: 1, maxLength: 150 });
  const points = fc.array(
    fc.record({
      file: text,
      line: fc.integer({ min: 1, max: 99_999 }),
      stage: text,
      kind: fc.constantFrom(...EGRESS_KINDS),
      url: text,
      host: text,
      inClosure: fc.boolean(),
      mirror: fc.option(text),
    }),
    { maxLength: 8 },
  );
  it.each([60, 80, 132])('%i columns', (columns) => {
    fc.assert(
      fc.property(points, points, (before, after) => {
        const [a, b] = [before.map((facts) => point(facts)), after.map((facts) => point(facts))];
        const drift = driftOf(a, b);
        for (const report of [
          tree(a, { all: true }),
          { ...shape, all: true, form: 'drift', from: audit(a), to: audit(b), drift } as const,
        ])
          expect(widest(shown(report, columns).stdout)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 25, seed: 20 },
    );
  });
});

describe('markdown', () => {
  it.each([
    ['<debian default>', '`<debian default>`'],
    ['a|b', '`a\\|b`'],
    ['a`b', '`` a`b ``'],
    ['a\nb', '`a\ufffdb`'],
  ])('%j is the code %s', (raw, written) => {
    expect(code(raw)).toBe(written);
  });

  it('has as many cells in each row as in the head, whatever stands in them, and cuts nothing', () => {
    const url = `https://x.example/${'long'.repeat(60)}|q`;
    const { stdout } = shown(tree([point({ url }), open], { format: 'markdown' }));
    expect(stdout).toContain(url.replace('|', '\\|'));
    expect(stdout).toContain('**unresolved**');
    const rows = stdout.split('\n').filter((line) => line.startsWith('| '));
    const cells = (row: string) => row.split(/(?<!\\)\|/u).length;
    expect(rows.slice(0, 4).map(cells)).toEqual([8, 8, 8, 8]);
  });
});

it.each([
  ['github.com/opencontainers/runc', 12, 'github…/runc'],
  ['short', 12, 'short'],
  ['abc', 1, '…'],
])('%j in %i columns is %j', (text, width, cut) => {
  expect(cutMiddle(text, width)).toBe(cut);
});
