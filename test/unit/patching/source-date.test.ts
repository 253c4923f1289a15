import { beforeAll, describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { sourceDate, takesSourceDate, type SourceDateInput } from '../../../src/patching/source-date.ts';
import type { Plan, Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';
import { changedLines, planFor, treeAfterPlan } from './fixtures.ts';

const NAME = 'SOURCE_DATE_EPOCH';
const BASE: SourceDateInput = { wanted: true, buildArgs: {}, env: {}, committed: 1_700_000_000 };

describe('the time that is stamped', () => {
  it.each<[string, Partial<SourceDateInput>, string | null]>([
    ['the commit’s', {}, '1700000000'],
    ['none, where nothing tells it', { committed: null }, null],
    ['the environment’s before the commit’s', { env: { [NAME]: '5' } }, '5'],
    ['an empty variable says nothing', { env: { [NAME]: '' } }, '1700000000'],
    ['the build argument before the environment', { env: { [NAME]: '5' }, buildArgs: { [NAME]: '6' } }, '6'],
    ['a time without a commit', { committed: null, env: { [NAME]: '0' } }, '0'],
    ['that of the build, where it is not wanted', { wanted: false, env: { [NAME]: '5' } }, null],
    ['what is not wanted is not judged', { wanted: false, env: { [NAME]: 'x' } }, null],
  ])('%s', (_, input, expected) => {
    expect(sourceDate({ ...BASE, ...input })).toBe(expected);
  });

  it.each(['yesterday', '-1', '1.5', '1e9', '9'.repeat(13), '1700000000\n', '$(date +%s)'])('is not %j', (text) => {
    for (const input of [{ env: { [NAME]: text } }, { buildArgs: { [NAME]: text } }])
      expect(failureOf(() => sourceDate({ ...BASE, ...input }))).toMatchObject({
        code: 'bad-source-date',
        exitCode: 2,
      });
  });
});

it.each([
  ['FROM a AS build\nARG DOCKER_GITCOMMIT=HEAD\nRUN make\n', true],
  ['FROM a AS build\nARG DOCKER_GITCOMMIT\nRUN make\n', true],
  ['FROM a AS build\nARG DOCKER_GITCOMMITS\nRUN make\n', false],
  ['FROM a AS build\nRUN make\n', false],
  ['FROM a AS b\nARG DOCKER_GITCOMMIT\nFROM a AS c\nARG DOCKER_GITCOMMIT\n', false],
])('%j has one place for it: %s', (text, expected) => {
  expect(takesSourceDate(parseDockerfile(text, 'Dockerfile'))).toBe(expected);
});

describe('the patch', () => {
  let tree: Tree;
  beforeAll(async () => {
    tree = await lightTree();
  });
  const planned = (source: Tree, sourceDate: string | null, profile = 'cn'): Plan =>
    planFor(source, profile, {}, { sourceDate });
  const isOfTime = (line: string): boolean => line.includes(NAME);

  it('brings the time to the step that compiles, and the command gives it', () => {
    const plan = planned(tree, '1700000000');
    expect(plan.buildArgs[NAME]).toBe('1700000000');
    expect((changedLines(tree, plan)['Dockerfile'] ?? []).filter(isOfTime)).toEqual([`+ARG ${NAME}`]);
    expect(plan.patches.filter(({ name }) => name.includes('time-of-the-source'))).toHaveLength(1);
    expect(plan.after.get('Dockerfile')?.text).toContain(`ARG ${NAME}\nARG DOCKER_GITCOMMIT`);
  });

  it('is not made the second time, and the time is given all the same', () => {
    const again = planned(treeAfterPlan(tree, planned(tree, '5')), '5');
    expect(again.patches).toEqual([]);
    expect(again.buildArgs[NAME]).toBe('5');
  });

  it.each<[string, (source: Tree) => Plan]>([
    ['no time is known', (source) => planned(source, null)],
    ['the profile is the recipe', (source) => planned(source, '5', '163')],
    [
      'no place takes it',
      (source) => planned(edited(source, 'Dockerfile', [['ARG DOCKER_GITCOMMIT', 'ARG OTHER']]), '5'),
    ],
  ])('is left out where %s', (_, plan) => {
    const { buildArgs, patches } = plan(tree);
    expect(buildArgs).not.toHaveProperty(NAME);
    expect(patches.filter(({ name }) => name.includes('time-of-the-source'))).toEqual([]);
  });
});
