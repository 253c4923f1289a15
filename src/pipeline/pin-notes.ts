import type { ComponentPin } from '../components/effective-pins.ts';
import type { ComponentChoice, MetPoint, Note } from '../types.ts';

const COMMIT_ID = /^[0-9a-f]{40}$/u;

/** Says which components are built in another version, what the tree says, and by what it is done. */
export function componentNotes(choices: readonly ComponentChoice[]): readonly Note[] {
  if (choices.length === 0) return [];
  const lines = choices.map(({ component, version, treePin, note, by, variable, file, line }) => {
    const before = note === null ? treePin : `${treePin} (${note})`;
    const how = by === 'build-arg' ? `build argument ${variable}` : `an edit of ${file}:${String(line)}`;
    return `  ${component} ${version} in place of ${before}, by ${how}`;
  });
  return [{ level: 'info', code: 'components', message: `Other versions of components:\n${lines.join('\n')}` }];
}

/**
 * Warns of components that are fetched with git through a stranger and pinned by a name only (from 20.10.13 on the trees say
 * `v1.6.16` where they said a commit id, and `--component` may say one anywhere): git takes whatever the server has under it.
 *
 * @param pins of what is built
 */
export function pinNotes(pins: readonly ComponentPin[], points: readonly MetPoint[]): readonly Note[] {
  const through = points.filter(
    ({ kind, inClosure, via }) => kind === 'git' && inClosure && (via === 'mirror' || via === 'host'),
  );
  const loose = pins.filter(
    ({ pin, file, stages }) =>
      !COMMIT_ID.test(pin) &&
      through.some((point) => (stages.length > 0 ? stages.includes(point.stage) : point.file === file)),
  );
  const [first] = loose;
  if (first === undefined) return [];
  return [
    {
      level: 'warning',
      code: 'pinned-by-tag',
      message: `Pinned by name only: ${loose.map(({ component, pin }) => `${component} ${pin}`).join(', ')}. Which commit that is, the git mirror says.`,
      hint: `--component ${first.component}=COMMIT pins one by its commit id.`,
    },
  ];
}
