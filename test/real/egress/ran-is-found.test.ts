import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import { treeOf } from '../../unit/egress/tree.ts';
import { Recorder, SHELLS } from './run-recorded.ts';
import { programs } from './script-shapes.ts';
import type { Program } from './script-shapes.ts';

/** More scripts, other ones, larger ones: SCRIPTS=2000 SCRIPT_SEED=7 SCRIPT_DEPTH=4 npx vitest run --project real test/real/egress/ran */
const COUNT = Number(process.env['SCRIPTS'] ?? 60);
const SEED = Number(process.env['SCRIPT_SEED'] ?? 61);
const DEPTH = Number(process.env['SCRIPT_DEPTH'] ?? 2);

const recorder = new Recorder();
afterAll(() => {
  recorder.close();
});

interface Found {
  readonly urls: ReadonlySet<string>;
  /** Texts of calls whose address is told as unknown. */
  readonly open: readonly string[];
  /** Something else is told as unknown: anything may run. */
  readonly isAny: boolean;
}

function found(program: Program, shell: string): Found {
  const files = Object.fromEntries(Object.entries(program.files).map(([path, text]) => [`t/${path}`, text]));
  const Dockerfile = `FROM golang:1 AS base\nFROM base AS s\nWORKDIR /w\nCOPY t /w\nRUN ${shell} s.sh\n`;
  const { points, unknown } = scan(treeOf({ Dockerfile, ...files }), { target: 's', arch: 'amd64' });
  const isAddress = (reason: string): boolean => /^the (?:address|remote) .* is not known/.test(reason);
  return {
    urls: new Set(points.map((point) => point.url)),
    open: unknown.filter(({ reason }) => isAddress(reason)).map(({ text }) => text),
    isAny: unknown.some(({ reason }) => !isAddress(reason)),
  };
}

/** What ran and was neither found nor told as unknown. */
function missed(lines: Iterable<string>, { urls, open }: Found): string[] {
  return [...lines].filter((line) => {
    const mark = /\bid\w+/.exec(line)?.[0] ?? 'none';
    const isOpen = open.some((text) => new RegExp(`\\b${mark}\\b`).test(text));
    const fetched = line.split('|').filter((word) => /^https?:/.test(word));
    return !isOpen && fetched.some((one) => !urls.has(one));
  });
}

describe('whatever a shell runs is found', () => {
  it.each(SHELLS)('in random scripts, by %s', async (shell) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(programs(DEPTH, 3), async (program) => {
        const result = found(program, shell);
        if (result.isAny) return;
        const lines = await recorder.run(program, shell);
        compared += lines.size;
        expect(missed(lines, result)).toEqual([]);
      }),
      { seed: SEED, numRuns: COUNT },
    );
    expect(compared).toBeGreaterThan(COUNT);
  });
});
