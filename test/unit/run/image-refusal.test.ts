import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { NEXT } from '../../../src/next-command.ts';
import { imageRefusal } from '../../../src/run/plan/image-refusal.ts';
import { requireUsable } from '../../../src/run/plan/probe-mirrors.ts';
import type { Probed } from '../../../src/mirrors/probe/run-probe.ts';
import { unmeasured } from '../../../src/mirrors/requests/outcome.ts';
import { settle, type RefusedImage } from '../../../src/mirrors/images/settle.ts';
import type { ImageWish, Statement } from '../../../src/mirrors/images/wish.ts';
import { A, B, statements, wish } from '../mirrors/images/said.ts';

const KNOWN = wish({ known: { digest: A, by: 'table' } });
const silent: readonly Statement[] = statements([
  ['one', null],
  ['two', null],
]).map((each) => ({ ...each, reason: 'the name does not resolve' }));

function refusalOf(image: ImageWish, said: readonly Statement[], canBeMade = true): ReturnType<typeof imageRefusal> {
  const verdict = settle(image, said);
  expect(verdict.is).toBe('refused');
  return imageRefusal([{ wish: image, verdict: verdict as RefusedImage }], canBeMade);
}

describe('what to do about an image that cannot be used', () => {
  it.each([
    ['no registry answers, of a known image', KNOWN, silent, NEXT.baseDebian()],
    ['no registry answers, of another one', wish(), silent, NEXT.baseDebian()],
    [
      'a registry has another one under the tag of a known image',
      KNOWN,
      silent.map((each) => ({ ...each, tag: B })),
      NEXT.trustImages('golang'),
    ],
    ['one operator alone names a digest', wish(), statements([['one', 'A']]), NEXT.trustImages('golang')],
  ])('%s', (_, image, said, command) => {
    const error = refusalOf(image, said);
    expect(error).toMatchObject({ exitCode: 5, command });
    expect(error.hint).toContain('--base debian');
  });

  it('is not to make it, where it cannot be made', () => {
    const error = refusalOf(KNOWN, silent, false);
    expect(error.command).toBeUndefined();
    expect(error.hint).not.toContain('--base');
  });
});

describe('what to do where no measured mirror has an object', () => {
  const finding = unmeasured('no-such-name', 'the name does not resolve');
  const ranked = [{ id: 'daocloud', base: 'https://daocloud.example', finding }];
  const image: Probed = {
    need: {
      ...{ kind: 'image', key: 'library/golang:1 linux/amd64', points: ['base/image'] },
      wanted: { is: 'image', reference: 'golang:1', platform: 'linux/amd64' },
    },
    ranked,
  };
  const modules: Probed = {
    need: {
      ...{ kind: 'gomod', key: 'modules', points: ['base/gomod'] },
      wanted: { is: 'module', path: 'example.org/a', version: 'v1.0.0' },
    },
    ranked,
  };

  const OWN = NEXT.mirror('gomod', 'https://MIRROR');
  const saying = (outcome: 'timed-out' | 'too-slow' | 'wrong-status' | 'stale', { need }: Probed): Probed => ({
    need,
    ranked: [{ id: 'one', base: 'https://one.example', finding: unmeasured(outcome, 'seen') }],
  });

  it.each([
    ['is to make the images, where they alone are missing and can be made', [image], true, NEXT.baseDebian()],
    ['is to look at this machine, where nobody is reached', [image], false, NEXT.doctor()],
    ['is to look at this machine, where another object is missing too', [image, modules], true, NEXT.doctor()],
    ['is to wait longer, where somebody was too slow', [saying('timed-out', image)], false, NEXT.longerProbe()],
    ['is a mirror of that kind, where those asked have it not', [saying('wrong-status', modules)], false, OWN],
    [
      'is a mirror of that kind, also after a slow one',
      [saying('too-slow', image), saying('stale', modules)],
      false,
      OWN,
      60,
    ],
    [
      'is to look at this machine, where the longer wait has failed too',
      [saying('timed-out', image)],
      false,
      NEXT.doctor(),
      60,
    ],
  ] as const)('%s', (_, probed, canBeMade, command, waited: number = 20) => {
    const failure = failureOf(() => {
      requireUsable(probed, waited, canBeMade);
    });
    expect(failure).toMatchObject({ code: 'no-usable-mirror', exitCode: 5, command });
  });
});
