import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exclusion } from '../mirrors/probe/exclusion.ts';
import type { Need } from '../mirrors/candidates/need.ts';
import { choicesSchema, type Choices } from '../mirrors/probe/choices.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import type { RunOptions } from '../config/layers/parse.ts';
import { workDirFor } from './work-dir.ts';

const KEPT_NAME = 'mirrors.json';

/** What tells the work dir. */
interface Tree {
  readonly options: Pick<RunOptions, 'workDir' | 'arch'>;
  readonly source: { readonly ref: string };
}

/** The file in the work dir that keeps which mirrors were chosen: the text in the tree is then the same from run to run. */
export function keptChoiceFile({ options, source }: Tree): string {
  return join(workDirFor(options, source.ref).dir, KEPT_NAME);
}

/** What an earlier run chose; null where none did, or where the file is not what this version writes. */
export async function readKeptChoice(tree: Tree): Promise<Choices | null> {
  try {
    const parsed = choicesSchema.safeParse(JSON.parse(await readFile(keptChoiceFile(tree), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

export async function keepChoice(tree: Tree, choices: Choices): Promise<void> {
  await writeFileAtomic(keptChoiceFile(tree), `${JSON.stringify(choices, null, 2)}\n`);
}

/** Takes a mirror that failed out of the kept choice, for what it failed to serve; the next run chooses as this one does now. */
export async function dropFromChoice(
  tree: Tree,
  { kind, mirror, points }: Exclusion,
  needs: readonly Need[],
): Promise<void> {
  const kept = await readKeptChoice(tree);
  if (kept === null) return;
  const keys = needs
    .filter((need) => need.kind === kind && (points === null || need.points.some((id) => points.includes(id))))
    .map(({ key }) => key);
  const objects = kept.objects.flatMap((object) => {
    if (object.kind !== kind || !keys.includes(object.key)) return [object];
    const mirrors = object.mirrors.filter(({ id }) => id !== mirror);
    return mirrors.length === 0 ? [] : [{ ...object, mirrors }];
  });
  await keepChoice(tree, { ...kept, objects });
}

/** A mirror of the choice may be what failed: the next run measures anew. */
export async function forgetChoice(tree: Tree): Promise<void> {
  await rm(keptChoiceFile(tree), { force: true });
}
