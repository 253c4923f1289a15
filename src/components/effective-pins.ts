import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { ComponentChoice, ComponentName, Scan, Tree } from '../types.ts';
import { isBuilt } from './require-built.ts';
import { DOCKERFILE, readPins, type TreePin } from './read-pins.ts';

/** Which version of a component is built, and who says so. */
export interface ComponentPin {
  readonly component: ComponentName;
  readonly variable: string;
  /** What is built: a commit id, a tag, a branch. */
  readonly pin: string;
  /** What the tree pins by itself. */
  readonly treePin: string;
  /** The comment behind the tree's pin, where that is what is built. */
  readonly note: string | null;
  /** Who says so: the tree, a build argument, or an edit. */
  readonly from: 'tree' | 'build-arg' | 'edit';
  /** Whether `--component` named it. */
  readonly asked: boolean;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly stages: readonly string[];
}

/**
 * The pins of the components that the target builds, with what `--component` and the user's build arguments make of them.
 * @param tree before any edit
 * @throws MobyBuildError `version-empty`, exit 2, for an empty build argument that takes the tree's pin away
 */
export function effectivePins(
  tree: Tree,
  scan: Scan,
  choices: readonly ComponentChoice[],
  buildArgs: Readonly<Record<string, string>>,
): readonly ComponentPin[] {
  return readPins(tree)
    .filter((pin) => isBuilt(pin, scan))
    .map((pin) => effective(pin, choices, buildArgs));
}

function effective(
  pin: TreePin,
  choices: readonly ComponentChoice[],
  buildArgs: Readonly<Record<string, string>>,
): ComponentPin {
  const { component, variable, file, line, stages } = pin;
  const where = { component, variable, treePin: pin.pin, file, line, stages };
  const choice = choices.find((candidate) => candidate.component === component);
  if (choice !== undefined) return { ...where, pin: choice.version, note: null, from: choice.by, asked: true };
  const given = buildArgs[variable];
  // The default of an ARG is for one that is not given: empty, its stage would fetch whatever a branch has by then.
  if (given === '' && file === DOCKERFILE) throw noVersion(pin);
  // `:=` of an installer takes an empty value for none, and a stage without the ARG does not see it at all.
  const heard = given !== undefined && given !== '' && stages.length > 0;
  return heard
    ? { ...where, pin: given, note: null, from: 'build-arg', asked: false }
    : { ...where, pin: pin.pin, note: pin.note, from: 'tree', asked: false };
}

function noVersion({ component, variable, pin, file, line }: TreePin): MobyBuildError {
  return new MobyBuildError({
    code: 'version-empty',
    exitCode: EXIT.usage,
    message: `--build-arg ${variable}= is empty: ${file}:${String(line)} would fetch no certain version of ${component}.`,
    where: `--build-arg ${variable}`,
    hint: `Leave it out for the tree's own ${pin}, or name another.`,
    command: NEXT.component(component, pin),
  });
}
