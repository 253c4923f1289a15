import type { CheckContext, EngineFacts } from './context.ts';
import { installCommand } from './install.ts';
import { ownLine } from './own-line.ts';

/** What mends an engine that does not let us in, by why and by where it listens. */
export function mendRefusal(context: CheckContext, engine: EngineFacts, kind: string): string {
  switch (kind) {
    case 'permission':
      return mendPermission(context, engine);
    case 'not-running':
      return mendNotRunning(context, engine);
    case 'unknown-context':
      return 'docker context ls   # then --docker-context NAME';
    case 'tls':
      return 'Check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY, or the certificates of the context: docker context inspect';
    case 'api-version':
      return context.env['DOCKER_API_VERSION'] !== undefined
        ? 'unset DOCKER_API_VERSION   # the client then agrees with the engine on a version'
        : 'Client and engine are too far apart in age: choose a client with --docker PATH, or update the older one.';
    case 'unreachable':
    case 'timeout':
      return mendUnreachable(engine);
    default:
      return 'docker version   # says what the client says';
  }
}

/** sudo opens a root socket and nothing else: a rootless engine's, Desktop's and another machine's have owners of their own. */
function mendPermission({ line, machine }: CheckContext, engine: EngineFacts): string {
  switch (engine.endpoint) {
    case 'root-socket':
      return machine.isRoot
        ? `ls -l ${socketPath(engine.host)}   # root itself is refused: a sandbox or security module stands between`
        : `sudo -E env "PATH=$PATH" ${ownLine(line)}`;
    case 'rootless-socket':
      return 'unset DOCKER_HOST   # this socket belongs to another user; your own rootless engine: dockerd-rootless-setuptool.sh install';
    case 'desktop-socket':
      return 'Run moby-build as the user who started Docker Desktop, without sudo.';
    case 'ssh':
      return `ssh ${engine.host.replace(/^ssh:\/\//, '')} docker version   # that user must be in the docker group there`;
    case 'tcp':
      return 'The engine at that address refuses this client: check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY.';
    default:
      return `ls -l ${socketPath(engine.host)}   # its owner or group may use it`;
  }
}

function mendNotRunning({ machine }: CheckContext, engine: EngineFacts): string {
  const sudo = machine.isRoot ? '' : 'sudo ';
  switch (engine.endpoint) {
    case 'root-socket':
      if (!machine.dockerdInstalled) {
        return installCommand(['docker'], machine) ?? 'Install Docker Engine: https://docs.docker.com/engine/install/';
      }
      return machine.systemd ? `${sudo}systemctl start docker` : `${sudo}service docker start`;
    case 'rootless-socket':
      return 'systemctl --user start docker';
    case 'desktop-socket':
      return 'Start Docker Desktop, and wait until it says that it runs.';
    default:
      return `Start the engine that listens on ${engine.host}, or choose another with --docker-context NAME.`;
  }
}

function mendUnreachable(engine: EngineFacts): string {
  if (engine.endpoint === 'ssh')
    return `ssh ${engine.host.replace(/^ssh:\/\//, '')} docker version   # must work without a password`;
  return `Is ${engine.host} the engine you mean? docker context ls shows the others; --docker-context NAME chooses one.`;
}

function socketPath(host: string): string {
  return host.replace(/^unix:\/\//, '');
}

/** What gives any client the buildx plugin; Debian has a package from 13 on. */
export function mendBuildx({ machine }: CheckContext): string {
  const { os } = machine;
  const old = os.id === 'debian' && os.versionId !== null && Number(os.versionId) <= 12;
  const install = old ? null : installCommand(['buildx'], machine);
  if (install === null) return 'Install the buildx plugin: https://github.com/docker/buildx#installing';
  return install.includes('apt-get')
    ? `${install}   # docker-buildx-plugin, if docker came from download.docker.com`
    : install;
}

/** What gives a client of 23.0 or newer its plugin: from where the client itself came, as far as that shows. */
export function mendBuildKit(context: CheckContext, engine: EngineFacts): string {
  const capable = engine.otherClients.find(({ buildkit, podman }) => buildkit !== 'none' && !podman);
  if (capable !== undefined) return ownLine(context.line, { set: [['--docker', capable.path]] });
  const { machine } = context;
  const { os } = machine;
  if (os.id === 'debian' && os.versionId !== null && Number(os.versionId) <= 12) {
    // Debian has no plugin package there, but its own client is a 20.10, which needs none.
    const own = engine.clientPath !== '/usr/bin/docker';
    const install = installCommand([own ? 'docker' : 'buildx-of-docker'], machine) ?? '';
    return own ? `${install}   # then with --docker /usr/bin/docker: that client has BuildKit inside` : install;
  }
  return mendBuildx(context);
}
