import { badMirror } from '../catalogue/hostile.ts';
import { parseSourcesList } from './sources-list.ts';

/** Where the rules of the patches put the keys of `--apt-keyring` (patches/50-apt-sources.yaml). */
const GIVEN_KEYRING = '/etc/apt/trusted.gpg.d/debian-archive-keyring.asc';

/** Files of the package debian-archive-keyring, which every image of Debian has. */
const OF_DEBIAN = /^\/usr\/share\/keyrings\/debian-archive-[\w.-]+$/;

/**
 * A sources.list whose `signed-by` names files that the stage has: a company's keyring is a file of the user's machine, so the one that
 * `--apt-keyring` puts into the stage takes its place. Pure.
 * @param given whether a keyring is given
 * @param ownImage true: the stage starts from an image of the user's, which may hold any file
 * Throws `bad-mirror` (2) where a file is named that the stage does not have.
 */
export function withKnownKeys(text: string, given: boolean, ownImage: boolean, where = '--sources-list'): string {
  for (const { options } of parseSourcesList(text)) {
    const missing = filesOf(options).find((path) => !OF_DEBIAN.test(path));
    if (missing === undefined || given || ownImage) continue;
    throw badMirror(
      where,
      `${where} names ${missing} in signed-by, which the base image does not have.`,
      'Give that file with --apt-keyring FILE: it is put into the stage, and signed-by names it there.',
    );
  }
  if (!given) return text;
  return text.replaceAll(/^(\s*deb(?:-src)?\s+\[)([^\]]*)\]/gm, (_, before: string, options: string) => {
    const named = options.replace(/\bsigned-by\s*=\s*(\S+)/, (whole, value: string) =>
      value.split(',').every((path) => !path.startsWith('/') || OF_DEBIAN.test(path))
        ? whole
        : `signed-by=${GIVEN_KEYRING}`,
    );
    return `${before}${named}]`;
  });
}

function filesOf(options: string): readonly string[] {
  const [, value = ''] = /\bsigned-by\s*=\s*(\S+)/.exec(options) ?? [];
  return value.split(',').filter((path) => path.startsWith('/'));
}
