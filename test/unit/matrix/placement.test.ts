import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBuilder } from '../../../src/make/engine/builder.ts';
import { whyNotThere } from '../../../src/make/engine/inspect-builder.ts';
import { wayOn, type Way } from '../../../src/make/engine/way.ts';
import { nextCell, type Waiting } from '../../../src/matrix/placement.ts';
import { runCells, type CellEvent } from '../../../src/matrix/run-cells.ts';
import type { Fate } from '../../../src/matrix/fate.ts';

const inspected = (...nodes: string[]): string =>
  `Name:          farm\nDriver:        remote\n\nNodes:\n${nodes
    .map((lines, at) => `Name:      farm${String(at)}\nEndpoint:  tcp://192.0.2.1:1234\n${lines}`)
    .join('\n\n')}\n`;

describe('a builder, as buildx tells of it', () => {
  it('has its nodes, each with its own platform first, and the lowest BuildKit of them', () => {
    const builder = readBuilder(
      inspected(
        'Status:    running\nBuildKit version: v0.18.2\nPlatforms: linux/amd64, linux/amd64/v2, linux/arm64, linux/386',
        'Status:    running\nBuildKit version: v0.9.3\nPlatforms: linux/arm64, linux/arm/v7',
      ),
    );
    expect(builder).toMatchObject({ name: 'farm', driver: 'remote', buildkitVersion: '0.9' });
    expect(builder?.nodes).toMatchObject([
      { name: 'farm0', native: 'amd64', arches: ['amd64', 'arm64', '386'], status: 'running', error: null },
      { name: 'farm1', native: 'arm64', arches: ['arm64', 'arm'] },
    ]);
    expect(builder === null ? '' : whyNotThere(builder)).toBeNull();
  });

  it('takes a starred platform as what the node is for, and says nothing that a node does not say', () => {
    const starred = readBuilder(inspected('Status: running\nPlatforms: linux/arm64*, linux/amd64'));
    expect(starred?.nodes[0]).toMatchObject({ native: 'arm64', arches: ['arm64', 'amd64'] });
    expect(starred?.buildkitVersion).toBeNull();
    const mixed = readBuilder(inspected('Buildkit: v0.12.0\nPlatforms: linux/amd64', 'Status: inactive'));
    expect(mixed?.buildkitVersion).toBeNull();
    expect(mixed?.nodes[1]).toMatchObject({ native: null, arches: [] });
  });

  it.each([
    ['Status: inactive', 'farm0: no BuildKit answers at tcp://192.0.2.1:1234, or its certificates do not fit'],
    ['Error: Get "http://x": context deadline exceeded', 'farm0: Get "http://x": context deadline exceeded'],
  ])('is not there: %s', (lines, why) => {
    const builder = readBuilder(inspected(lines));
    expect(builder === null ? '' : whyNotThere(builder)).toBe(why);
  });
});

const amd = { nodes: readBuilder(inspected('Platforms: linux/amd64, linux/arm64'))?.nodes ?? [] };
const arm = { nodes: readBuilder(inspected('Platforms: linux/arm64'))?.nodes ?? [] };
const riscv = { nodes: readBuilder(inspected('Platforms: linux/riscv64'))?.nodes ?? [] };
const asleep = { nodes: readBuilder(inspected('Status: inactive'))?.nodes ?? [] };

it.each<[typeof amd, string, 'bake' | 'docker-build' | 'docker-run', boolean, Way | null]>([
  [amd, 'amd64', 'docker-build', false, 'native'],
  [amd, 'arm64', 'docker-build', false, 'cross'],
  [arm, 'amd64', 'docker-build', false, 'cross'],
  [amd, 'arm64', 'docker-build', true, 'emulated'],
  [arm, 'amd64', 'docker-build', true, null],
  // Nothing of 19.03 is cross-compiled, and all of 23.0 and later is, whatever is said.
  [amd, 'arm64', 'docker-run', false, 'emulated'],
  [amd, 'arm64', 'bake', true, 'cross'],
  // No compiler is used for these.
  [amd, 's390x', 'docker-build', false, null],
  [riscv, 'arm64', 'docker-build', false, null],
  [amd, 's390x', 'bake', false, 'cross'],
  [arm, 'arm64', 'docker-build', true, 'native'],
  [{ nodes: [...amd.nodes, ...arm.nodes] }, 'arm64', 'docker-build', false, 'native'],
  [asleep, 'amd64', 'bake', false, null],
])('%#: the best way of a builder', (builder, arch, builtBy, emulate, way) => {
  expect(wayOn(builder, { arch, builtBy, emulate })).toBe(way);
});

const waits = (id: string, ways: Readonly<Record<string, Way>>, tried: string[] = [], key = id): Waiting => ({
  ...{ id, tried, key },
  ways: new Map(Object.entries(ways)),
});

describe('which cell a free builder takes', () => {
  const take = (builder: string, waiting: Waiting[], live = ['a', 'b'], keys: string[] = []) =>
    nextCell(builder, waiting, { live, keys })?.id ?? null;

  it('is what it builds best, then what fewest others can build', () => {
    expect(take('a', [waits('1', { a: 'cross' }), waits('2', { a: 'native', b: 'native' })])).toBe('2');
    expect(take('a', [waits('1', { a: 'native', b: 'native' }), waits('2', { a: 'native' })])).toBe('2');
  });

  it('is not one that it would emulate, while a live builder needs not', () => {
    const cell = waits('1', { a: 'emulated', b: 'native' });
    expect(take('a', [cell])).toBeNull();
    expect(take('a', [cell], ['a'])).toBe('1');
    expect(take('b', [cell])).toBe('1');
  });

  it('is not one that it failed, unless there is no other; nor one whose tree is in use', () => {
    const cell = waits('1', { a: 'native', b: 'native' }, ['a']);
    expect(take('a', [cell])).toBeNull();
    expect(take('a', [cell], ['a'])).toBe('1');
    expect(take('b', [waits('2', { b: 'native' }, [], 'k')], ['b'], ['k'])).toBeNull();
  });
});

const built: Fate = { is: 'built', document: {} };
const ended = (is: 'lost' | 'failed', exitCode = 6): Fate => ({
  is,
  document: {},
  error: {
    code: is === 'lost' ? 'builder-lost' : 'build-failed',
    exitCode,
    message: is,
    where: null,
    hint: null,
    command: null,
  },
});

describe('a run of cells', () => {
  const run = async (
    cells: Waiting[],
    build: (id: string, builder: string) => Fate | Promise<Fate>,
    { builders = ['a', 'b'], keepGoing = false, there = true, jobs = 1 } = {},
  ) => {
    const events: CellEvent[] = [];
    const ends = await runCells(
      { cells, builders, jobs, keepGoing },
      {
        build: async (cell, builder) => build(cell.id, builder),
        isThere: () => Promise.resolve(there),
        told: (event) => events.push(event),
      },
    );
    return { ends, events };
  };
  const both = { a: 'native', b: 'native' } as const;

  it('moves a cell whose builder was lost, and not one whose build failed', async () => {
    const { ends } = await run([waits('1', both)], (_, builder) => (builder === 'a' ? ended('lost') : built));
    expect(ends.get('1')).toMatchObject({
      is: 'built',
      tries: [
        { builder: 'a', code: 'builder-lost' },
        { builder: 'b', code: null },
      ],
    });
    const failed = await run([waits('1', both)], () => ended('failed'));
    expect(failed.ends.get('1')).toMatchObject({ is: 'failed', tries: [{ builder: 'a', code: 'build-failed' }] });
  });

  it('gives a builder that is gone nothing more, and says of what only it could build that nobody is left', async () => {
    const cells = ['1', '2', '3'].map((id) => waits(id, id === '3' ? { a: 'native' } : both));
    const { ends, events } = await run(cells, (_, builder) => (builder === 'a' ? ended('lost') : built), {
      there: false,
      keepGoing: true,
    });
    expect(events).toContainEqual({ is: 'dead', builder: 'a' });
    expect(['1', '2'].map((id) => ends.get(id)?.is)).toEqual(['built', 'built']);
    expect(ends.get('3')?.is).toBe('failed');
  });

  it('ends with what was not begun where one fails, and goes on with keepGoing', async () => {
    const cells = ['1', '2', '3', '4'].map((id) => waits(id, { a: 'native' }));
    const stop = await run(cells, (id) => (id === '2' ? ended('failed') : built), { builders: ['a'] });
    expect(['1', '2', '3', '4'].map((id) => stop.ends.get(id)?.is)).toEqual(['built', 'failed', 'left', 'left']);
    const on = await run(cells, (id) => (id === '2' ? ended('failed') : built), { builders: ['a'], keepGoing: true });
    expect(['1', '2', '3', '4'].map((id) => on.ends.get(id)?.is)).toEqual(['built', 'failed', 'built', 'built']);
  });

  it('gives a cell up that is lost three times, and throws what a build throws', async () => {
    const { ends } = await run([waits('1', both)], () => ended('lost'), { builders: ['a'] });
    expect(ends.get('1')?.is).toBe('failed');
    await expect(run([waits('1', both)], () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
  });

  it('gives a slow builder fewer cells', async () => {
    const cells = Array.from({ length: 8 }, (_, at) => waits(String(at), both));
    let turns = 0;
    const { events } = await run(cells, async (_, builder) => {
      // A slow one lets the others have many turns.
      for (let turn = 0; turn < (builder === 'a' ? 40 : 1); turn += 1) await Promise.resolve((turns += 1));
      return built;
    });
    const on = (name: string) => events.filter((event) => event.is === 'started' && event.builder === name).length;
    expect(on('a') + on('b')).toBe(8);
    expect(on('b')).toBeGreaterThan(on('a'));
  });

  it('whatever is lost or fails: each cell ends once, only where it can be built, never beside another of its tree', async () => {
    const way = fc.constantFrom<Way>('native', 'cross', 'emulated');
    const cell = fc.record({
      ways: fc.dictionary(fc.constantFrom('a', 'b', 'c'), way, { minKeys: 1 }),
      key: fc.constantFrom('k', 'l', 'm'),
      fates: fc.array(fc.constantFrom('built', 'lost', 'failed'), { minLength: 3, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.boolean(),
        async (drawn, jobs, keepGoing, there) => {
          const cells = drawn.map(({ ways, key }, at) => waits(String(at), ways, [], key));
          const tries = new Map<string, number>();
          const keys = new Set<string>();
          const atWork = new Map<string, number>();
          const { ends } = await run(
            cells,
            async (id, builder) => {
              const one = cells[Number(id)];
              expect(one?.ways.has(builder)).toBe(true);
              expect(keys.has(one?.key ?? '')).toBe(false);
              keys.add(one?.key ?? '');
              atWork.set(builder, (atWork.get(builder) ?? 0) + 1);
              expect(atWork.get(builder)).toBeLessThanOrEqual(jobs);
              await Promise.resolve();
              keys.delete(one?.key ?? '');
              atWork.set(builder, (atWork.get(builder) ?? 0) - 1);
              const nth = tries.get(id) ?? 0;
              tries.set(id, nth + 1);
              const fate = drawn[Number(id)]?.fates[nth] ?? 'built';
              return fate === 'built' ? built : ended(fate);
            },
            { builders: ['a', 'b', 'c'], jobs, keepGoing, there },
          );
          expect([...ends.keys()].sort()).toEqual(cells.map(({ id }) => id).sort());
          if (keepGoing) expect([...ends.values()].filter(({ is }) => is === 'left')).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
