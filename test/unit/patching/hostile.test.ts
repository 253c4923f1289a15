import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import { parseShell } from '../../../src/shell/parse.ts';
import { fileSource } from '../../../src/shell/source.ts';
import type { MirrorKind, Plan, Tree } from '../../../src/types.ts';
import { lightTree } from '../mirrors/fixtures.ts';
import { planFor } from './fixtures.ts';

const HOSTILE = [
  '"',
  "'",
  '`',
  '$(id)',
  '${IFS}',
  '$HOME',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\nRUN id\n',
  ';id',
  '&',
  '&&id',
  '|',
  '|id',
  '#',
  '\\',
  '\\\n',
  '>',
  '<',
  '<<EOT',
  '*',
  '?',
  '[a]',
  '!',
  '^',
  '~',
  '\0',
  '\u001b[31m',
  '\u202e',
  'é',
  '例',
  '😀',
  '{',
  '}',
  '{url}',
  '{image}',
  '{x}',
  '%0a',
  '%24',
  '@',
  ':',
  '..',
  '//',
  '=',
  ',',
  '+',
];
const BASES: Record<MirrorKind, string> = {
  frontend: 'hub.example/{image}',
  image: 'hub.example:5000/a/{image}',
  apt: 'http://apt.example/a',
  'apt-security': 'http://apt.example/a',
  git: 'https://git.example/a/{owner}/{repo}.git',
  gomod: 'https://go.example/a',
  gosumdb: 'sum.example+ce6e7565+AY5qEHUk/qmHc5btzW45JVoENfazw8LielDsaI+lEbq6',
  http: 'https://dl.example/{url}',
  pip: 'https://pip.example/simple',
};

/** A mirror of these kinds is a new instruction. */
const ADDING: ResolveInput['overrides'] = [
  { kind: 'gosumdb', value: BASES.gosumdb },
  { kind: 'pip', value: BASES.pip },
];

/** A plain value with hostile pieces put in anywhere, or something quite else. */
function valueOf(kind: MirrorKind): fc.Arbitrary<string> {
  const base = BASES[kind];
  const spliced = fc
    .array(fc.tuple(fc.nat(base.length), fc.constantFrom(...HOSTILE)), { minLength: 1, maxLength: 3 })
    .map((pieces) => pieces.reduce((text, [at, piece]) => text.slice(0, at) + piece + text.slice(at), base));
  return fc.oneof(
    { weight: 6, arbitrary: spliced },
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constant(base + 'a'.repeat(4000)),
    fc.constant(base),
  );
}

let tree: Tree;
/** The plan with plain values: its shape is what every other must have. */
let plain: Plan;
/** One apt mirror, as a flag names it: no list. */
let plainApt: Plan;
beforeAll(async () => {
  tree = await lightTree();
  plain = planFor(tree, 'cn', { all: true, overrides: ADDING });
  plainApt = planFor(tree, 'cn', { all: true, overrides: [...ADDING, { kind: 'apt', value: 'http://apt.example' }] });
});

/** Which instructions a Dockerfile has and how many words each; which commands a script has. Mirrors may not change it. */
function shapeOf(plan: Plan): unknown {
  return [...plan.after]
    .filter(([path]) => path === 'Dockerfile' || path.endsWith('.installer'))
    .map(([path, { text }]) => {
      if (path !== 'Dockerfile') return [path, count(parseShell(fileSource(path, text)).body)];
      const { globals, stages } = parseDockerfile(text, path);
      const all = [...globals, ...stages.flatMap(({ from, instructions }) => [from, ...instructions])];
      return [path, all.map(({ keyword, words, flags }) => [keyword, words.length, flags.length])];
    });
}

/** The commands of a script and how many words each has. */
function count(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(count);
  if (typeof node !== 'object' || node === null) return null;
  const entries = Object.entries(node);
  if ('kind' in node && node.kind === 'command' && 'words' in node && Array.isArray(node.words))
    return node.words.length;
  return entries.filter(([, value]) => typeof value === 'object').map(([name, value]) => [name, count(value)]);
}

/** Plans, or is refused with exit 2; a plan has the shape of the plain one. */
function plannedOrRefused(flags: Partial<ResolveInput>, like: Plan = plain): 'planned' | 'refused' {
  let plan: Plan;
  try {
    plan = planFor(tree, 'cn', { all: true, ...flags });
  } catch (error) {
    if (!(error instanceof MobyBuildError)) throw error;
    expect(error.exitCode).toBe(2);
    return 'refused';
  }
  expect(shapeOf(plan)).toEqual(shapeOf(like));
  return 'planned';
}

describe('a mirror value never becomes syntax', () => {
  const kinds = Object.keys(BASES) as MirrorKind[];
  it.each(kinds)('%s: exit 2, or plain data that the proof scan finds', (kind) => {
    const seen = { planned: 0, refused: 0 };
    const judge = (value: string): void => {
      const overrides = [{ kind, value }, ...ADDING.filter((other) => other.kind !== kind)];
      seen[plannedOrRefused({ overrides }, kind === 'apt' ? plainApt : plain)] += 1;
    };
    for (const piece of HOSTILE) judge(BASES[kind] + piece);
    judge(BASES[kind]);
    fc.assert(fc.property(valueOf(kind), judge), { seed: 20_10_12, numRuns: 20, endOnFailure: true });
    expect(seen.refused).toBeGreaterThan(40);
    expect(seen.planned).toBeGreaterThan(0);
  });

  it('--image: exit 2, or plain data', () => {
    const reference = fc
      .array(fc.tuple(fc.nat(26), fc.constantFrom(...HOSTILE)), { maxLength: 2 })
      .map((pieces) =>
        pieces.reduce((text, [at, piece]) => text.slice(0, at) + piece + text.slice(at), 'hub.example/a/vpnkit:0.5.0'),
      );
    let refused = 0;
    fc.assert(
      fc.property(reference, (value) => {
        const how = plannedOrRefused({
          images: { 'djs55/vpnkit': value },
          overrides: ADDING,
        });
        if (how === 'refused') refused += 1;
      }),
      { seed: 1, numRuns: 30, endOnFailure: true },
    );
    expect(refused).toBeGreaterThan(10);
  });
});
