import type { CheckContext, EngineFacts } from './context.ts';
import { installCommand } from './install.ts';

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
      return 'Client and engine are too far apart in age: choose a client with --docker PATH, or update the older one.';
    case 'unreachable':
    case 'timeout':
      return mendUnreachable(engine);
    default:
      return 'docker version   # says what the client says';
  }
}

/** sudo opens a root socket and nothing else: a rootless engine's, Desktop's and another machine's have owners of their own. */
function mendPermission({ invocation, machine }: CheckContext, engine: EngineFacts): string {
  switch (engine.endpoint) {
    case 'root-socket':
      return machine.isRoot
        ? `ls -l ${socketPath(engine.host)}   # root itself is refused: a sandbox or security module stands between`
        : `sudo -E env "PATH=$PATH" ${invocation}`;
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
    case 'root-socket': {
      const install = installCommand(['docker'], machine);
      const start = machine.systemd ? `${sudo}systemctl start docker` : `${sudo}service docker start`;
      return install === null ? start : `${start}   # no such service? ${install}`;
    }
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
