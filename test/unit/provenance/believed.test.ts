import { describe, expect, it } from 'vitest';
import type { BuildInputs } from '../../../src/inventory/build-inputs.ts';
import { checkStatement } from '../../../src/provenance/check-statement.ts';
import { evidence, inputsOf, installed, lock, make, manifest } from './a-statement.ts';

describe('what mirrors had to be believed', () => {
  const fixed = { ...manifest, components: manifest.components.filter(({ component: of }) => of !== 'tini') };
  const of = (inputs: BuildInputs | null): string => {
    const checks = checkStatement(JSON.stringify(make(fixed, lock, inputs)), { ...evidence, manifest: fixed });
    const { result, seen } = checks.find(({ id }) => id === 'provenance-mirrors') ?? expect.fail('no such check');
    return `${result}: ${seen}`;
  };

  it('a suite is none where each package of it has a digest', () => {
    expect(of(inputsOf())).toMatch(/^ok: /u);
  });

  it.each<[string, BuildInputs | null]>([
    ['packages were not recorded', null],
    ['no package was recorded', inputsOf({ packages: [] })],
    ['steps came from the cache', inputsOf({ cachedSteps: 1 })],
    ['steps said more than was printed', inputsOf({ clippedSteps: 1 })],
  ])('a suite is one where %s', (_, inputs) => {
    expect(of(inputs)).toMatch(/^warning: .*: debian suite bullseye$/u);
  });

  it('packages without a digest are named, and many are counted', () => {
    const packages = Array.from({ length: 20 }, (_, index) => ({
      ...installed,
      name: `lib${String(index)}`,
      sha256: null,
    }));
    expect(of(inputsOf({ packages }))).toMatch(/: lib0, lib1, .*, lib7, 12 more$/u);
  });
});
