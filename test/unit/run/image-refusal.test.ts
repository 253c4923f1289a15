import { describe, expect, it } from 'vitest';
import { NEXT } from '../../../src/next-command.ts';
import { imageRefusal } from '../../../src/run/plan/image-refusal.ts';
import { settle, type RefusedImage } from '../../../src/mirrors/images/settle.ts';
import type { ImageWish, Statement } from '../../../src/mirrors/images/wish.ts';
import { A, B, statements, wish } from '../mirrors/images/said.ts';

const KNOWN = wish({ known: { digest: A, by: 'table' } });
const silent: readonly Statement[] = statements([
  ['one', null],
  ['two', null],
]).map((each) => ({ ...each, reason: 'the name does not resolve' }));

function refusalOf(image: ImageWish, said: readonly Statement[]): ReturnType<typeof imageRefusal> {
  const verdict = settle(image, said);
  expect(verdict.is).toBe('refused');
  return imageRefusal([{ wish: image, verdict: verdict as RefusedImage }]);
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
  });
});
