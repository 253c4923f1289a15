import { pathToFileURL } from 'node:url';
import type { CommandLine } from '../../config/layers/parse.ts';
import type { OptionName } from '../../config/options/options.ts';
import { DEFAULT_REF } from '../../config/options/source-options.ts';
import { isBareMoby, mobyTreeAround } from '../../moby/moby-tree.ts';
import { pinFor } from '../../moby/pins.ts';

/** `standingIn`, for the directory where the program was started. */
export function lineHere(line: CommandLine, cwd: string): CommandLine {
  const tree = mobyTreeAround(cwd);
  if (tree !== null) return standingIn(line, tree);
  const pin = pinFor(DEFAULT_REF);
  return pin !== null && isBareMoby(cwd, pin.commit) ? standingInBare(line, cwd) : line;
}

/** What names a tree; where nobody said any of it, the current directory may. */
const NAMING: readonly OptionName[] = ['source', 'ref', 'commit'];

function looksAtTree({ command, action }: CommandLine): boolean {
  return ['build', 'patch', 'audit', 'doctor'].includes(command) || action === 'probe';
}

/** The line, typed inside a bare clone of moby: releases are taken from it, unless the line names another source. Pure. @param dir absolute */
export function standingInBare(line: CommandLine, dir: string): CommandLine {
  if (!looksAtTree(line) || line.origins['source'] !== 'default') return line;
  return {
    ...line,
    options: { ...line.options, source: { kind: 'url', url: pathToFileURL(dir).href } },
    notes: [
      ...line.notes,
      {
        level: 'info',
        code: 'tree-here',
        message: `${dir} is a bare clone of moby, and no other source is named, so ${line.options.ref ?? DEFAULT_REF} is cloned from it.`,
        hint: '--source URL names another one.',
      },
    ],
  };
}

/**
 * The line, read where it was typed: inside a moby tree, a command on a tree means that one when the line names no other. Pure.
 *
 * @param treeAround the root of the moby tree that the current directory is in, or null
 */
export function standingIn(line: CommandLine, treeAround: string | null): CommandLine {
  const { options } = line;
  if (treeAround === null || !looksAtTree(line) || NAMING.some((name) => line.origins[name] !== 'default')) return line;
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
