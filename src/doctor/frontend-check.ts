import { before, engineWithFrontend, frontendOfBuildKit } from '../make/engine/frontend-versions.ts';
import { builderApart, needsEngine, requireEngine } from './engine-checks.ts';
import type { Check, CheckContext, EngineFacts, Verdict } from './context.ts';
import { ownLine } from './own-line.ts';

/** Whether BuildKit's own frontend reads the Dockerfile that comes. */
export const FRONTEND_CHECK: Check = {
  id: 'frontend',
  title: 'Dockerfile frontend',
  skip: (context) =>
    (builderApart(context) === null ? needsEngine(context) : null) ??
    (context.frontend === null ? 'any engine will do' : null),
  run: (context) => {
    if (context.frontend === null) throw new TypeError('the check of the frontend ran without a need');
    return judgeFrontend(requireEngine(context), context.frontend, context.line);
  },
};

/** Holds the frontend inside the engine's (or the builder's) BuildKit against what the tree needs. Pure. */
export function judgeFrontend(
  { buildkitVersion, builder, serverVersion }: EngineFacts,
  { version, because }: NonNullable<CheckContext['frontend']>,
  line: readonly string[],
): Verdict {
  const own = buildkitVersion === null ? null : frontendOfBuildKit(buildkitVersion);
  if (buildkitVersion === null || own === null)
    return { result: 'ok', seen: `nothing tells which it is; ${version} is needed` };
  const container = builder !== null && builder.driver !== 'docker';
  const whose = container ? `builder ${builder.name}` : `engine ${serverVersion ?? ''}`.trim();
  const there = `${own}, in BuildKit ${buildkitVersion} of ${whose}`;
  if (!before(own, version)) return { result: 'ok', seen: there };
  const least = engineWithFrontend(version);
  const newer = container ? 'a newer builder' : `Docker Engine ${least ?? 'of a newer release'} or newer`;
  return {
    result: 'failed',
    seen: `${there}; ${version} is needed for ${because}`,
    fix: `${ownLine(line, { set: [['--frontend', 'HOST/docker/dockerfile:1']] })}   # a registry that has it in ${version} or newer; or take ${newer}`,
  };
}
