import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import { treeOf } from '../../unit/egress/tree.ts';
import { clearPrograms } from './clear-scripts.ts';
import { placed, Recorder, SHELLS } from './run-recorded.ts';
import { programs } from './script-shapes.ts';
import type { Program } from './script-shapes.ts';

/**
 * More scripts, other ones, deeper ones:
 * SCRIPTS=2000 SCRIPT_SEED=7 SCRIPT_DEPTH=4 npx vitest run --project real test/real/egress/ran
 */
const COUNT = Number(process.env['SCRIPTS'] ?? 100);
const SEED = Number(process.env['SCRIPT_SEED'] ?? 61);
const DEPTH = Number(process.env['SCRIPT_DEPTH'] ?? 2);

const recorder = new Recorder();
afterAll(() => {
  recorder.close();
});

/** Stands for every call of a get.sh. */
const ANY_GET = 'idget';

interface Found {
  /** `LINE URL` of each command that fetches; each file of a program has lines of its own. */
  readonly fetches: ReadonlySet<string>;
  /** Texts of calls of which the scanner says that it does not know all. */
  readonly open: readonly string[];
  /** Something is unknown that may run anything. */
  readonly isAny: boolean;
}

function found(program: Program, shell: string): Found {
  const files = Object.fromEntries(Object.entries(placed(program)).map(([path, text]) => [`t/${path}`, text]));
  const Dockerfile = `FROM golang:1 AS base\nFROM base AS s\nWORKDIR /w\nENV W=/w\nCOPY t /w\nRUN ${shell} s.sh\n`;
  const { points, unknown } = scan(treeOf({ Dockerfile, ...files }), { target: 's', arch: 'amd64' });
  const isAddress = (reason: string): boolean => /^the (?:address|remote) .* is not known/s.test(reason);
  // Which get.sh it runs is not known.
  const isGet = (reason: string): boolean =>
    /\bget(?:\.sh)? is (?:taken from|not one of the tree)|^a URL is given to get/.test(reason);
  return {
    fetches: new Set(points.flatMap(({ url, netLines }) => netLines.map((line) => `${String(line)} ${url}`))),
    open: unknown.flatMap(({ reason, text }) => (isAddress(reason) ? [text] : isGet(reason) ? [ANY_GET] : [])),
    isAny: unknown.some(({ reason }) => !isAddress(reason) && !isGet(reason)),
  };
}

/** The line of a program on which the call with this mark stands. */
function lineOf(program: Program, mark: string): number {
  const text = Object.values(placed(program)).find((one) => new RegExp(`\\b${mark}\\b`).test(one)) ?? '';
  return text.slice(0, text.search(new RegExp(`\\b${mark}\\b`))).split('\n').length;
}

/** How often a script, or a call in it, could not be compared. */
class Tally {
  scripts = 0;
  skipped = 0;
  calls = 0;
  open = 0;

  get skippedShare(): number {
    return this.skipped / this.scripts;
  }

  get openShare(): number {
    return this.open / this.calls;
  }
}

/** What ran and was neither found at its line nor told as unknown. */
function missed(program: Program, ran: ReadonlySet<string>, { fetches, open }: Found, tally: Tally): string[] {
  const marked = [...ran].flatMap((record) => {
    const mark = /\bid\w+/.exec(record)?.[0];
    return mark === undefined ? [] : [{ record, mark }];
  });
  return marked.flatMap(({ record, mark }) => {
    tally.calls++;
    if (open.some((text) => (text === ANY_GET ? mark.startsWith('idget') : new RegExp(`\\b${mark}\\b`).test(text)))) {
      tally.open++;
      return [];
    }
    const line = lineOf(program, mark);
    const urls = record.split('|').filter((word) => /^https?:/.test(word));
    // The words behind the address of git are refs.
    const fetched = record.includes('ls-remote') ? urls.slice(0, 1) : urls;
    return fetched
      .filter((url) => !fetches.has(`${String(line)} ${url}`))
      .map((url) => `${record}: ${String(line)} ${url}`);
  });
}

/** Deeper scripts have more that nobody can know. */
const deeper = 0.02 * Math.max(0, DEPTH - 2);
const KINDS = [
  { kind: 'clear', programsOf: clearPrograms, length: 5, count: COUNT, skipped: 0.02 + deeper, open: 0.15 + deeper },
  { kind: 'wild', programsOf: programs, length: 3, count: Math.ceil(COUNT / 5), skipped: 0.25 + deeper, open: 0.65 },
] as const;

describe.each(SHELLS)('whatever %s runs is found', (shell) => {
  it.each(KINDS)('in $kind random scripts', { timeout: 120_000 + COUNT * 3_000 }, async (kind) => {
    const tally = new Tally();
    const compare = async (program: Program): Promise<void> => {
      const result = found(program, shell);
      tally.scripts++;
      if (result.isAny) {
        tally.skipped++;
        return;
      }
      const ran = await recorder.run(program, shell);
      expect(missed(program, ran, result, tally)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(kind.programsOf(DEPTH, kind.length), compare), {
      seed: SEED,
      numRuns: kind.count,
    });
    expect(tally.skippedShare).toBeLessThan(kind.skipped);
    expect(tally.openShare).toBeLessThan(kind.open);
    expect(tally.calls).toBeGreaterThan(2 * kind.count);
  });
});
