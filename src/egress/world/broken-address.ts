import { isImageReference } from '../../image-reference.ts';
import type { EgressPoint, UnknownPlace } from '../../types.ts';

/**
 * Owners of the repositories that moby's trees fetch from GitHub (installers and Dockerfiles of v19.03.0 to docker-v29.7.2). One of them directly
 * behind a top-level domain is a path whose slash was replaced away.
 */
const OWNERS =
  'aquasecurity|burntsushi|checkpoint-restore|containerd|cpuguy83|creack|crazy-max|dnephin|docker|docker-library|fsouza|golang|golangci|gotestyourself|go-delve|go-swagger|krallin|moby|mvdan|opencontainers|rootless-containers|tc-hib|tonistiigi|xenserver';
const GLUED = new RegExp(String.raw`\.(?:com|cn|net|org|io|top|la|dev|cc|me|xyz|run|link)(?:${OWNERS})$`, 'iu');
/** Letters, digits, hyphens and dots, then perhaps a port (RFC 1123, 2.1); IPv6 in brackets; `<debian default>` and the like are ours. */
const HOST = /^(?:<\w+ default>|\[[0-9a-f:.]+\](?::\d+)?|[\p{L}\p{N}_](?:[\p{L}\p{N}._-]*[\p{L}\p{N}_])?(?::\d+)?)$/iu;

/** Begins the reason of a place that has such an address. */
export const BROKEN = 'its address is broken';

/** What to do about places that stop a run: a tree that a replacement broke has to be mended, one of a new shape reported. Pure. */
export function adviceFor(places: readonly UnknownPlace[]): { readonly hint: string; readonly command?: string } {
  const broken = places.find(({ reason }) => reason.startsWith(BROKEN));
  if (broken === undefined) return { hint: 'This tree has a shape that moby-build does not know; please report it.' };
  return {
    hint: 'A replacement over this tree was left half done, or made twice. Correct the line, or use an unmodified tree: mirrors are chosen here.',
    command: `git diff HEAD -- ${broken.file}`,
  };
}

/**
 * Why an address cannot be one that anybody meant: mostly a replacement over the tree that was left half done. null: it may be. An address with
 * variables that nobody gives a value is not judged. Pure.
 */
export function brokenAddress({ kind, url, host }: Pick<EgressPoint, 'kind' | 'url' | 'host'>): string | null {
  if (/[$`]/u.test(url)) return null;
  if (kind === 'image' || kind === 'frontend') return brokenImage(url);
  if (/^[a-z+]+:\/\/(?:https?:|[a-z+]+:\/\/)/iu.test(url) || /^https?:$/iu.test(host))
    return 'its scheme stands there twice';
  if (host === '' || url.startsWith('file:')) return null;
  if (/\s/u.test(url.replace(host, ''))) return 'it holds a space';
  if (!HOST.test(host) || host.includes('..')) return `${host} is no name of a host`;
  if (GLUED.test(host)) return `a slash is missing in ${host}`;
  const again = url.slice(url.indexOf(host) + host.length).split('/');
  return host.includes('.') && again.slice(1).includes(host) ? `${host} stands there twice` : null;
}

function brokenImage(url: string): string | null {
  // A digest says nothing about the name.
  if (!isImageReference(url.replace(/@sha256:[0-9a-f]+$/u, ''))) return 'it is no reference to an image';
  const [registry = '', ...parts] = url.split('/');
  return registry.includes('.') && parts.includes(registry) ? `${registry} stands there twice` : null;
}
