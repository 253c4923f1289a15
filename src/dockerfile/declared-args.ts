import { reachable, resolveStages } from './closure.ts';
import { Variables, type BuildEnvironment } from './scope.ts';
import type { Dockerfile } from './text/dockerfile.ts';

/**
 * The build arguments that a target hears: the names of the ARGs of its closure, and of those before the first FROM. null where no stage has the
 * target's name. Pure.
 */
export function declaredArgs(
  dockerfile: Dockerfile,
  target: string,
  environment: BuildEnvironment,
): ReadonlySet<string> | null {
  const stages = resolveStages(dockerfile, new Variables(dockerfile, environment));
  const closure = reachable(stages, target);
  if (closure === null) return null;
  const instructions = [
    ...dockerfile.globals,
    ...stages.filter(({ stage }) => closure.has(stage.index)).flatMap(({ stage }) => stage.instructions),
  ];
  return new Set(
    instructions
      .filter(({ keyword }) => keyword === 'ARG')
      .flatMap(({ assignments }) => assignments.map(({ name }) => name)),
  );
}

/** Arguments that BuildKit takes without an ARG: proxies, those of its own, and the date of files (docs.docker.com/reference/dockerfile, "Predefined ARGs"). */
export const HEARD_ANYWAY =
  /^(?:(?:https?|ftp|no|all)_proxy|BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT))$/iu;
