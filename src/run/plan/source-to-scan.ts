import { MobyBuildError } from '../../errors.ts';
import { makeLean } from '../../patching/lean.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import { argumentSource } from './argument-source.ts';
import { crossSource } from './cross-source.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Profile } from '../../mirrors/catalogue/profile.ts';
import type { Io } from '../stage/io.ts';
import type { Crossing, Sourced } from '../stage/stages.ts';

type Scannable = Pick<Sourced, 'source'> & { readonly crossing: Crossing };

/**
 * The tree as it is scanned, and the first patches of a plan, which made it so: it cross-compiles, hears the build arguments, and fetches less.
 * Throws as these say.
 */
export function sourceToScan(from: Sourced, io: Io): Scannable {
  return leanSource({ ...from, ...argumentSource({ ...from, ...crossSource(from, io) }, io) }, io);
}

/** A tree that the rules do not fit is built with all that it fetches. */
function leanSource(
  { options, profile, source, crossing }: Sourced & { readonly crossing: Crossing },
  io: Io,
): Scannable {
  // 19.03 compiles in a container of its whole image.
  if (!(options.lean ?? isLean(profile)) || source.series.builtBy === 'docker-run') return { source, crossing };
  try {
    const { tree, patches } = makeLean(source.files, loadRuleSet(), crossing.length);
    return { source: { ...source, files: tree }, crossing: [...crossing, ...patches] };
  } catch (error) {
    if (!(error instanceof MobyBuildError) || error.code !== 'rule-mismatch') throw error;
    io.note({ level: 'info', code: 'not-lean', message: MESSAGES.notLean(error.where ?? 'Dockerfile') });
    return { source, crossing };
  }
}

/** Whether a build leaves out what it does not use, where nobody says. Two profiles have edits of their own, and no other. */
export function isLean({ style }: Pick<Profile, 'style'>): boolean {
  return style === 'chosen';
}
