import { createHash } from 'node:crypto';
import type { Plan } from '../types.ts';
import type { Cell } from './cells.ts';

/** All that decides what a cell builds. Where it is built, and where its files go, does not. */
export interface CellInput {
  readonly toolVersion: string;
  readonly cell: Cell;
  /** The options of the build, as they are handed to its process. */
  readonly words: readonly string[];
  readonly plan: Plan;
  /** The command of the build without its folders. */
  readonly command: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string | undefined>> };
}

/** The sha256 of it: a cell whose digest is another one is built anew. Pure. */
export function cellDigest({ toolVersion, cell, words, plan, command }: CellInput): string {
  const { commit, platform, target, buildArgs } = plan;
  const text = JSON.stringify([
    ...['moby-build/cell/v1', toolVersion, cell.id, cell.ref, commit, platform, target, words],
    ...[sorted(buildArgs), command.args, sorted(command.env)],
    [...plan.after].map(([path, file]) => [path, file.mode, file.text]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  ]);
  return createHash('sha256').update(text).digest('hex');
}

function sorted(
  record: Readonly<Record<string, string | undefined>>,
): readonly (readonly [string, string | undefined])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
