import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../../system/command-line.ts';
import { MESSAGES } from '../../ui/messages.ts';

/** More than this many faults tell nothing that the first ones do not. --json has all. */
const MOST_FAULTS = 20;

/** A bundle that is not as it was written. */
export function damagedBundle(file: string, faults: readonly string[]): MobyBuildError {
  const shown = faults.slice(0, MOST_FAULTS).map((fault) => `  ${fault}`);
  const more = faults.length > MOST_FAULTS ? [`  ${MESSAGES.moreFaults(faults.length - MOST_FAULTS)}`] : [];
  return new MobyBuildError({
    code: 'bundle-damaged',
    exitCode: EXIT.network,
    message: [`The bundle is damaged (${String(faults.length)}):`, ...shown, ...more].join('\n'),
    where: file,
    hint: 'Compare its checksum with that on the machine where it was made, and copy it again.',
    command: `sha256sum ${quoteWord(file)}`,
  });
}
