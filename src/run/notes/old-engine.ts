import { splitDigest } from '../../image-reference.ts';
import { callsClone3, stopsNewCalls } from '../../make/engine/old-seccomp.ts';
import { NOTE_WORDS } from './note-words.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';

/**
 * Warns before a build of an engine that stops system calls which the base images of the plan use. Distributions may have mended an old
 * engine, so it is no refusal.
 */
export function tellOldEngine({ machine, plan }: Pick<Planned, 'machine' | 'plan'>, io: Pick<Io, 'note'>): void {
  const old = machine.is === 'checked' ? stopsNewCalls(machine.engine) : null;
  if (old === null) return;
  const images = plan.points.filter(({ kind, inClosure }) => kind === 'image' && inClosure);
  const image = images.map(({ id }) => plan.becomes.get(id) ?? '').find(callsClone3);
  if (image !== undefined)
    io.note({ level: 'warning', code: 'old-engine', ...NOTE_WORDS.oldEngine(old, splitDigest(image).plain) });
}
