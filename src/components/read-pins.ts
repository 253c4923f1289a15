import type { Dockerfile } from '../dockerfile/text/dockerfile.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { commandsOf } from '../shell/commands-of.ts';
import { parseShell } from '../shell/parse.ts';
import { fileSource } from '../shell/source.ts';
import type { Command, Part } from '../shell/syntax.ts';
import { COMPONENT_NAMES, type ComponentName, type Tree } from '../types.ts';

/** Which commit or version of a component a tree builds, and where it says so. */
export interface TreePin {
  readonly component: ComponentName;
  /** `CONTAINERD_COMMIT` up to 20.10.12, `CONTAINERD_VERSION` later; libnetwork's is a commit throughout. */
  readonly variable: string;
  /** A commit id, a tag or a pseudo-version. */
  readonly pin: string;
  /** The comment behind it, which names the tag of a commit: `v1.4.12`. */
  readonly note: string | null;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The range in the file of `pin`; half-open UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** The stages that take the variable as a build argument (`ARG`), in the order of the text; none: only an edit reaches it. */
  readonly stages: readonly string[];
}

const INSTALLER = /^hack\/dockerfile\/install\/[^/]+\.installer$/;
/** The file whose ARGs may hold a pin. */
export const DOCKERFILE = 'Dockerfile';

/** `RUNC_COMMIT` → `runc`; null for the variable of anything else. */
function componentOf(variable: string): ComponentName | null {
  const [, prefix] = /^([A-Z][A-Z0-9]*)_(?:COMMIT|VERSION)$/.exec(variable) ?? [];
  return COMPONENT_NAMES.find((name) => name.toUpperCase() === prefix) ?? null;
}

/**
 * The pins of the components, in the order of COMPONENT_NAMES; a component that the tree does not build has none.
 *
 * From moby 23.0 on a pin is the default of an ARG in the stage that fetches the component; before, an installer says
 * `: "${RUNC_VERSION:=v1.1.4}"` and its stage has an ARG without a default, whose value wins in that line. Installers that newer
 * trees keep for packagers are not run by the Dockerfile, so the ARG's default is asked first. Pure.
 * Throws exit 4 `dockerfile-syntax`, `shell-syntax`.
 */
export function readPins(tree: Tree): readonly TreePin[] {
  const text = tree.get(DOCKERFILE)?.text;
  const dockerfile = text === undefined ? null : parseDockerfile(text, DOCKERFILE);
  const pins = [...(dockerfile === null ? [] : pinsOfDockerfile(dockerfile)), ...pinsOfInstallers(tree)];
  return COMPONENT_NAMES.flatMap((name) => {
    const pin = pins.find(({ component }) => component === name);
    if (pin === undefined) return [];
    return [{ ...pin, stages: dockerfile === null ? [] : stagesWith(dockerfile, pin.variable) }];
  });
}

type FoundPin = Omit<TreePin, 'stages'>;

function pinsOfDockerfile(dockerfile: Dockerfile): FoundPin[] {
  const globals = dockerfile.globals.flatMap(({ assignments }) => assignments);
  return argsOf(dockerfile).flatMap(({ name, inner }): FoundPin[] => {
    const component = componentOf(name);
    // `ARG X` in a stage has the default of an `ARG X=…` above the first FROM (Dockerfile reference, "Understand how ARG and FROM interact").
    const range = inner ?? globals.find((global) => global.name === name)?.inner ?? null;
    if (component === null || range === null) return [];
    const { start, end } = range;
    const pin = dockerfile.text.slice(start, end);
    if (pin === '') return [];
    return [
      { component, variable: name, pin, note: null, file: dockerfile.file, line: dockerfile.lineAt(start), start, end },
    ];
  });
}

function argsOf(dockerfile: Dockerfile) {
  return dockerfile.stages.flatMap(({ name: stage, instructions }) =>
    instructions
      .filter(({ keyword }) => keyword === 'ARG')
      .flatMap(({ assignments }) => assignments.map((assignment) => ({ ...assignment, stage }))),
  );
}

function stagesWith(dockerfile: Dockerfile, variable: string): readonly string[] {
  const stages = argsOf(dockerfile).filter(({ name }) => name === variable);
  return [...new Set(stages.map(({ stage }) => stage))];
}

function pinsOfInstallers(tree: Tree): FoundPin[] {
  return [...tree].flatMap(([file, { text }]) => {
    if (!INSTALLER.test(file)) return [];
    const source = fileSource(file, text);
    return commandsOf(parseShell(source).body).flatMap((command) =>
      assignedBy(command).flatMap(({ name, start, end }): FoundPin[] => {
        const component = componentOf(name);
        const pin = text.slice(start, end);
        if (component === null || pin === '') return [];
        const note = commentBehind(text, command.end);
        return [{ component, variable: name, pin, note, file, line: source.lineAt(start), start, end }];
      }),
    );
  });
}

/** What `: "${NAME:=VALUE}"` gives to NAME where the environment has none, with the range of a plain VALUE. */
function assignedBy(command: Command): { readonly name: string; readonly start: number; readonly end: number }[] {
  const [first, ...words] = command.words;
  if (first === undefined || !('parts' in first) || first.text !== ':') return [];
  return words.flatMap((word) => ('parts' in word ? word.parts.flatMap(defaultOf) : []));
}

function defaultOf(part: Part): { readonly name: string; readonly start: number; readonly end: number }[] {
  if (part.kind !== 'parameter' || part.operation === null) return [];
  const { operator, operand } = part.operation;
  if (operator !== ':=' && operator !== '=') return [];
  return operand === null || operand.expands ? [] : [{ name: part.name, ...operand.inner }];
}

/** The comment on the rest of the line, without its `#`. */
function commentBehind(text: string, offset: number): string | null {
  return /^[ \t]*#[ \t]*(.*?)[ \t]*\r?$/m.exec(lineRest(text, offset))?.[1] ?? null;
}

function lineRest(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end === -1 ? text.length : end);
}
