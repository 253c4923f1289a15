import type { CommandLine } from '../../config/layers/parse.ts';
import type { OptionName } from '../../config/options/options.ts';
import { mobyTreeAround } from '../../moby/moby-tree.ts';

/** `standingIn`, for the directory where the program was started. */
export function lineHere(line: CommandLine, cwd: string): CommandLine {
  return standingIn(line, mobyTreeAround(cwd));
}

/** What names a tree; where nobody said any of it, the current directory may. */
const NAMING: readonly OptionName[] = ['source', 'ref', 'commit'];

/**
 * The line, read where it was typed: inside a moby tree, a command on a tree means that one when the line names no other. Pure.
 *
 * @param treeAround the root of the moby tree that the current directory is in, or null
 */
export function standingIn(line: CommandLine, treeAround: string | null): CommandLine {
  const { command, action, origins, options } = line;
  const looksAtTree = ['build', 'patch', 'audit', 'doctor'].includes(command) || action === 'probe';
  if (treeAround === null || !looksAtTree || NAMING.some((name) => origins[name] !== 'default')) return line;
  return {
    ...line,
    options: { ...options, source: { kind: 'directory', path: treeAround }, ref: null },
    notes: [
      ...line.notes,
      {
        level: 'info',
        code: 'tree-here',
        message: `${treeAround} is a moby tree, and no other is named, so it is taken.`,
        hint: '--ref TAG takes a release in its place.',
      },
    ],
  };
}
