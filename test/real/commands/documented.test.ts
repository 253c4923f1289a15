import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentedImage } from '../../../src/mirrors/catalogue/documented.ts';
import { imageRegistry, type RegistrySays } from '../mirrors/image-registry.ts';
import { ImageWorlds, type World } from './image-world.ts';
import { Stage, type Ran } from './stage.ts';

/** The images of the default line where a public source is a witness beside the mirrors. */
const stage = new Stage();
const worlds = new ImageWorlds(stage);
afterAll(async () => {
  await worlds.close();
  stage.remove();
});
beforeEach(() => {
  worlds.asked = [];
  rmSync(join(stage.dir, 'cache'), { recursive: true, force: true });
});

const dryRun = ({ line }: World, ...more: string[]): Promise<Ran> =>
  stage.run(['build', '--dry-run', ...line, ...more]);
const [GOLANG, VPNKIT] = ['docker.io/library/golang:1.16.12-buster', 'docker.io/djs55/vpnkit:0.5.0'];
const { digest: TRUE } = imageRegistry();

/** Both images, written of by so many sources. */
const writtenBy = (count: number, more: Partial<DocumentedImage['digests'][number]> = {}): DocumentedImage[] =>
  [GOLANG, VPNKIT].map((reference) => ({
    reference,
    digests: [
      {
        ...{ digest: TRUE, kind: 'index', seen: '2022-05', last: true, preferred: true, unnamed: 0 },
        sources: Array.from({ length: count }, (_, at) => ({ at: `https://github.com/owner${String(at)}/r/pull/1` })),
        ...more,
      },
    ],
  }));

/** Shaped like those of the default line: one with an allow-list, two whose operators nobody knows. */
const FIVE: readonly (readonly [string, RegistrySays?])[] = [
  ['DaoCloud', { has: /golang/u }],
  ['1ms.run (unknown)'],
  ['unknown'],
  ['1Panel'],
  ['another (unknown)'],
];
const PAIRS = FIVE.flatMap((_, first) =>
  FIVE.flatMap((__, second): [number, number][] => (first < second ? [[first, second]] : [])),
);

describe('the default line', () => {
  it.each(PAIRS)('works with mirrors %i and %i of five dead', async (first, second) => {
    const alive = FIVE.map(([operator, says = {}], index): readonly [string, RegistrySays] => [
      operator,
      index === first || index === second ? { dead: true } : says,
    ]);
    const { status, stdout, stderr } = await dryRun(await worlds.make(alive, null, writtenBy(1)));
    expect(stderr).not.toContain('image-not-known');
    expect(status).toBe(0);
    expect(stdout.match(new RegExp(`(?:golang:1.16.12-buster|vpnkit:0.5.0)@${TRUE}`, 'gu'))?.length).toBeGreaterThan(1);
  });

  it('ends with exit 5 where no source is a witness, and DaoCloud’s list and a dead operator leave one', async () => {
    const two = FIVE.map(([operator, says = {}], index): readonly [string, RegistrySays] => [
      operator,
      index === 3 ? { dead: true } : says,
    ]);
    // The package's own table names the genuine digests, which these registries do not have.
    const { status, stderr } = await dryRun(await worlds.make(two));
    expect(status).toBe(5);
    expect(stderr).toContain(`Nobody who can be believed says what ${VPNKIT} is`);
    expect(stderr).toContain('publicly documented: sha256:d9aef9df57ed');
  });
});

describe('a documented digest', () => {
  it('that sources enough name is asked for by digest, also where no tag is listed', async () => {
    const unlisted = { unlisted: /\/manifests\/(?!sha256:)/u };
    const one = await worlds.make([['Acme', unlisted]], null, writtenBy(2));
    const { status, stdout } = await dryRun(one);
    expect(status).toBe(0);
    expect(stdout).toContain(`vpnkit:0.5.0@${TRUE}`);
    expect(worlds.asked.filter((path) => /manifests\/(?:1\.16|0\.5)/u.test(path))).toEqual([]);
  });

  it('is fallen back on where its tag may have moved on and the mirrors say too little', async () => {
    const differ: (readonly [string, RegistrySays?])[] = [['Acme'], ['Umbrella', { edition: 'new' }]];
    const two = await worlds.make(differ, null, writtenBy(2, { last: false }));
    const { status, stdout } = await dryRun(two);
    expect(status).toBe(0);
    expect(stdout).toContain(`vpnkit:0.5.0@${TRUE}`);
  });

  it.each<[string, number, (readonly [string, RegistrySays?])[], number, RegExp]>([
    ['one mirror, by one source', 1, [['Acme', { edition: 'bad' }]], 5, /publicly documented: sha256:/u],
    ['one mirror, by two sources', 2, [['Acme', { edition: 'bad' }]], 5, /its tag is sha256:/u],
    [
      'two mirrors, by two sources',
      2,
      [
        ['Acme', { edition: 'bad' }],
        ['B', { edition: 'bad' }],
      ],
      5,
      /its tag is sha256:/u,
    ],
    [
      'two mirrors, by one source',
      1,
      [
        ['Acme', { edition: 'bad' }],
        ['B', { edition: 'bad' }],
      ],
      0,
      /warning: .* is taken as .*publicly documented as/u,
    ],
    ['a second mirror, by one source', 1, [['Acme'], ['B', { edition: 'bad' }]], 0, /warning: .*not from r1 \(B\)/u],
    [
      'a second mirror, by two sources',
      2,
      [['Acme'], ['B', { edition: 'bad' }]],
      0,
      /warning: .*not from r1 \(B\).*its tag is/u,
    ],
  ])('that contradicts %s, is told', async (_, sources, registries, status, words) => {
    const ran = await dryRun(await worlds.make(registries, null, writtenBy(sources)));
    expect(ran.status).toBe(status);
    expect(ran.stderr).toMatch(words);
  });
});
