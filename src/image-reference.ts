/** A reference to an image as a tree writes it; variables in the tag stay as they are. */
export interface ImageReference {
  /** `docker.io`, or the registry that the reference names. */
  readonly host: string;
  /** With `library/` for Docker Hub's official images: `library/golang`. */
  readonly repository: string;
  /** `:1.16.12-buster`, `@sha256:…`, both, or empty; with their separators. */
  readonly suffix: string;
}

/** An image reference in full, and the host that serves it. */
export interface ImageLocation {
  /** `docker.io/library/golang:1.16.12-buster` */
  readonly url: string;
  readonly host: string;
}

/**
 * The registry and what follows, by the rule of the distribution project (reference.ParseNormalizedNamed): the first part is a registry
 * when it holds a dot, a colon or a capital letter or is `localhost`; Docker Hub's bare names are below `library/`.
 */
function splitReference(text: string): { readonly host: string; readonly path: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(0, slash));
  const named = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const isHost = named && !first.includes('$');
  const path = isHost ? text.slice(slash + 1) : text;
  if (isHost && !['docker.io', 'index.docker.io', 'registry-1.docker.io'].includes(first)) return { host: first, path };
  return { host: 'docker.io', path: path.includes('/') ? path : `library/${path}` };
}

/** The reference with its registry and `library/`; a tag or digest is kept, none is added. In: as a Dockerfile says it. */
export function locateImage(reference: string): ImageLocation {
  const { host, path } = splitReference(reference);
  return { url: `${host}/${path}`, host: host === 'docker.io' ? 'registry-1.docker.io' : host };
}

/** The parts of a reference. The text may hold unexpanded variables in its tag; null when the name itself is a variable. */
export function parseImageReference(text: string): ImageReference | null {
  const { host, path } = splitReference(text);
  const at = path.search(/[:@]/);
  const repository = at === -1 ? path : path.slice(0, at);
  if (/^(?:library\/)?$/.test(repository) || repository.includes('$')) return null;
  return { host, repository, suffix: at === -1 ? '' : path.slice(at) };
}

/** The shortest spelling that docker reads the same: `golang:1.16`, `djs55/vpnkit:0.5.0`, `quay.io/a/b:c`. */
export function familiarReference({ host, repository, suffix }: ImageReference): string {
  if (host !== 'docker.io') return `${host}/${repository}${suffix}`;
  return `${repository.startsWith('library/') ? repository.slice('library/'.length) : repository}${suffix}`;
}

/** The name by which `--image NAME=REF` calls it: `golang`, `djs55/vpnkit`. */
export function imageName({ host, repository }: ImageReference): string {
  return familiarReference({ host, repository, suffix: '' });
}

/** A reference without its digest, and the digest by itself. */
export function splitDigest(reference: string): { readonly plain: string; readonly digest: string | null } {
  const match = /^([^@]+)@(sha256:[0-9a-f]{64})$/u.exec(reference);
  return { plain: match?.[1] ?? reference, digest: match?.[2] ?? null };
}

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?)`;
const PART = String.raw`[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*`;
/** A whole image reference and nothing else: grammar of the distribution project's `reference` package. */
export const IMAGE_REFERENCE = new RegExp(
  String.raw`^(?:${HOST}/)?${PART}(?:/${PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Whether a text is a whole image reference, not longer than one may be. */
export function isImageReference(text: string): boolean {
  return text.length <= 512 && IMAGE_REFERENCE.test(text);
}
