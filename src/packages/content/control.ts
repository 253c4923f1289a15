import { debianArch } from '../../cpus.ts';
import { PACKAGE_NAME } from './contents.ts';
import { descriptionLines, HOMEPAGE, MAINTAINER, RECOMMENDS, SUMMARY, type Metadata } from './metadata.ts';
import { REVISION } from './package-version.ts';

/** `moby-build-engine_20.10.12-0mobybuild1_amd64.deb` */
export function debFile({ version, arch }: Metadata): string {
  return `${PACKAGE_NAME}_${version.upstream}-${REVISION}_${debianArch(arch)}.deb`;
}

/**
 * The control file of a deb (deb-control(5)). Conflicts, Replaces and Provides together mean that apt and dpkg put this package in the
 * place of the others (Debian Policy 7.6.2). Pure.
 *
 * @param bytes of all files together
 */
export function debControl(metadata: Metadata, bytes: number): string {
  const { version, arch, depends, others } = metadata;
  const list = others.join(', ');
  return [
    `Package: ${PACKAGE_NAME}`,
    `Version: ${version.upstream}-${REVISION}`,
    `Architecture: ${debianArch(arch)}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${String(Math.ceil(bytes / 1024))}`,
    `Depends: ${depends.join(', ')}`,
    `Recommends: ${RECOMMENDS.deb.join(', ')}`,
    `Conflicts: ${list}`,
    `Replaces: ${list}`,
    `Provides: ${list}`,
    'Section: admin',
    'Priority: optional',
    `Homepage: ${HOMEPAGE}`,
    `Description: ${SUMMARY}`,
    ...descriptionLines(metadata).map((line) => ` ${line}`),
    '',
  ].join('\n');
}
