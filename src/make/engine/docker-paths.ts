import { resolve } from 'node:path';

/** Folders that the docker client takes from its environment, relative to where it runs (docker CLI reference, "Environment variables"). */
const FOLDERS = ['DOCKER_CONFIG', 'DOCKER_CERT_PATH'] as const;

/**
 * Those of them that are set, as the user means them: relative to where this program was started, while make runs in the tree.
 *
 * @param from where this program was started
 */
export function absoluteDockerPaths(
  env: Readonly<Record<string, string | undefined>>,
  from: string = process.cwd(),
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    FOLDERS.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, resolve(from, value)]];
    }),
  );
}
