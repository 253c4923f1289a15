import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../../src/mirrors/candidates/candidates.ts';
import { loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import { excluding, type Exclusion } from '../../../src/mirrors/probe/exclusion.ts';
import { nameOf } from '../../../src/mirrors/candidates/locate.ts';
import type { MirrorKind } from '../../../src/types.ts';
import { profileOf } from './fixtures.ts';

function left(exclusions: readonly Exclusion[], kind: MirrorKind, point: string | null): readonly string[] {
  const all = candidatesOf(kind, profileOf('cn'), loadCatalogue(), []);
  return excluding((_kind, _point, list) => list, exclusions)(kind, point, all).map(nameOf);
}

describe('a mirror that failed', () => {
  const image: Exclusion = { kind: 'image', mirror: 'daocloud', points: ['base/image'] };
  it('is not asked for what it failed to serve, and for the rest as before', () => {
    expect(left([image], 'image', 'base/image')).not.toContain('daocloud');
    expect(left([image], 'image', 'other/image')[0]).toBe('daocloud');
    expect(left([image], 'git', 'base/image')[0]).toBe('ghfast.top');
  });
  it('is out for the whole tree where its kind is chosen for that', () => {
    expect(left([{ kind: 'apt', mirror: 'aliyun', points: null }], 'apt', null)[0]).toBe('tencent');
    expect(left([{ kind: 'apt', mirror: 'aliyun', points: null }], 'apt', 'any/apt-source')[0]).toBe('tencent');
  });
});
