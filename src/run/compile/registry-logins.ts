import { readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DOCKER_HUB_KEY, mergeDockerConfig, type RegistryLogin } from '../../make/engine/docker-config.ts';
import { scan } from '../../egress/scan.ts';
import { toFileError } from '../../system/file-error.ts';
import type { Login } from '../../system/http/netrc.ts';
import { isFromSnap } from '../../doctor/snap-check.ts';
import { abandonedTempDirs, makeTempDir, type TempDir } from '../../system/files/temp-dir.ts';
import type { EgressPoint } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { scanOptions } from '../plan/make-plan.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';

/** Names under which people know Docker Hub. */
const HUB_HOSTS: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/**
 * A folder for DOCKER_CONFIG in which the docker client finds the logins of `--netrc` for the registries that this build pulls from; null
 * where it needs none. All else of the user's own folder is there too. It is removed when the process leaves, if not before.
 *
 * @throws MobyBuildError as `mergeDockerConfig` and `toFileError` say
 */
export function registryLogins(from: Planned, { env }: Pick<Io, 'env'>): TempDir | null {
  const found = loginsOf(from);
  return found.length === 0 ? null : makeDockerConfig(userFolder(env), found, temporaryFor(from));
}

/** Where the client can read it: one from snap has a /tmp of its own, and its check has seen that it reads the work dir. */
function temporaryFor({ machine, logFile }: Planned): string | undefined {
  const client = machine.is === 'checked' ? machine.engine.clientPath : null;
  if (client === null || !isFromSnap([client, realpathSync(client)])) return undefined;
  const dir = dirname(logFile);
  for (const left of abandonedTempDirs(dir)) rmSync(left, { recursive: true, force: true });
  return dir;
}

/** What a person runs before the printed command, which has no such folder: a note, where there is anything to log in to. */
export function noteRegistryLogins(from: Planned, io: Io): void {
  const hosts = loginsOf(from).map(({ registry }) => (registry === DOCKER_HUB_KEY ? 'docker.io' : registry));
  if (hosts.length === 0) return;
  io.note({ level: 'info', code: 'registry-login', ...MESSAGES.registryLogin(hosts) });
}

function loginsOf(from: Planned): readonly RegistryLogin[] {
  const { network, source, plan } = from;
  if (network.logins.length === 0) return [];
  // The tree as it is built: what it pulls, and from where.
  const { points } = scan(new Map([...source.files, ...plan.after]), scanOptions(from));
  return loginsFor(points, network.logins);
}

/** The logins for the registries of the images in the closure. Pure. */
export function loginsFor(points: readonly EgressPoint[], logins: readonly Login[]): readonly RegistryLogin[] {
  const registries = new Set(
    points
      .filter(({ kind, inClosure }) => inClosure && (kind === 'image' || kind === 'frontend'))
      .map(({ host }) => host),
  );
  return [...registries].flatMap((registry) => {
    const hub = HUB_HOSTS.has(registry);
    const name = registry.replace(/:\d+$/u, '').toLowerCase();
    const found = logins.find(({ machine }) => (hub ? HUB_HOSTS.has(machine) : machine === name));
    if (found === undefined) return [];
    return [{ registry: hub ? DOCKER_HUB_KEY : registry, login: found.login, password: found.password }];
  });
}

/**
 * Makes the folder, beside whose config.json everything is a link to the user's own: contexts, plugins, certificates, builders.
 *
 * @param parent where; the system's temporary directory by default
 */
export function makeDockerConfig(named: string | null, logins: readonly RegistryLogin[], parent?: string): TempDir {
  // Links to it lie elsewhere.
  const theirs = named === null ? null : resolve(named);
  const temp = makeTempDir('docker', parent);
  try {
    for (const name of theirs === null ? [] : entriesOf(theirs))
      if (name !== 'config.json') symlinkSync(join(theirs ?? '', name), join(temp.path, name));
    const file = join(theirs ?? '~/.docker', 'config.json');
    const text = theirs === null ? null : textOf(file);
    writeFileSync(join(temp.path, 'config.json'), mergeDockerConfig(text, file, logins), { mode: 0o600 });
    return temp;
  } catch (cause) {
    temp.remove();
    throw toFileError(cause, temp.path);
  }
}

/** Where docker's client has its configuration (docker CLI reference, "Configuration files"). */
function userFolder(env: Io['env']): string | null {
  const { DOCKER_CONFIG: named, HOME: home } = env;
  if (named !== undefined && named !== '') return named;
  return home === undefined || home === '' ? null : join(home, '.docker');
}

function entriesOf(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}
