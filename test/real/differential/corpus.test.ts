import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { expand } from '../../../src/dockerfile/text/expand.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { dockerfiles } from '../../support/corpus-dockerfile.mjs';
import { dockerfileWords, shellScripts } from '../../support/corpus-shell.mjs';
import { attempt } from './compare-dockerfile.ts';
import type { Compared, Item } from './setup.ts';
import { ask, compareAll, report, withOracle } from './setup.ts';

const COUNT = Number(process.env['MOBY_BUILD_CORPUS'] ?? 750);
const SEED = 20_221_109;
/** Damaged texts have up to this many changes. */
const CHANGES = 4;

function sample(kind: Item['kind'], changes: number): Promise<Compared[]> {
  const texts = fc.sample(kind === 'shell' ? shellScripts(changes) : dockerfiles(changes), {
    seed: SEED + changes,
    numRuns: COUNT,
  });
  return compareAll(texts.map((text, index) => ({ kind, name: `#${String(index)}`, text })));
}

/** The share of texts that BuildKit or mvdan.cc/sh accepts: a corpus that is all refused, or never, would prove little. */
function accepted(compared: readonly Compared[]): number {
  return compared.filter((item) => item.answer.error === undefined).length / compared.length;
}

describe('our parsers read generated texts as BuildKit and mvdan.cc/sh do, or both refuse', () => {
  for (const kind of ['dockerfile', 'shell'] as const) {
    withOracle(`${kind}: well-formed pieces`, async () => {
      const compared = await sample(kind, 0);
      expect(accepted(compared)).toBeGreaterThan(0.75);
      expect(report(compared)).toEqual([]);
    });

    withOracle(`${kind}: damaged in up to ${String(CHANGES)} places`, async () => {
      const compared = await sample(kind, CHANGES);
      expect(accepted(compared)).toBeGreaterThan(0.4);
      expect(accepted(compared)).toBeLessThan(0.9);
      expect(report(compared)).toEqual([]);
    });
  }

  withOracle('words of a Dockerfile expand to the same value', async () => {
    const env: Record<string, string> = { X: 'x/y.z', EMPTY: '' };
    for (const escape of ['\\', '`']) {
      const words = fc.sample(dockerfileWords(), { seed: SEED, numRuns: COUNT });
      const answers = await ask(words.map((text) => ({ kind: 'expand', text, args: env, escape })));
      const differing = words.flatMap((text, index) => {
        const ours = attempt(() => expand(text, (name) => env[name], escape));
        const { value, error } = answers[index] ?? {};
        // Row `newer-modifiers` of docs/parsers.md.
        if (error !== undefined && /missing ':' in substitution/.test(error.message)) return [];
        const mine = ours instanceof MobyBuildError ? null : ours;
        return mine === (value ?? null) ? [] : [{ text, ours: mine ?? 'refused', theirs: value ?? error?.message }];
      });
      expect(differing).toEqual([]);
      expect(answers.filter((answer) => answer.error === undefined).length).toBeGreaterThan(COUNT / 4);
    }
  });
});
