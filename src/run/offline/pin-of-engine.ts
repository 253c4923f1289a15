import { nameWithDigest } from '../../bundle/use/bundled-image.ts';
import { MobyBuildError } from '../../errors.ts';
import type { LockedImage } from '../../lockfile/lock-file.ts';
import { builderApart } from '../../make/engine/chosen-builder.ts';
import type { ImagePin } from '../../mirrors/candidates/pins.ts';
import {
  namesInEngine,
  readInspected,
  vouch,
  type EngineImage,
  type InspectedImage,
  type Lack,
} from '../../mirrors/images/engine-image.ts';
import type { ImageWish } from '../../mirrors/images/wish.ts';
import type { Io } from '../stage/io.ts';
import type { Measured, Pinned } from '../stage/stages.ts';
import { docker } from './engine-docker.ts';
import { OFFLINE_WORDS } from '../notes/offline-words.ts';

/** What points, lock and manifest call the engine, where they name a mirror. */
export const ENGINE_MIRROR = 'engine';

/** As with `bundle.invalid`: an engine that does not have the image asks nobody for it. */
const NOWHERE = 'engine.invalid';

type Found = Pick<Pinned, 'images' | 'pins' | 'ofEngine' | 'lacking'> & { readonly bundled: readonly [] };

/**
 * The images of the closure as the engine has them. One that it does not have, or for which nothing vouches, is named.
 *
 * @param kept what earlier runs have settled
 * @param witnessesOf the public texts that name a digest
 */
export async function pinOfEngine(
  from: Measured,
  io: Io,
  wishes: readonly ImageWish[],
  kept: readonly LockedImage[],
  witnessesOf: (wish: ImageWish, digest: string) => readonly string[],
): Promise<Found> {
  const images: LockedImage[] = [];
  const pins = new Map<string, ImagePin>();
  const ofEngine = new Map<string, EngineImage>();
  const lacking: Lack[] = [];
  const inspect = inspector(from, io);
  for (const wish of wishes) {
    const { kind, name, reference } = wish;
    for (const { platform, points } of wish.platforms) {
      const found = await findImage(wish, platform, inspect, kept);
      if ('lack' in found) {
        lacking.push(found.lack);
        continue;
      }
      const { id, digest, basis, to } = found;
      ofEngine.set(to, { name: to, id, reference, platform });
      const who = { mirror: ENGINE_MIRROR, operators: [], witnesses: [...witnessesOf(wish, digest)] };
      images.push({ kind, name, reference, platform, digest, basis, ...who });
      const pin: ImagePin = {
        ...{ via: 'mirror', mirror: ENGINE_MIRROR, to, candidate: null },
        reason: OFFLINE_WORDS.imageOfEngine(id, basis),
      };
      for (const point of points) pins.set(point, pin);
      if (basis === 'trusted')
        io.note({ level: 'warning', code: 'image-trusted', message: OFFLINE_WORDS.engineTrusted(reference, id, name) });
    }
  }
  return { images, pins, ofEngine: [...ofEngine.values()], lacking, bundled: [] };
}

type Inspector = (name: string) => Promise<InspectedImage | null | { readonly reason: string }>;

/** Asks the engine for an image by its name, each once. */
function inspector(from: Measured, io: Io): Inspector {
  const engine = from.machine.is === 'checked' ? from.machine.engine : null;
  const apart = engine === null ? null : builderApart(engine);
  const asked = new Map<string, ReturnType<Inspector>>();
  const ask: Inspector = async (name) => {
    if (apart !== null) return { reason: OFFLINE_WORDS.builderHasNoImages(apart.name) };
    try {
      const { exitCode, stdout } = await docker(from, io, 'image', 'inspect', '--format', '{{json .}}', name);
      return exitCode === 0 ? readInspected(stdout) : null;
    } catch (cause) {
      if (cause instanceof MobyBuildError && cause.code === 'no-such-program')
        return { reason: OFFLINE_WORDS.noDocker };
      throw cause;
    }
  };
  return (name) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return answer;
  };
}

type Here = { readonly id: string; readonly to: string } & Pick<LockedImage, 'digest' | 'basis'>;

async function findImage(
  wish: ImageWish,
  platform: string,
  inspect: Inspector,
  kept: readonly LockedImage[],
): Promise<Here | { readonly lack: Lack }> {
  const { kind, reference, name, pinnable } = wish;
  const lack = (why: string, supply: string): { readonly lack: Lack } => ({
    lack: { kind, name: `${reference}, ${platform}`, why, supply },
  });
  if (!pinnable) return lack(OFFLINE_WORDS.byArgument, OFFLINE_WORDS.imageByFlag(name));
  let refused = '';
  let supply: string = OFFLINE_WORDS.image;
  for (const called of namesInEngine(wish)) {
    const image = await inspect(called);
    if (image === null) continue;
    if ('reason' in image) return lack(image.reason, OFFLINE_WORDS.bundle);
    const judged = vouch(wish, platform, image, kept);
    if ('digest' in judged) {
      const to = nameWithDigest(`${NOWHERE}/${reference.slice(reference.indexOf('/') + 1)}`, image.Id);
      if (to === null) return lack(OFFLINE_WORDS.tagTooLong, OFFLINE_WORDS.imageByFlag(name));
      return { id: image.Id, to, digest: judged.digest, basis: judged.basis };
    }
    refused = refused === '' ? `${called}: ${judged.refused}` : refused;
    const plain = called.startsWith('sha256:') ? reference : called;
    if (!judged.isOther) supply = OFFLINE_WORDS.imageById(name, `${plain}@${image.Id}`);
  }
  return lack(refused, supply);
}
