/** An image reference in full, and the host that serves it. */
export interface ImageLocation {
  /** `docker.io/library/golang:1.16.12-buster` */
  readonly url: string;
  readonly host: string;
}

/**
 * In: a reference as a Dockerfile says it. Out: with registry and `library/`; a tag or digest is kept, none is added.
 * Rule: distribution/reference `ParseNormalizedNamed`: the first component is a registry if it holds `.` or `:`, or is `localhost`.
 */
export function locateImage(reference: string): ImageLocation {
  const slash = reference.indexOf('/');
  const first = slash === -1 ? '' : reference.slice(0, slash);
  const hasRegistry = first !== '' && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = hasRegistry ? first : 'docker.io';
  const path = hasRegistry ? reference.slice(slash + 1) : reference;
  const hub = registry === 'docker.io' || registry === 'index.docker.io';
  const full = hub && !path.includes('/') ? `library/${path}` : path;
  return { url: `${hub ? 'docker.io' : registry}/${full}`, host: hub ? 'registry-1.docker.io' : registry };
}
