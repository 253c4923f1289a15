import { EXIT, MobyBuildError } from '../../errors.ts';

/** A login for a registry, by the name under which docker's client keeps it: `registry.corp:5000`, `https://index.docker.io/v1/`. */
export interface RegistryLogin {
  readonly registry: string;
  readonly login: string;
  readonly password: string;
}

/** Docker Hub's key in config.json (docker/cli, cli/config/configfile; moby, registry/config.go). */
export const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/**
 * The text of a config.json that has all of the user's own and these logins beside. For their registries no credential helper is asked,
 * for all others those of the user: an empty helper of a registry means the file (docker/cli, cli/config/configfile/file.go,
 * getConfiguredCredentialStore). Pure.
 *
 * @param text of the user's config.json; null where there is none
 * @throws MobyBuildError `bad-docker-config` (2) naming `file`
 */
export function mergeDockerConfig(text: string | null, file: string, logins: readonly RegistryLogin[]): string {
  const config = text === null || text.trim() === '' ? {} : objectIn(parse(text, file), file, 'it');
  const auths = objectIn(config['auths'] ?? {}, file, 'auths');
  const helpers = objectIn(config['credHelpers'] ?? {}, file, 'credHelpers');
  const mine = Object.fromEntries(
    logins.map(({ registry, login, password }) => [
      registry,
      { auth: Buffer.from(`${login}:${password}`, 'utf8').toString('base64') },
    ]),
  );
  const withoutHelper = Object.fromEntries(logins.map(({ registry }) => [registry, '']));
  return `${JSON.stringify({ ...config, auths: { ...auths, ...mine }, credHelpers: { ...helpers, ...withoutHelper } }, null, 2)}\n`;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The cause would quote the file, and it may hold a password.
    if (cause instanceof SyntaxError) throw refused(file, 'it is no JSON');
    throw cause;
  }
}

function objectIn(value: unknown, file: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(file, `${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function refused(file: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-docker-config',
    exitCode: EXIT.usage,
    message: `The docker client's ${file} cannot be read: ${why}.`,
    where: file,
    hint: 'docker itself would refuse it too.',
    command: 'docker info',
  });
}
