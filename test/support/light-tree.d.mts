/**
 * @typedef {object} LightTreeOptions
 * @property {string} [debianDefault] host that stands where moby names Debian's default mirror
 * @property {string} [debianSecurity] host that stands where moby names Debian's security host
 * @property {string} [goDefault] host that stands where moby names Go's default module proxy
 * @property {Partial<Record<typeof lightPins[number], string>>} [pins] commit ids of the components; invented ones else
 * @property {string | false} [git] tag for a repository of one commit, `v20.10.12` unless told; `false`: no repository
 */
/**
 * Writes the light tree, shaped like moby v20.10.12, to an empty or new directory.
 *
 * The hosts are filled in here, because no committed file may name a package registry's: unit tests
 * take the invented ones, the lab those that this machine is set up for.
 *
 * @param {string} dir
 * @param {LightTreeOptions} [options]
 * @returns {{dir: string, commit: string | null}} the commit id depends on the options only
 */
export function materializeLightTree(
  dir: string,
  options?: LightTreeOptions,
): {
  dir: string;
  commit: string | null;
};
/**
 * Makes a directory a repository of one commit. Author, committer, dates and modes are fixed, so the
 * commit id depends on the files' names and bytes only.
 *
 * @param {string} dir
 * @param {{tag: string, subject: string, annotated?: boolean}} names `annotated`: the tag is one that `git describe` finds
 * @returns {string} the commit id
 */
export function commitAll(
  dir: string,
  {
    tag,
    subject,
    annotated,
  }: {
    tag: string;
    subject: string;
    annotated?: boolean | undefined;
  },
): string;
/** Where the tree with its placeholders lies. */
export const lightTreeSource: string;
/** The components that the closure of `binary` clones, by the name of their pin. */
export const lightPins: readonly ['CONTAINERD', 'LIBNETWORK', 'RUNC', 'TINI', 'ROOTLESSKIT'];
export type LightTreeOptions = {
  /**
   * host that stands where moby names Debian's default mirror
   */
  debianDefault?: string | undefined;
  /**
   * host that stands where moby names Debian's security host
   */
  debianSecurity?: string | undefined;
  /**
   * host that stands where moby names Go's default module proxy
   */
  goDefault?: string | undefined;
  /**
   * commit ids of the components; invented ones else
   */
  pins?: Partial<Record<'CONTAINERD' | 'LIBNETWORK' | 'RUNC' | 'TINI' | 'ROOTLESSKIT', string>> | undefined;
  /**
   * tag for a repository of one commit, `v20.10.12` unless told; `false`: no repository
   */
  git?: string | false | undefined;
};
