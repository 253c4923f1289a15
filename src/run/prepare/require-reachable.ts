import { EXIT, MobyBuildError } from '../../errors.ts';
import { isOfThisMachine } from '../../mirrors/catalogue/hostile.ts';
import { NEXT } from '../../next-command.ts';
import type { Planned } from '../stage/stages.ts';

/**
 * A step of a build sees neither files nor ssh keys of this machine. What is fetched beforehand is no matter of the steps, and a list of
 * module proxies goes on where the folder in it is not there.
 *
 * @throws MobyBuildError `mirror-of-this-machine`, exit 2, with the way that works
 */
export function requireReachable({ scan, resolutions }: Pick<Planned, 'scan' | 'resolutions'>): void {
  const inside = new Set(scan.points.flatMap(({ id, inClosure }) => (inClosure ? [id] : [])));
  const sent = resolutions.points.flatMap(({ pointId, via, to }) =>
    inside.has(pointId) && via === 'mirror' && to !== null && isOnlyHere(to) ? [to] : [],
  );
  const { goproxy } = resolutions;
  if (goproxy !== null && isOnlyHere(goproxy)) sent.push(goproxy);
  const [first] = sent;
  if (first === undefined) return;
  const modules = sent.find((to) => to === goproxy || !/\.git\b|^ssh:/u.test(to));
  throw new MobyBuildError({
    code: 'mirror-of-this-machine',
    exitCode: EXIT.usage,
    message: `Steps of the build would be sent to what only this machine has:\n${[...new Set(sent)].map((to) => `  ${to}`).join('\n')}`,
    where: '--mirror',
    hint:
      modules === undefined
        ? 'Repositories: --sources host has this machine fetch them before the build.'
        : 'Serve the folder by http (python3 -m http.server --directory DIR 8080), and name it by an address that containers reach: --mirror gomod=http://ADDRESS:8080. For repositories, --sources host has this machine fetch them.',
    command: modules === undefined ? NEXT.sourcesByHost() : NEXT.mirror('gomod', 'http://ADDRESS:8080'),
  });
}

/** Whether all of a list is read here. */
function isOnlyHere(text: string): boolean {
  return text.split(/[,|]/u).every((part) => isOfThisMachine(part) || part === 'off');
}
