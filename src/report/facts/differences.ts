import type { RunFacts } from './model.ts';

/** Something that is not as in the run before. null: it was not there, or is not there now. */
export interface Difference {
  readonly about: 'option' | 'ref' | 'mirror' | 'image' | 'binary' | 'steps' | 'cached';
  readonly name: string;
  readonly before: string | null;
  readonly now: string | null;
}

/** What changed since the run before: options, mirrors, images, binaries, and how much was built. Sorted as they stand. Pure. */
export function differencesOf(before: RunFacts, now: RunFacts): readonly Difference[] {
  const counts = (run: RunFacts): ReadonlyMap<string, string> =>
    new Map([
      ['steps', String(run.steps.length)],
      ['cached', String(run.steps.filter(({ state }) => state === 'cached').length)],
    ]);
  const [was, is] = [counts(before), counts(now)];
  return [
    ...changed('ref', refsOf(before), refsOf(now)),
    ...changed('option', optionsOf(before), optionsOf(now)),
    ...changed('mirror', mirrorsOf(before), mirrorsOf(now)),
    ...changed('image', imagesOf(before), imagesOf(now)),
    ...changed('binary', binariesOf(before), binariesOf(now)),
    ...(['steps', 'cached'] as const).flatMap((about) => {
      const [a = '', b = ''] = [was.get(about), is.get(about)];
      return a === b ? [] : [{ about, name: '', before: a, now: b }];
    }),
  ];
}

function changed(
  about: Difference['about'],
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly Difference[] {
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names
    .map((name) => ({ about, name, before: before.get(name) ?? null, now: now.get(name) ?? null }))
    .filter((each) => each.before !== each.now);
}

function refsOf({ source }: RunFacts): ReadonlyMap<string, string> {
  return new Map(source === null ? [] : [['', [source.ref, source.commit ?? ''].join(' ').trim()]]);
}

function optionsOf({ begin }: RunFacts): ReadonlyMap<string, string> {
  return new Map(Object.entries(begin?.asked ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
}

function mirrorsOf({ plan }: RunFacts): ReadonlyMap<string, string> {
  return new Map((plan?.points ?? []).map(({ id, via, mirror }) => [id, mirror === null ? via : `${via}: ${mirror}`]));
}

function imagesOf({ plan }: RunFacts): ReadonlyMap<string, string> {
  return new Map((plan?.images ?? []).map(({ reference, platform, digest }) => [`${reference} ${platform}`, digest]));
}

function binariesOf({ binaries }: RunFacts): ReadonlyMap<string, string> {
  return new Map(binaries.map(({ name, sha256 }) => [name, sha256]));
}
