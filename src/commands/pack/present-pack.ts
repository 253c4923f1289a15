import { EXIT } from '../../errors.ts';
import { size } from '../../ui/amounts.ts';
import { RESULT_MESSAGES } from '../context/result-messages.ts';
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
    RESULT_MESSAGES.packedBy(packer),
    ...(format === 'tgz' ? [] : [RESULT_MESSAGES.containerdUsed(containerd)]),
    ...(client ? [] : [RESULT_MESSAGES.noClient]),
    '',
  ];
  return {
    stdout: files.map(({ path }) => `${path}\n`).join(''),
    stderr: quiet ? '' : lines.join('\n'),
    exitCode: EXIT.done,
    error: null,
  };
}
