import { beforeAll, describe, expect, it } from 'vitest';
import { scan } from '../../../src/egress/scan.ts';
import { handArguments, isReadByScripts } from '../../../src/patching/hand-arguments.ts';
import { argumentSource } from '../../../src/run/plan/argument-source.ts';
import { SERIES } from '../../../src/moby/series-table.ts';
import type { Sourced } from '../../../src/run/stage/stages.ts';
import type { Note, Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';
import { RULES } from './fixtures.ts';

let tree: Tree;
beforeAll(async () => {
  const light = await lightTree();
  const script = light.get('hack/make/.binary')?.text ?? '';
  tree = edited(light, 'hack/make/.binary', [[script, `${script}\n: "$DOCKER_LDFLAGS" \${BUILDFLAGS}\n`]]);
});

/** What `--build-arg` comes to for target binary. */
function handed(buildArgs: Readonly<Record<string, string>>, series = '20.10') {
  const notes: Note[] = [];
  const from = {
    options: { buildArgs, arch: 'amd64' },
    source: { files: tree, series: SERIES.find(({ name }) => name === series) },
    target: { name: 'binary', stage: 'binary', buildArgs: {} },
    crossing: [],
  } as unknown as Sourced & { readonly crossing: [] };
  const { source, crossing } = argumentSource(from, { note: (...more) => notes.push(...more) });
  return { text: source.files.get('Dockerfile')?.text ?? '', patches: crossing, notes };
}

describe('build arguments that no ARG names', () => {
  it('become ARGs of the stage that runs hack/make.sh, where its scripts read them', () => {
    const { text, patches, notes } = handed({ DOCKER_LDFLAGS: '-s -w', BUILDFLAGS: '-x', PRODUCT: 'mine' });
    expect(text).toMatch(/^FROM \S+ AS build-binary\nARG DOCKER_LDFLAGS\nARG BUILDFLAGS$/mu);
    expect(patches.map(({ name }) => name)).toEqual(['0001-build-arguments.patch']);
    expect(notes).toEqual([]);
    // The egress points are those of the tree before.
    const places = (of: Tree) =>
      scan(of, { target: 'binary', arch: 'amd64' }).points.map(({ id, url }) => `${id} ${url}`);
    expect(places(new Map([...tree, ['Dockerfile', { text, mode: '100644' }]]))).toEqual(places(tree));
  });

  it.each([
    ['NONSENSE', undefined],
    ['GO_VERSOIN', 'Did you mean GO_VERSION?'],
  ])('%s, which nothing reads, is told', (name, hint) => {
    const { patches, notes } = handed({ [name]: '1' });
    expect(patches).toEqual([]);
    expect(notes).toMatchObject([
      { level: 'warning', code: 'build-arg-unheard', ...(hint === undefined ? {} : { hint }) },
    ]);
    expect(notes[0]?.message).toContain(name);
  });

  it.each(['HTTPS_PROXY', 'BUILDKIT_CACHE_MOUNT_NS', 'SOURCE_DATE_EPOCH', 'TARGETARCH'])(
    '%s is BuildKit’s own',
    (name) => {
      expect(handed({ [name]: '1' })).toMatchObject({ patches: [], notes: [] });
    },
  );

  it('are left to bake from 23.0 on, which hands over what its file names', () => {
    const { patches, notes } = handed({ DOCKER_LDFLAGS: '-s' }, '27');
    expect(patches).toEqual([]);
    expect(notes).toMatchObject([{ code: 'build-arg-unheard' }]);
  });

  it('are refused with the place where no stage runs the scripts', () => {
    const without = edited(tree, 'Dockerfile', [
      ['AS build-binary', 'AS built'],
      ['AS build-dynbinary', 'AS dynbuilt'],
    ]);
    expect(failureOf(() => handArguments(without, RULES, ['BUILDFLAGS'], 0))).toMatchObject({ code: 'rule-mismatch' });
  });

  it('are looked for as whole names', () => {
    expect(isReadByScripts(tree, 'DOCKER_LDFLAGS')).toBe(true);
    expect(isReadByScripts(tree, 'DOCKER_LD')).toBe(false);
  });
});
