import type { ComponentPin } from '../../components/effective-pins.ts';
import type { ComponentChoice, MetPoint, Note } from '../../types.ts';
import type { HostSource } from '../../handover/host-sources.ts';
import { isOfThisMachine } from '../../mirrors/catalogue/hostile.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';

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
 * `v1.6.16` where they said a commit id, and `--component` may say one anywhere): git takes whatever the server has under it. Of what
 * this machine fetches beforehand only those are meant whose commit the table of src/moby/component-pins.json does not say.
 *
 * @param pins of what is built
 */
export function pinNotes(
  pins: readonly ComponentPin[],
  points: readonly MetPoint[],
  sources: readonly HostSource[] = [],
): readonly Note[] {
  const through = points.filter(({ kind, inClosure, via }) => kind === 'git' && inClosure && via === 'mirror');
  const cloned = pins.filter(
    ({ pin, file, stages }) =>
      !COMMIT_ID.test(pin) &&
      through.some((point) => (stages.length > 0 ? stages.includes(point.stage) : point.file === file)),
  );
  const loose = [
    ...cloned.map(({ component, pin }) => `${component} ${pin}`),
    ...sources.filter(({ wish }) => wish.commit === null).map(({ wish }) => wish.title),
  ];
  const [first] = loose;
  if (first === undefined) return [];
  return [
    {
      level: 'warning',
      code: 'pinned-by-tag',
      message: `Pinned by name only: ${loose.join(', ')}. Which commit that is, the git mirror says.`,
      hint: `--component ${first.replace(/ .*$/u, '')}=COMMIT pins one by its commit id.`,
    },
  ];
}

/** Says which repositories the steps of the build go on fetching themselves though this machine fetches the others. */
export function leftToBuildNotes(points: readonly MetPoint[]): readonly Note[] {
  const left = points.filter(
    ({ kind, inClosure, via }) => kind === 'git' && inClosure && via !== 'host' && via !== 'dropped',
  );
  if (left.length === 0) return [];
  const list = left.map(({ file, line, url }) => `  ${file}:${String(line)} ${url}`);
  return [
    {
      level: 'info',
      code: 'sources-left',
      message: `Not fetched beforehand, for which commit is wanted, or how it is fetched, is not of a form that is known; the build does it:\n${list.join('\n')}`,
    },
  ];
}

/**
 * Warns of mirrors that only this machine can read (a folder, ssh with its keys) where a step of the build is sent to them: what this
 * machine fetched beforehand is no matter of the steps. Pure.
 *
 * @param isMounted whether the steps see it in the tree
 */
export function ofThisMachineNotes(
  { points, goproxy }: Pick<Resolutions, 'points' | 'goproxy'>,
  isMounted: (url: string) => boolean,
): readonly Note[] {
  const all = [...points.flatMap(({ via, to }) => (via === 'mirror' && to !== null ? [to] : [])), goproxy ?? ''];
  const parts = all.flatMap((text) => text.split(/[,|]/u));
  const [first, ...more] = [...new Set(parts.filter((part) => isOfThisMachine(part) && !isMounted(part)))];
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : ` (and ${String(more.length)} more)`;
  return [
    {
      level: 'warning',
      code: 'local-mirror',
      message: `Steps of the build are sent to ${first}${others}, and a step sees neither files nor ssh keys of this machine.`,
      hint: 'Repositories: build with --sources host, which fetches them beforehand. Modules and packages: build puts them into the tree, and a patch set cannot.',
    },
  ];
}

/** Says which check of apt is off where packages come from folders. Pure. */
export function oldListsNote(): Note {
  return {
    level: 'info',
    code: 'local-mirror',
    message:
      'Packages come from a folder, so their lists may be older than their Valid-Until. Signatures are checked as ever.',
  };
}
