import { EXIT, MobyBuildError } from '../errors.ts';
import { commandLine } from '../system/command-line.ts';

/**
 * `incomplete-clone` (4): a repository of the user's lacks objects. Nothing is fetched into it, for that would run what its configuration
 * names and ask whom it names.
 *
 * @param why what is missing, as git says it
 */
export function incompleteClone(dir: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'incomplete-clone',
    exitCode: EXIT.tree,
    message: `${dir} does not hold all that is asked of it: ${why}.`,
    where: dir,
    hint: 'A clone that was made with --filter lacks objects, and nothing is fetched here. If you trust its remote, let git fetch them.',
    command: commandLine({ file: 'git', args: ['-C', dir, 'fetch', '--refetch', '--no-filter'] }),
  });
}
