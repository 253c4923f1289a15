import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Io } from '../stage/io.ts';
import type { Applied } from '../stage/stages.ts';
import { docker } from './engine-docker.ts';
import { OFFLINE_WORDS } from '../notes/offline-words.ts';

/**
 * Gives the images of the engine the names that the patched tree calls them by, and looks whether each is what was compared: between the plan and this
 * step, somebody may have loaded or removed one.
 *
 * @returns words for the step
 * @throws MobyBuildError `engine-image-changed` (6)
 */
export async function nameImages(from: Applied, io: Io): Promise<readonly string[]> {
  if (from.ofEngine.length === 0) return [];
  for (const { name, id } of from.ofEngine) {
    const tagged = await docker(from, io, 'image', 'tag', id, name);
    const { exitCode, stdout } = await docker(from, io, 'image', 'inspect', '--format', '{{.Id}}', name);
    if (tagged.exitCode === 0 && exitCode === 0 && stdout.trim() === id) continue;
    throw new MobyBuildError({
      code: 'engine-image-changed',
      exitCode: EXIT.build,
      message: `The engine no longer has the image ${id}, which was compared before.`,
      where: name,
      hint: 'Did somebody remove or load images meanwhile? Run the build again.',
      command: `docker image inspect ${id}`,
    });
  }
  return [OFFLINE_WORDS.imagesOfEngine(from.ofEngine.length)];
}
