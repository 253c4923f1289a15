import { describe, expect, it } from 'vitest';
import { loadCatalogue, type CatalogueEntry } from '../../../../src/mirrors/catalogue/catalogue.ts';
import { operatorOf } from '../../../../src/mirrors/candidates/operator.ts';

describe('whose word a mirror is', () => {
  const entryOf = (id: string): CatalogueEntry => {
    const entry = loadCatalogue().mirrors.find((each) => each.id === id && each.kinds.includes('image'));
    if (entry === undefined) throw new Error(`no ${id}`);
    return entry;
  };
  const keyOf = (id: string): string => operatorOf({ entry: entryOf(id), template: null }).key;

  it('is its operator’s; those whom nobody knows are one', () => {
    expect(keyOf('1ms')).toBe(keyOf('dockerproxy.net'));
    expect(keyOf('daocloud')).not.toBe(keyOf('1panel'));
    expect(keyOf('daocloud')).not.toBe(keyOf('1ms'));
    expect(keyOf('official')).toBe('official');
    expect(operatorOf({ entry: null, template: null }).key).toBe('official');
  });

  it('is the user’s for all that the user names by value', () => {
    const [one, two] = ['a.example/{image}', 'b.example/{image}'].map((text) =>
      operatorOf({ entry: null, template: { kind: 'image', text } }),
    );
    expect(one?.key).toBe(two?.key);
  });
});
