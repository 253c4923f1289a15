import { isOfOneBuild, isTaken, optionByFlag, OPTIONS, type OptionName } from '../config/options/options.ts';
import type { Cell } from './cells.ts';

/** What the matrix says of each cell itself, or shows itself, besides what is of one build. */
const OURS: readonly OptionName[] = [
  'builders',
  'out',
  'lock',
  'dryRun',
  'source',
  'json',
  'quiet',
  'verbose',
  'color',
];

/**
 * The options of the line that each cell gets, one word each, as they were written: `--profile=cn`. What says which cells there are, or how
 * the run is shown, is not among them. Variables and the configuration file reach a cell by themselves. Pure.
 *
 * @param flags of `splitLine`
 */
export function handedWords(flags: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(flags).flatMap(([flag, given]) => {
    const name = optionByFlag(flag);
    if (name === null || isOfOneBuild(name) || OURS.includes(name) || !isTaken(name, 'build')) return [];
    const entries = (Array.isArray(given) ? given : [given]) as readonly unknown[];
    // Of a switch the last word counts.
    if (OPTIONS[name].form === 'boolean') return [entries.at(-1) === false ? `--no-${flag}` : `--${flag}`];
    return entries.map((entry) => `--${flag}=${String(entry)}`);
  });
}

export interface CellPlace {
  readonly out: string;
  readonly builder: string | null;
  /** `--source` of the cell; null: as everywhere. */
  readonly source: string | null;
  /** Which commit the user's own clone says that the ref is. */
  readonly commit: string | null;
  /** `--lock` of the matrix, with its placeholders. */
  readonly lock: string | null;
}

/** The build argument by which BuildKit's Dockerfile frontend tells the cache mounts of one build from another's (frontend/dockerfile, docs/reference.md). */
const CACHE_MOUNTS = 'BUILDKIT_CACHE_MOUNT_NS';

/**
 * The words of the build of one cell, without `--json`: a line that a person can repeat. Each cell has its cache mounts for itself: two that
 * run at a time neither wait for each other's locks of apt nor read its lists from another mirror. Pure.
 */
export function cellWords(cell: Cell, handed: readonly string[], place: CellPlace): readonly string[] {
  const { out, builder, source, commit, lock } = place;
  return [
    'build',
    ...['--ref', cell.ref, '--arch', cell.arch, '--target', cell.target],
    ...(source === null ? [] : ['--source', source]),
    ...(commit === null ? [] : ['--commit', commit]),
    ...(builder === null ? [] : ['--builder', builder]),
    ...handed,
    ...(handed.some((word) => word.startsWith(`--build-arg=${CACHE_MOUNTS}=`))
      ? []
      : ['--build-arg', `${CACHE_MOUNTS}=${cell.id}`]),
    ...(lock === null ? [] : ['--lock', lockOf(cell, lock)]),
    ...['--out', out],
  ];
}

/** `locks/{ref}-{arch}.lock` for one cell. A slash of a ref would name a folder. Pure. */
export function lockOf({ ref, arch, target }: Cell, template: string): string {
  const values = new Map([
    ['ref', ref.replaceAll(/[^\w.+-]/gu, '_')],
    ['arch', arch],
    ['target', target],
  ]);
  return template.replaceAll(/\{(ref|arch|target)\}/gu, (whole, name: string) => values.get(name) ?? whole);
}
