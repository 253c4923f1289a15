import { EXIT } from '../../errors.ts';
import { size } from '../../ui/amounts.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { textTable } from '../../ui/table.ts';
import type { PackReport } from './pack.ts';

/** The packages for people; stdout has their paths, one a line. Pure. */
export function presentPack({ files, packer, client, containerd, format }: PackReport, quiet: boolean): Presentation {
  const table = textTable(
    ['package', 'size', 'sha256'],
    files.map(({ path, bytes, sha256 }) => [path.split('/').at(-1) ?? path, size(bytes), sha256]),
  );
  const lines = [
    table,
    '',
    MESSAGES.packedBy(packer),
    ...(format === 'tgz' ? [] : [MESSAGES.containerdUsed(containerd)]),
    ...(client ? [] : [MESSAGES.noClient]),
    '',
  ];
  return {
    stdout: files.map(({ path }) => `${path}\n`).join(''),
    stderr: quiet ? '' : lines.join('\n'),
    exitCode: EXIT.done,
    error: null,
  };
}
