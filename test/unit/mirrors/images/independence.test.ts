import { describe, expect, it } from 'vitest';
import { areIndependent } from '../../../../src/mirrors/images/independence.ts';
import { settle } from '../../../../src/mirrors/images/settle.ts';
import type { ImageWish, Statement } from '../../../../src/mirrors/images/wish.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const NAMES = {
  name: 'x',
  via: 'mirror',
  mirror: 'x',
  carries: true,
  why: '',
  candidate: null,
  authority: false,
} as const;

/** What a registry of an operator says, by itself or where it sends us. */
const at = (registry: string, operator: string, sentTo?: string, digest: string | null = DIGEST): Statement => ({
  place: { ...NAMES, reference: `${registry}/library/golang:1`, operator: { key: operator, name: operator } },
  ...{ digest, reason: '', sentTo, lacking: {} },
});

const wish: Omit<ImageWish, 'places'> = {
  ...{ kind: 'image', name: 'golang', reference: 'docker.io/library/golang:1', known: null, trusted: false },
  documented: null,
  platforms: [{ platform: 'linux/arm64', points: ['base/image'] }],
  pinnable: true,
};

describe('whose word a digest is', () => {
  it.each<[string, readonly Statement[], boolean]>([
    ['two names of one registry', [at('hub.one.example', 'one'), at('hub.one.example/proxy', 'yours')], false],
    ['two hosts of one domain', [at('a.one.example', 'one'), at('b.one.example:5000', 'yours')], false],
    ['two hosts of a domain below co.uk', [at('a.one.co.uk', 'one'), at('b.one.co.uk', 'yours')], false],
    ['two domains below co.uk', [at('a.one.co.uk', 'one'), at('a.two.co.uk', 'yours')], true],
    ['Docker Hub by two of its names', [at('docker.io', 'official'), at('registry-1.docker.io', 'yours')], false],
    ['one that sends to the other', [at('a.one.example', 'one', 'r.two.example'), at('a.two.example', 'two')], false],
    [
      'one that sends to another registry of the other operator',
      [
        at('a.one.example', 'one', 'r.third.example'),
        at('a.two.example', 'two'),
        at('r.third.example', 'two', undefined, null),
      ],
      false,
    ],
    [
      'two that send to a third',
      [at('a.one.example', 'one', 'r.third.example'), at('a.two.example', 'two', 'r.third.example')],
      false,
    ],
    [
      'two that send to hosts of their own',
      [at('a.one.example', 'one', 'r.one.example'), at('a.two.example', 'two', 'r.two.example')],
      true,
    ],
    ['two addresses', [at('127.0.0.1:5000', 'one'), at('127.0.0.1:5001', 'two')], true],
  ])('is asked by domain and by redirect, not by name alone: %s', (_, said, independent) => {
    const places = said.map(({ place }) => place);
    const verdict = settle({ ...wish, places }, said);
    expect(verdict.is === 'settled' ? verdict.basis : verdict.why).toBe(independent ? 'operators' : 'unknown');
    const [one, other] = said;
    expect(one !== undefined && other !== undefined && areIndependent(other, one, places)).toBe(independent);
  });
});
