import { describe, expect, it } from 'vitest';
import { parseRules } from '../../../src/patching/rules/own-rules.ts';
import { RULES } from './fixtures.ts';

const RULE = `concern: x
order: 1
slug: x
subject: a subject
reason: a reason
rules:
  - id: x-rule
    operation: delete-line
    points: { kinds: [frontend], decided: dropped }
    times: per-point
`;

function parse(...texts: string[]) {
  return parseRules(new Map(texts.map((text, index) => [`patches/${String(index)}.yaml`, text])));
}

describe('rules', () => {
  it('are read', () => {
    expect(parse(RULE)[0]?.rules[0]).toMatchObject({ id: 'x-rule', when: [], operation: 'delete-line' });
  });

  it.each([
    [
      'an operation that does not exist',
      RULE.replace('delete-line', 'run-shell'),
      /patches\/0\.yaml .*rules\.0\.operation/,
    ],
    ['a condition that does not exist', RULE.replace('    times', '    when: [moon]\n    times'), /rules\.0\.when\.0/],
    ['no count', RULE.replace('    times: per-point\n', ''), /rules\.0\.times/],
    ['a count of none', RULE.replace('per-point', '0'), /rules\.0\.times/],
    ['a member that nobody reads', RULE.replace('    times', '    put: x\n    times'), /put/],
    ['a subject of two lines', RULE.replace('a subject', '"a\\nb"'), /subject/],
    [
      'a pattern that is none',
      RULE.replace(
        /operation: delete-line\n.*\n/,
        "operation: delete-instruction\n    at: { stage: base, instruction: RUN, text: '(' }\n",
      ),
      /regular expression/,
    ],
  ])('%s is refused with its place', (_, text, words) => {
    expect(() => parse(text)).toThrow(words);
  });

  it('have names of their own', () => {
    expect(() => parse(RULE, RULE)).toThrow('x-rule');
  });

  it('stand in the order of their patches', () => {
    expect(
      parse(RULE.replace('order: 1', 'order: 2').replaceAll('x', 'b'), RULE.replaceAll(': x', ': a')).map(
        ({ order }) => order,
      ),
    ).toEqual([1, 2]);
  });

  it('that come with the product stand in an order of their own', () => {
    expect(new Set(RULES.concerns.map(({ order }) => order)).size).toBe(RULES.concerns.length);
  });
});
