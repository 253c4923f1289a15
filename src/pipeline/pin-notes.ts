import { readComponentPins } from '../artifacts/component-pins.ts';
import type { MetPoint, Note, Tree } from '../types.ts';

const COMMIT_ID = /^[0-9a-f]{40}$/u;

/**
 * Warns of components that are cloned through a stranger and pinned by a name only: from 20.10.13 on the installers say
 * `v1.6.16` where they said a commit id, and git takes whatever the server has under that name.
 *
 * @param buildArgs the user's; one that names a pin wins over the tree
 */
export function pinNotes(
  files: Tree,
  points: readonly MetPoint[],
  buildArgs: Readonly<Record<string, string>>,
): readonly Note[] {
  const through = new Map(
    points
      .filter(({ kind, inClosure, via }) => kind === 'git' && inClosure && via === 'mirror')
      .map(({ file, mirror }) => [file, mirror]),
  );
  const loose = readComponentPins(files, buildArgs).filter(
    ({ file, pin }) => through.has(file) && !COMMIT_ID.test(pin),
  );
  const [first] = loose;
  if (first === undefined) return [];
  return [
    {
      level: 'warning',
      code: 'pinned-by-tag',
      message: `This tree pins ${loose.map(({ component, pin }) => `${component.toLowerCase()} ${pin}`).join(', ')} by tag: which commit that is, the git mirror says.`,
      hint: `--build-arg ${first.variable}=COMMIT pins one by its commit id.`,
    },
  ];
}
