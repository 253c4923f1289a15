import { EXIT, MobyBuildError } from '../../errors.ts';
import { isMounted } from '../offline/mount-folders.ts';
import { isOfThisMachine } from '../../mirrors/catalogue/hostile.ts';
import { NEXT } from '../../next-command.ts';
import type { Planned } from '../stage/stages.ts';

/**
 * A step of a build sees neither files nor ssh keys of this machine. What is fetched beforehand is no matter of the steps, and packages and modules are
 * put into the tree: into one of ours, for they are large and do not go again.
 *
 * @throws MobyBuildError `mirror-of-this-machine`, exit 2, with the way that works
 */
export function requireReachable({
  scan,
  resolutions,
  inPlace,
}: Pick<Planned, 'scan' | 'resolutions'> & { readonly inPlace: boolean }): void {
  const inside = new Set(scan.points.flatMap(({ id, inClosure }) => (inClosure ? [id] : [])));
  const sent = resolutions.points.flatMap(({ pointId, via, to }) =>
    inside.has(pointId) && via === 'mirror' && to !== null && isOnlyHere(to) ? [to] : [],
  );
  if (inPlace) throw folderInPlace();
  if (sent.length === 0) return;
  throw new MobyBuildError({
    code: 'mirror-of-this-machine',
    exitCode: EXIT.usage,
    message: `Steps of the build would be sent to what only this machine has:\n${[...new Set(sent)].map((to) => `  ${to}`).join('\n')}`,
    where: '--mirror',
    hint: 'Repositories: --sources host has this machine fetch them before the build.',
    command: NEXT.sourcesByHost(),
  });
}

function folderInPlace(): MobyBuildError {
  return new MobyBuildError({
    code: 'mirror-of-this-machine',
    exitCode: EXIT.usage,
    message:
      'Packages and modules of a folder are put into the tree for the steps, and --in-place would leave them in yours.',
    where: '--in-place',
    hint: 'Without --in-place a copy of your tree is built.',
    command: NEXT.sourcesByHost(),
  });
}

/** Whether all of a list is read here, and the steps do not see it in the tree. */
function isOnlyHere(text: string): boolean {
  return text.split(/[,|]/u).every((part) => isOfThisMachine(part) && !isMounted(part));
}
