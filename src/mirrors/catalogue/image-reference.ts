/** A reference to an image as a tree writes it; variables in the tag stay as they are. */
export interface ImageReference {
  /** `docker.io`, or the registry that the reference names. */
  readonly host: string;
  /** With `library/` for Docker Hub's official images: `library/golang`. */
  readonly repository: string;
  /** `:1.16.12-buster`, `@sha256:…`, both, or empty; with their separators. */
  readonly suffix: string;
}

/**
 * Splits a reference by the rules of the distribution project (reference.ParseNormalizedNamed): the first part is a
 * registry when it holds a dot or a colon or is `localhost`; a bare name is below `library/`.
 * The text may hold unexpanded variables in its tag; null when the name itself is a variable.
 */
export function parseImageReference(text: string): ImageReference | null {
  const slash = text.indexOf('/');
  const first = slash === -1 ? '' : text.slice(0, slash);
  const isHost = slash !== -1 && !first.includes('$') && (/[.:]/.test(first) || first === 'localhost');
  const host = isHost ? first : 'docker.io';
  const rest = isHost ? text.slice(slash + 1) : text;
  const at = rest.search(/[:@]/);
  const name = at === -1 ? rest : rest.slice(0, at);
  if (name === '' || name.includes('$')) return null;
  const isHub = host === 'docker.io' || host === 'index.docker.io' || host === 'registry-1.docker.io';
  return {
    host: isHub ? 'docker.io' : host,
    repository: isHub && !name.includes('/') ? `library/${name}` : name,
    suffix: at === -1 ? '' : rest.slice(at),
  };
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
const REFERENCE = new RegExp(
  String.raw`^(?:${HOST}/)?${PART}(?:/${PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Whether a text is a whole image reference and nothing else (grammar of the distribution project's `reference` package). */
export function isImageReference(text: string): boolean {
  return text.length <= 512 && REFERENCE.test(text);
}
