import { EXIT, MobyBuildError } from '../errors.ts';
import type { ComponentChoice, Scan } from '../types.ts';

/** Where a component's pin stands, and which stages take it. */
type Place = Pick<ComponentChoice, 'file' | 'stages'>;

/** Whether the target reaches a stage that fetches the component. */
export function isBuilt(place: Place, scan: Scan): boolean {
  const users = usersOf(place, scan);
  return scan.stages.some(({ name, inClosure }) => inClosure && users.includes(name));
}

/**
 * Refuses a component that the target does not build: its version would change nothing.
 * @throws MobyBuildError `component-outside`, exit 2
 */
export function requireBuilt(choices: readonly ComponentChoice[], scan: Scan): void {
  const outside = choices.find((choice) => !isBuilt(choice, scan));
  if (outside === undefined) return;
  const { component } = outside;
  const users = usersOf(outside, scan);
  // From 23.0 on (docker-bake.hcl, target `all`).
  const withDeps = scan.stages.some(({ name }) => name === 'all') ? ' --with-deps builds it too.' : '';
  throw new MobyBuildError({
    code: 'component-outside',
    exitCode: EXIT.usage,
    message: `The target ${scan.target} does not build ${component} in this tree, so --component ${component} would change nothing.`,
    where: `--component ${component}`,
    hint:
      users.length === 0
        ? `No stage of its Dockerfile fetches ${component}.`
        : `${component} is fetched in stage ${users.join(', ')}, which ${scan.target} does not reach.${withDeps}`,
  });
}

/** The stages with the ARG; an installer without one is known by its commands that reach out. */
function usersOf({ stages, file }: Place, { points }: Scan): readonly string[] {
  if (stages.length > 0) return stages;
  return [...new Set(points.filter((point) => point.file === file).map(({ stage }) => stage))];
}
