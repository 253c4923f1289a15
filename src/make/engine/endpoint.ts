/** Where an engine listens, as far as its address tells. */
export type EndpointKind =
  'root-socket' | 'rootless-socket' | 'desktop-socket' | 'other-socket' | 'tcp' | 'ssh' | 'named-pipe' | 'unknown';

/** What the docker client takes when nothing says otherwise (docker/cli, opts/hosts.go). */
export const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/**
 * Judges an engine's address (`unix:///run/docker.sock`, `tcp://…`, `ssh://…`). Only a root socket is mended by sudo: a rootless
 * engine's and Desktop's belong to their user, and for ssh and tcp the other end decides.
 */
export function endpointKind(host: string): EndpointKind {
  if (/^(?:tcp|https?):\/\//.test(host)) return 'tcp';
  if (host.startsWith('ssh://')) return 'ssh';
  if (host.startsWith('npipe://')) return 'named-pipe';
  if (!host.startsWith('unix://')) return 'unknown';
  const path = host.slice('unix://'.length);
  if (/\/\.docker\/(?:desktop|run)\/|\/docker-cli\.sock$|\.orbstack\/|\/\.colima\//.test(path)) return 'desktop-socket';
  if (/^\/(?:var\/)?run\/user\/\d+\//.test(path) || /\/\.docker\/docker\.sock$/.test(path)) return 'rootless-socket';
  if (/^\/(?:var\/)?run\/docker\.sock$/.test(path)) return 'root-socket';
  return 'other-socket';
}
