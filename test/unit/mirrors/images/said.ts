import type { ImagePlace, ImageWish, Statement } from '../../../../src/mirrors/images/wish.ts';
import type { RefusedImage, SettledImage } from '../../../../src/mirrors/images/settle.ts';

export const A = `sha256:${'a'.repeat(64)}`;
export const B = `sha256:${'b'.repeat(64)}`;
export const ARM = 'linux/arm64';

/** `name/operator`; `official!` is the official registry by the user's choice. */
export function place(text: string): ImagePlace {
  const [name = '', operator = name] = text.split('/');
  const official = name.startsWith('official');
  return {
    ...{ name, via: 'mirror', mirror: name, carries: true, why: '', candidate: null },
    operator: { key: official ? 'official' : operator, name: operator },
    authority: name === 'official!',
    reference: `${name}.example/library/golang:1`,
  };
}

/** `one/Operator` names a place, then its digest; null: it has none; `A-`: that digest, without the platform. */
export type Said = readonly [place: string, digest: 'A' | 'B' | 'A-' | null];
export const statements = (said: readonly Said[]): readonly Statement[] =>
  said.map(([text, digest]) => ({
    place: place(text),
    digest: digest === null ? null : digest.startsWith('A') ? A : B,
    reason: digest === null ? 'HTTP status 404' : '',
    lacking: digest === 'A-' ? { [ARM]: 'no linux/arm64' } : {},
  }));

export const wish = (more: Partial<ImageWish> = {}): ImageWish => ({
  ...{ kind: 'image', name: 'golang', reference: 'docker.io/library/golang:1', known: null, trusted: false },
  documented: null,
  platforms: [{ platform: ARM, points: ['base/image'] }],
  places: [],
  pinnable: true,
  ...more,
});

/** A verdict in short: `operators A from one`, `refused unknown`. */
export function shortly(verdict: SettledImage | RefusedImage): string {
  return verdict.is === 'refused'
    ? `refused ${verdict.why}`
    : `${verdict.basis} ${verdict.digest === A ? 'A' : 'B'} from ${verdict.chosen.get(ARM)?.name ?? 'nobody'}`;
}
