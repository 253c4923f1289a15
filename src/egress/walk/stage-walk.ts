import type { ResolvedStage } from '../../dockerfile/closure.ts';
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
  for (const instruction of stage.instructions) {
    walk.points.follow(instruction.start);
    for (const reference of resolved.references) {
      if (reference.instruction === instruction)
        keepImage(walk, reference.origin, instruction, fromAnchor(walk, instruction, reference.origin), null);
    }
    switch (instruction.keyword) {
      case 'ARG':
      case 'ENV':
        walk.variables.apply(world.scope, instruction);
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
        if (/:\/\/|\bfrom=|\b(?:git|curl|wget|apt|apt-get|pip3?|go|npm|apk)\b/.test(instruction.rest.text)) {
          walk.points.unknown({
            file: walk.dockerfile.file,
            line: instruction.line,
            text: instruction.rest.text,
            reason: 'ONBUILD: it runs in the stages that are built on this one',
          });
        }
        break;
      default:
    }
  }
}
