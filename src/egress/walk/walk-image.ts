import type { Origin } from '../../dockerfile/closure.ts';
import type { Instruction } from '../../dockerfile/text/dockerfile.ts';
import type { Anchor } from '../../types.ts';
import { locateImage } from '../../image-reference.ts';
import type { Walk } from './walk.ts';

/** Keeps the image that an instruction pulls; a stage, scratch or the build context is none. */
export function keepImage(
  walk: Walk,
  origin: Origin,
  instruction: Instruction,
  anchor: Anchor | null,
  platform: string | null,
): void {
  const { file } = walk.dockerfile;
  if (origin.kind === 'absent' && walk.points.inClosure) {
    walk.points.unknown({
      file,
      line: instruction.line,
      text: instruction.rest.text,
      reason: `the stage ${origin.name} does not exist for this platform`,
    });
  }
  if (origin.kind !== 'image') return;
  if (origin.image.trim() === '' || /[\s$]/.test(origin.image)) {
    walk.points.unknown({
      file,
      line: instruction.line,
      text: instruction.rest.text,
      reason: `the image name "${origin.image}" is not one`,
    });
    return;
  }
  const located = locateImage(origin.image);
  walk.points.add({
    file,
    line: instruction.line,
    netLine: instruction.line,
    kind: 'image',
    ...located,
    ...(platform === null ? {} : { platform }),
    anchor,
    key: located.url,
  });
}

/** The text that names an image in COPY --from or --mount=from. */
export function fromAnchor(walk: Walk, instruction: Instruction, origin: Origin): Anchor | null {
  if (origin.kind !== 'image') return null;
  const { file, text } = walk.dockerfile;
  for (const flag of instruction.flags) {
    const at = text.slice(flag.start, flag.end).search(/(?:^--|[=,])from=/);
    if (at === -1) continue;
    const start = text.indexOf('from=', flag.start + at) + 'from='.length;
    if (text.startsWith(origin.image, start))
      return { file, start, end: start + origin.image.length, text: origin.image, role: 'image', quote: 'none' };
  }
  return null;
}
