import type { ResolvedStage } from '../../dockerfile/closure.ts';
import { readInstruction } from '../../dockerfile/instruction.ts';
import type { Instruction } from '../../dockerfile/text/dockerfile.ts';
import { resolvePath } from '../values/paths.ts';
import type { StageWorld } from '../world/stage-world.ts';
import type { Walk } from './walk.ts';
import { walkCopy } from './walk-copy.ts';
import { fromAnchor, keepImage } from './walk-image.ts';
import { walkRun } from './walk-run.ts';
import { wordAnchor } from './word-anchor.ts';

/** Follows the instructions of one stage. Points go to `walk.points`, what the stage then holds is in `world`. */
export function walkStage(walk: Walk, resolved: ResolvedStage, world: StageWorld): void {
  const { stage } = resolved;
  keepImage(walk, resolved.from, stage.from, wordAnchor(walk, stage.image, walk.variables.globals), stage.platform);
  // Rule: buildkit dockerfile2llb/convert.go: triggers run before the stage's own instructions, and are not handed on.
  const { triggers } = world;
  world.triggers = [];
  for (const instruction of [...triggers, ...stage.instructions]) {
    walk.points.follow(instruction.start);
    for (const reference of resolved.references) {
      if (reference.instruction === instruction)
        keepImage(walk, reference.origin, instruction, fromAnchor(walk, instruction, reference.origin), null);
    }
    walkInstruction(walk, resolved, world, instruction);
  }
}

function walkInstruction(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction): void {
  switch (instruction.keyword) {
    case 'ARG':
    case 'ENV':
      walk.variables.apply(world.scope, instruction);
      world.openArgs = openArgs(world, instruction);
      break;
    case 'WORKDIR':
      world.workdir = resolvePath(
        world.workdir,
        walk.variables.expand(instruction.rest.text, world.scope, instruction),
      );
      break;
    case 'SHELL':
      world.shell = instruction.json ?? world.shell;
      break;
    case 'COPY':
    case 'ADD':
      walkCopy(walk, resolved, world, instruction);
      break;
    case 'RUN':
      walkRun(walk, resolved, world, instruction);
      break;
    case 'ONBUILD':
      keepTrigger(walk, world, instruction);
      break;
    default:
  }
}

function openArgs({ scope, openArgs: before }: StageWorld, { assignments }: Instruction): ReadonlySet<string> {
  const names = new Set([...before, ...assignments.map(({ name }) => name)]);
  return new Set([...names].filter((name) => scope.variable(name) === undefined));
}

/** `ONBUILD INSTRUCTION`. What it takes from another stage or image is not followed: that would change which stages a target needs. */
function keepTrigger(walk: Walk, world: StageWorld, { rest, line }: Instruction): void {
  if (rest.text === '') return;
  const trigger = readInstruction(walk.dockerfile, rest.range(0, 1).start);
  const takesFrom = trigger.flags.some((flag) => flag.name === 'from' || (flag.options.get('from') ?? '') !== '');
  if (!takesFrom) world.triggers = [...world.triggers, trigger];
  else
    walk.points.unknown({
      file: walk.dockerfile.file,
      line,
      text: rest.text,
      reason: 'ONBUILD: the stages that are built on this one take it from another stage or image',
    });
}
