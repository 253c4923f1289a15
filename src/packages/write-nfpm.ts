import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeFileAtomic } from '../system/files/atomic.ts';
import type { Entry } from './content/entry.ts';
import type { Metadata } from './content/metadata.ts';
import { nfpmYaml } from './content/nfpm-yaml.ts';
import { POSTINST, POSTRM, RPM_POST, RPM_POSTUN, RPM_PREUN } from './content/scripts.ts';
import { stageRoot } from './stage-root.ts';

/** The folder of nfpm's sources beside its configuration. */
const NFPM_FILES = 'nfpm-files';

/** Writes nfpm.yaml and the texts that it names beside the packages. Binaries stay where they are. Returns the path of the YAML and of the folder. Throws as `toFileError` says. */
export async function writeNfpm(
  to: string,
  format: 'deb' | 'rpm',
  metadata: Metadata,
  entries: readonly Entry[],
  seconds: number,
): Promise<{ readonly yaml: string; readonly folder: string }> {
  const texts = entries.filter(({ from }) => 'text' in from);
  const scripts: Readonly<Record<string, string>> =
    format === 'deb'
      ? { postinstall: POSTINST, postremove: POSTRM }
      : { postinstall: RPM_POST, preremove: RPM_PREUN, postremove: RPM_POSTUN };
  const folder = `${NFPM_FILES}-${format}`;
  await rm(join(to, folder), { recursive: true, force: true });
  await stageRoot(
    join(to, folder),
    [
      ...texts,
      ...Object.entries(scripts).map(([path, text]) => ({ path: `scripts/${path}.sh`, mode: 0o755, from: { text } })),
    ],
    seconds,
  );
  const sourceOf = ({ path, from }: Entry): string => ('text' in from ? join(to, folder, path) : from.file);
  const yaml = join(to, format === 'deb' ? 'nfpm.yaml' : 'nfpm-rpm.yaml');
  const scriptPaths = Object.keys(scripts).map((name) => [
    name,
    relative(to, join(to, folder, 'scripts', `${name}.sh`)),
  ]);
  const text = nfpmYaml(
    format,
    metadata,
    entries,
    (entry) => relative(to, sourceOf(entry)),
    Object.fromEntries(scriptPaths) as Readonly<Record<string, string>>,
    seconds,
  );
  await writeFileAtomic(yaml, text);
  return { yaml, folder: join(to, folder) };
}
