import type { MakeInput } from './make-input.ts';
import { requirePlainText } from './plain-text.ts';

/** The secret that patches/97-logins.yaml mounts. */
const SECRET_ID = 'moby-build-netrc';

/**
 * The secret of `--netrc` as `docker build --secret` and bake's `--set TARGET.secrets=` take it: fields of a CSV line (docker/buildx,
 * util/buildflags/secrets.go). null: none is asked for.
 *
 * @throws MobyBuildError `hostile-value` (2)
 */
export function secretSpec({ netrc }: Pick<MakeInput, 'netrc'>): string | null {
  if (netrc === undefined) return null;
  const field = `src=${requirePlainText(netrc, '--netrc')}`;
  return `id=${SECRET_ID},${/[",]/u.test(field) ? `"${field.replaceAll('"', '""')}"` : field}`;
}

/** The same as words of `docker build` and `docker buildx build`. */
export function secretFlags(input: Pick<MakeInput, 'netrc'>): readonly string[] {
  const spec = secretSpec(input);
  return spec === null ? [] : ['--secret', spec];
}
