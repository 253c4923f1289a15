import type { Dockerfile, Instruction, Stage } from './text/dockerfile.ts';
import { matches } from './text/glob-pattern.ts';
import { Variables } from './scope.ts';
import type { BuildEnvironment } from './scope.ts';

/** What a stage stands on. */
export type Origin =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'scratch' }
  /** A stage that exists for other platforms only: `containerutil-windows-${TARGETARCH}` on arm64. No image of that name is meant. */
  | { readonly kind: 'absent'; readonly name: string };

/** A stage with its names resolved. */
export interface ResolvedStage {
  readonly stage: Stage;
  readonly from: Origin;
  /** Where COPY --from and --mount=from point, in the order of the text; `null` where no `from` is given or it names the build context. */
  readonly references: readonly Reference[];
}

export interface Reference {
  readonly instruction: Instruction;
  readonly origin: Origin;
}

/** The stages by index, each with what it is built from. Only a stage that stands earlier can be meant by a name. */
export function resolveStages(dockerfile: Dockerfile, variables: Variables): ResolvedStage[] {
  return dockerfile.stages.map((stage) => {
    const earlier = dockerfile.stages.slice(0, stage.index);
    return {
      stage,
      from: fromOrigin(variables.fromName(stage), stage.image.text, earlier),
      references: stage.instructions.flatMap((instruction) =>
        fromWords(instruction).map(({ text, byIndex }) => ({
          instruction,
          origin: reference(variables.expand(text, variables.globals, instruction), earlier, byIndex),
        })),
      ),
    };
  });
}

/**
 * The stages that building `target` reaches: by FROM, by COPY --from (name or index) and by --mount=from.
 * In: the Dockerfile, the target's name (upper and lower case are the same), the platform and build arguments that ARGs depend on.
 * Out: the indexes of the stages; null where no stage has that name.
 * Rule: buildkit frontend/dockerfile/dockerfile2llb/convert.go (`findReachable`, `findStateByName`).
 */
export function closure(
  dockerfile: Dockerfile,
  target: string,
  environment: BuildEnvironment,
): ReadonlySet<number> | null {
  return reachable(resolveStages(dockerfile, new Variables(dockerfile, environment)), target);
}

/** As `closure`, for stages that are resolved already. */
export function reachable(stages: readonly ResolvedStage[], target: string): ReadonlySet<number> | null {
  const wanted = lastNamed(
    stages.map((resolved) => resolved.stage),
    target,
  );
  if (wanted === undefined) return null;
  const reached = new Set<number>();
  const open = [wanted.index];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const resolved = stages[index];
    if (resolved === undefined || reached.has(index)) continue;
    reached.add(index);
    for (const origin of [resolved.from, ...resolved.references.map((item) => item.origin)]) {
      if (origin.kind === 'stage') open.push(origin.stage.index);
    }
  }
  return reached;
}

function fromOrigin(name: string, written: string, earlier: readonly Stage[]): Origin {
  const stage = lastNamed(earlier, name);
  if (stage !== undefined) return { kind: 'stage', stage };
  const pattern = written.replaceAll(/\$(?:\{[^}]*\}|\w+)/g, '*').toLowerCase();
  if (
    /\*/.test(pattern) &&
    /^[\w.*-]*[a-z0-9]-?[\w.*-]*$/.test(pattern) &&
    earlier.some((item) => matches(item.name.toLowerCase(), pattern))
  ) {
    return { kind: 'absent', name };
  }
  return name === 'scratch' ? { kind: 'scratch' } : { kind: 'image', image: name };
}

function reference(name: string, earlier: readonly Stage[], byIndex: boolean): Origin {
  const stage = byIndex && /^\d+$/.test(name) ? earlier[Number(name)] : lastNamed(earlier, name);
  return stage === undefined ? { kind: 'image', image: name } : { kind: 'stage', stage };
}

/** Two stages may have one name: the later one is meant. A stage without a name cannot be named. */
function lastNamed(stages: readonly Stage[], name: string): Stage | undefined {
  return stages.findLast((stage) => stage.from.words.length === 3 && stage.name.toLowerCase() === name.toLowerCase());
}

function fromWords(instruction: Instruction): { text: string; byIndex: boolean }[] {
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    return instruction.flags.flatMap((flag) =>
      flag.name === 'from' && flag.value !== null ? [{ text: flag.value.text, byIndex: true }] : [],
    );
  }
  if (instruction.keyword !== 'RUN') return [];
  return instruction.flags.flatMap((flag) => {
    const from = flag.options.get('from');
    return from === undefined || from === '' ? [] : [{ text: from, byIndex: false }];
  });
}
