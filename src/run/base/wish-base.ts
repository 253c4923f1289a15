import { baseWish, LEFT_OUT, type BaseWish } from '../../base/base-wish.ts';
import { isLeftOut } from '../../mirrors/candidates/given-images.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { builderApart } from '../../make/engine/chosen-builder.ts';
import { NEXT } from '../../next-command.ts';
import type { Note } from '../../types.ts';
import { buildArchOf } from '../plan/build-arch.ts';
import type { Io } from '../stage/io.ts';
import type { Scanned } from '../stage/stages.ts';

type Asking = Omit<Scanned, 'base' | 'spareBase' | 'excluded'>;

/** The errors that say that nobody serves an image that is believed. */
const WITHOUT_IMAGE = new Set(['image-not-known', 'image-not-served', 'no-usable-mirror']);

/** What the images of a tree are made of, and what they could be made of. */
type Bases = Pick<Scanned, 'base' | 'spareBase'>;

/**
 * What the images of this tree are made of, for `--base debian`; it is said.
 *
 * @throws MobyBuildError `component-outside` (2) for a version of xx beside images; as `wishBase` says
 */
export function basesOf(from: Asking, io: Pick<Io, 'note'>): Bases {
  const { base, components } = from.options;
  if (base === 'debian') return { base: wishBase(from, io), spareBase: null };
  if (base === 'images' && components.xx !== undefined)
    throw new MobyBuildError({
      code: 'component-outside',
      exitCode: EXIT.usage,
      message: 'xx is an image here, so --component xx would change nothing.',
      where: '--component',
      hint: '--build-arg XX_VERSION=TAG names another image of it. With --base debian it is made of its repository.',
      command: NEXT.baseDebian(),
    });
  const spare = optionAgainst(from) === null && reasonAgainst(from) === null ? wishOf(from) : null;
  return { base: null, spareBase: spare === null || 'reason' in spare ? null : spare };
}

function wishOf(from: Asking): ReturnType<typeof baseWish> {
  const { suite, components } = from.options;
  return baseWish({ scan: from.scan, suite, arch: archOfBase(from), xx: components.xx ?? null });
}

/**
 * @throws MobyBuildError `base-not-here` (2) beside options that it does not go with; `base-not-made` (4) for a tree whose images cannot be made
 */
function wishBase(from: Asking, { note }: Pick<Io, 'note'>): BaseWish {
  const against = optionAgainst(from);
  if (against !== null)
    throw new MobyBuildError({
      code: 'base-not-here',
      exitCode: EXIT.usage,
      message: `--base debian does not go with ${against}.`,
      where: '--base',
      hint: 'Leave one of them away.',
      command: NEXT.baseImages(),
    });
  const wish = wishOf(from);
  const reason = reasonAgainst(from) ?? ('reason' in wish ? wish.reason : null);
  if (reason !== null || 'reason' in wish)
    throw new MobyBuildError({
      code: 'base-not-made',
      exitCode: EXIT.tree,
      message: `The base images of this tree cannot be made of Debian's packages: ${reason ?? ''}.`,
      where: '--base debian',
      hint: 'With --base images they come from a registry; --image NAME=REF names one of yours.',
      command: NEXT.baseImages(),
    });
  note(madeNote(from, wish));
  if (from.goal === 'patch') note(forBuildNote());
  return wish;
}

/**
 * Does a part of a run; where no believable registry has an image and `--base auto` allows it, does it again with images that are made here.
 *
 * @throws what the part throws, where the base does not help
 */
export async function orBase<From extends Scanned, To>(
  from: From,
  io: Io,
  part: (from: From) => Promise<To>,
): Promise<To> {
  try {
    return await part(from);
  } catch (cause) {
    const isImage = cause instanceof MobyBuildError && WITHOUT_IMAGE.has(cause.code);
    const { spareBase } = from;
    if (!isImage || from.options.base !== 'auto' || spareBase === null) throw cause;
    const done = await part({ ...from, base: spareBase, spareBase: null });
    io.note(madeNote(from, spareBase));
    if (from.goal === 'patch') io.note(forBuildNote());
    return done;
  }
}

/** Steps of stages on the builder's platform run on its architecture, those of 20.10 that are emulated on the wanted one. */
function archOfBase(from: Asking): string {
  const { builtBy } = from.source.series;
  const onBuilder =
    builtBy === 'bake' ||
    from.scan.stages.some(({ name, platform }) => name === 'base' && /BUILDPLATFORM/u.test(platform ?? ''));
  return onBuilder ? buildArchOf(from) : from.options.arch;
}

function optionAgainst({ options, goal, bundle }: Asking): string | null {
  if (goal === 'bundle') return '`bundle create`, which puts images into a bundle';
  if (bundle !== null) return 'the images of --bundle';
  if (options.inPlace) return 'a tree that is built in place (--in-place)';
  const named = Object.keys(options.images)[0];
  if (named !== undefined) return `the image of --image ${named}`;
  return options.buildArgs['GOLANG_IMAGE'] === undefined ? null : 'the image of --build-arg GOLANG_IMAGE';
}

function reasonAgainst(from: Asking): string | null {
  const { source, machine, options } = from;
  if (source.series.builtBy === 'docker-run') return 'its tests need images of a registry, and it is built with them';
  const apart = machine.is === 'checked' ? builderApart(machine.engine) : null;
  if (apart !== null && archOfBase(from) !== options.arch)
    return `the builder ${apart.name} would run stages without an image on an emulator of ${options.arch}, though they are of ${archOfBase(from)}`;
  return null;
}

function madeNote({ scan, options }: Asking, { suite, go }: BaseWish): Note {
  const hasVpnkit = scan.points.some(
    ({ kind, inClosure, url }) => kind === 'image' && inClosure && isLeftOut(url.replace(/:.*$/u, ''), [LEFT_OUT]),
  );
  const left =
    hasVpnkit && !options.without.includes('vpnkit') ? ' vpnkit, which has no such source, is left out.' : '';
  return {
    level: 'info',
    code: 'base-made',
    message: `The base images are made of Debian ${suite} and Go ${go}; no registry is asked for them.${left}`,
  };
}

function forBuildNote(): Note {
  return {
    level: 'warning',
    code: 'base-for-build',
    message: 'The patch set stands not alone: its first stages take files that `build` puts into hack/dockerfile/base.',
    hint: '`build` with the same options puts them there, and builds.',
  };
}
