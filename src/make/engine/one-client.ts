import { rmSync, symlinkSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { makeFoldersSync } from '../../system/make-folders.ts';
import { toFileError } from '../../system/file-error.ts';
import { programsOnPath } from './programs-on-path.ts';

/**
 * Whether a program that runs in another folder finds another docker on PATH than the client that was chosen. Recipes of moby call `docker`
 * by its name beside DOCKER: for the storage driver and for the engine's platform (Makefile and hack/make/.detect-daemon-osarch at v20.10.24).
 */
export function findsAnotherClient(chosen: string, path: string): boolean {
  const entries = path.split(delimiter);
  if (entries.some((entry) => !isAbsolute(entry))) return true;
  return programsOnPath('docker', path)[0] !== chosen;
}

/**
 * PATH for a build, where the chosen client is found first under the name `docker`: by a link in a folder of its own. The same PATH where it is
 * found first already.
 *
 * @param folder made anew where it is needed
 * @throws MobyBuildError as `toFileError` says
 */
export function pathWithClient(chosen: string, path: string, folder: string): string {
  if (!findsAnotherClient(chosen, path)) return path;
  try {
    rmSync(folder, { recursive: true, force: true });
    makeFoldersSync(folder);
    symlinkSync(chosen, join(folder, 'docker'));
  } catch (cause) {
    throw toFileError(cause, folder);
  }
  return path === '' ? folder : `${folder}${delimiter}${path}`;
}
