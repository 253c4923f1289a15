import { stringify } from 'yaml';
import { PACKAGE_NAME } from './contents.ts';
import type { Entry } from './entry.ts';
import { descriptionLines, HOMEPAGE, LICENCE, MAINTAINER, RECOMMENDS, SUMMARY, type Metadata } from './metadata.ts';
import { REVISION } from './package-version.ts';

/**
 * A configuration of nfpm (https://nfpm.goreleaser.com/docs/configuration/) that makes the same package, for those who want another
 * format or their own change. Pure.
 *
 * @param sourceOf where nfpm finds a file
 * @param scripts paths of the maintainer scripts, by nfpm's names
 * @param seconds the time of all files, since 1970
 */
export function nfpmYaml(
  format: 'deb' | 'rpm',
  metadata: Metadata,
  entries: readonly Entry[],
  sourceOf: (entry: Entry) => string,
  scripts: Readonly<Record<string, string>>,
  seconds: number,
): string {
  const { version, arch, depends, others } = metadata;
  const mtime = new Date(seconds * 1000).toISOString();
  return stringify({
    name: PACKAGE_NAME,
    // nfpm's own names follow GOARCH (its table `archToDebian`).
    arch: arch === 'arm' ? 'arm7' : arch,
    platform: 'linux',
    version: version.upstream,
    version_schema: 'none',
    release: REVISION,
    section: 'admin',
    priority: 'optional',
    maintainer: MAINTAINER,
    description: [SUMMARY, ...descriptionLines(metadata)].join('\n'),
    homepage: HOMEPAGE,
    license: LICENCE,
    mtime,
    depends,
    recommends: [...RECOMMENDS[format]],
    conflicts: others,
    replaces: others,
    provides: others,
    contents: entries.map((entry) => ({
      src: sourceOf(entry),
      dst: `/${entry.path}`,
      ...(entry.config === true ? { type: 'config|noreplace' } : {}),
      file_info: { mode: entry.mode, owner: 'root', group: 'root', mtime },
    })),
    scripts,
  });
}
