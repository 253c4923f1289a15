/** What has to be known of a Debian release to write its sources. */
export interface SuiteFacts {
  readonly codename: string;
  /** Debian's release number; newer is greater. */
  readonly version: number;
  /** true: the release has left the normal mirrors and is found on Debian's archive only. */
  readonly archived: boolean;
  /** true: its backports are on the archive only, though the release itself may still be on the mirrors. */
  readonly backportsArchived: boolean;
  /** The suite below `debian-security`: `buster/updates` up to Debian 10, `<codename>-security` since. */
  readonly security: string;
  /** true: images of this release hold `/etc/apt/sources.list.d/debian.sources` in place of `/etc/apt/sources.list`. */
  readonly deb822: boolean;
}

/**
 * Debian's releases, as seen on 2026-11-24. buster left the mirrors in July 2025, backports of bullseye in August 2025
 * (https://github.com/tuna/issues/issues/1991, https://github.com/LinuxCNC/linuxcnc/issues/4510); from Debian 11 on the
 * security suite is named `<codename>-security` (release notes of bullseye, 5.1.2).
 */
export const SUITES: readonly SuiteFacts[] = [
  {
    codename: 'stretch',
    version: 9,
    archived: true,
    backportsArchived: true,
    security: 'stretch/updates',
    deb822: false,
  },
  {
    codename: 'buster',
    version: 10,
    archived: true,
    backportsArchived: true,
    security: 'buster/updates',
    deb822: false,
  },
  {
    codename: 'bullseye',
    version: 11,
    archived: false,
    backportsArchived: true,
    security: 'bullseye-security',
    deb822: false,
  },
  {
    codename: 'bookworm',
    version: 12,
    archived: false,
    backportsArchived: false,
    security: 'bookworm-security',
    deb822: true,
  },
  {
    codename: 'trixie',
    version: 13,
    archived: false,
    backportsArchived: false,
    security: 'trixie-security',
    deb822: true,
  },
];

/** The release of that codename, or undefined. Takes suites too: `buster-backports`, `buster/updates`. */
export function suiteFacts(suite: string): SuiteFacts | undefined {
  return SUITES.find(
    ({ codename }) => suite === codename || suite.startsWith(`${codename}-`) || suite.startsWith(`${codename}/`),
  );
}

/** The release that an image's tag names (`golang:1.16.12-buster`, `debian:bookworm-slim`), or undefined. */
export function suiteOfImage(reference: string): SuiteFacts | undefined {
  const name = reference.split('@')[0] ?? '';
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  if (tag === undefined) return undefined;
  const words = tag.split(/[-.]/);
  return SUITES.find(({ codename }) => words.includes(codename));
}
