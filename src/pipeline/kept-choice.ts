import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { choicesSchema, type Choices } from '../mirrors/probe/choices.ts';
import { writeFileAtomic } from '../system/atomic.ts';
import { known, type RunState } from './state.ts';
import { workDirFor } from './work-dir.ts';

const KEPT_NAME = 'mirrors.json';

/** The file in the work dir that keeps which mirrors were chosen: the text in the tree is then the same from run to run. */
export function keptChoiceFile(state: RunState): string {
  return join(workDirFor(state.options, known(state, 'source').ref).dir, KEPT_NAME);
}

/** What an earlier run chose; null where none did, or where the file is not what this version writes. */
export async function readKeptChoice(state: RunState): Promise<Choices | null> {
  try {
    const parsed = choicesSchema.safeParse(JSON.parse(await readFile(keptChoiceFile(state), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

export async function keepChoice(state: RunState, choices: Choices): Promise<void> {
  await writeFileAtomic(keptChoiceFile(state), `${JSON.stringify(choices, null, 2)}\n`);
}

/** A mirror of the choice may be what failed: the next run measures anew. */
export async function forgetChoice(state: RunState): Promise<void> {
  await rm(keptChoiceFile(state), { force: true });
}
