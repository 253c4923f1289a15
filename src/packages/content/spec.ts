import { unameOf } from '../../cpus.ts';
import { PACKAGE_NAME } from './contents.ts';
import type { Entry } from './entry.ts';
import { descriptionLines, HOMEPAGE, LICENCE, RECOMMENDS, SUMMARY, type Metadata } from './metadata.ts';
import { REVISION } from './package-version.ts';
import { RPM_POST, RPM_POSTUN, RPM_PREUN } from './scripts.ts';

/** rpm's name of an architecture, where it is not uname's (rpmrc: `arch_canon`). */
export function rpmArchOf({ arch }: Pick<Metadata, 'arch'>): string {
  return arch === 'arm' ? 'armv7hl' : unameOf(arch);
}

/** `moby-build-engine-20.10.12-0mobybuild1.x86_64.rpm` */
export function rpmFile(metadata: Metadata): string {
  return `${PACKAGE_NAME}-${metadata.version.upstream}-${REVISION}.${rpmArchOf(metadata)}.rpm`;
}

/**
 * A spec for `rpmbuild -bb` that copies a staged root. Nothing is compiled, stripped, split into debuginfo or given dependencies by itself;
 * times and the host's name are fixed. Sources: rpm.org, manual/spec.html and manual/buildprocess.html. Pure.
 *
 * @param root the staged files; a temporary directory of ours, without spaces or `%`
 */
export function rpmSpec(metadata: Metadata, entries: readonly Entry[], root: string): string {
  const { version, depends, others } = metadata;
  return [
    '%global debug_package %{nil}',
    '%global __os_install_post %{nil}',
    '%global _buildhost moby-build',
    '%global use_source_date_epoch_as_buildtime 1',
    '%global clamp_mtime_to_source_date_epoch 1',
    '%global source_date_epoch_from_changelog 0',
    '%global _build_id_links none',
    `Name: ${PACKAGE_NAME}`,
    `Version: ${version.upstream}`,
    `Release: ${REVISION}`,
    `Summary: ${SUMMARY}`,
    `License: ${LICENCE}`,
    `URL: ${HOMEPAGE}`,
    'AutoReqProv: no',
    ...depends.map((name) => `Requires: ${name}`),
    ...RECOMMENDS.rpm.map((name) => `Recommends: ${name}`),
    ...others.flatMap((name) => [`Conflicts: ${name}`, `Provides: ${name}`]),
    '',
    '%description',
    ...descriptionLines(metadata),
    '',
    '%install',
    `cp -a ${root}/. %{buildroot}/`,
    '',
    '%post',
    RPM_POST,
    '%preun',
    RPM_PREUN,
    '%postun',
    RPM_POSTUN,
    '%files',
    ...entries.map(
      ({ path, mode, config }) =>
        `%attr(0${mode.toString(8)}, root, root) ${config === true ? '%config(noreplace) ' : ''}/${path}`,
    ),
    '',
  ].join('\n');
}
