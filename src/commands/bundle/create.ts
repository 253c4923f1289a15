import { stat } from 'node:fs/promises';
import { readContents } from '../../bundle/check/verify.ts';
import { readBundle } from '../../bundle/open-bundle.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { GatheredBuild } from '../../bundle/make/gathered.ts';
import { begin, beginInTemp } from '../../run/begin.ts';
import { gatherInto, writing } from '../../run/bundle/bundle-steps.ts';
import { partsFor } from '../../run/bundle/gather-objects.ts';
import { showChain } from '../../run/stage/show-chain.ts';
import { CHECKING, PLANNING } from '../../run/steps.ts';
import { toFileError } from '../../system/file-error.ts';
import type { Note } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { cellsOfBundle } from './bundle-cells.ts';
import type { BundleReport } from './document.ts';

/**
 * `moby-build bundle create`: the plan of a build, and everything that it takes from elsewhere, in one file. No engine is needed.
 *
 * @throws MobyBuildError `usage`, `out-in-the-way` (2); as a build does, up to its plan
 */
export async function createBundle(context: CommandContext): Promise<BundleReport> {
  const file = context.options.out;
  if (file === null) throw needsFile();
  await requirePlace(file);
  const cells = await cellsOfBundle(context.options);
  const parts = partsFor(file);
  const chain = CHECKING.join(PLANNING).then(gatherInto(parts));
  const notes: Note[] = [];
  const builds: GatheredBuild[] = [];
  for (const [at, cell] of cells.entries()) {
    if (cells.length > 1)
      context.say(MESSAGES.bundledBuild(at + 1, cells.length, cell.ref ?? '', cell.arch, cell.target));
    const options = { ...context.options, ...cell };
    builds.push(
      await beginInTemp('bundle', { ...context, options, notes: [...notes, ...context.notes] }, async (begun) => {
        context.document['notes'] = begun.notes;
        const { gathered } = await showChain(chain, begun.from, begun.io, context.display);
        notes.splice(0, notes.length, ...begun.notes);
        return gathered;
      }),
    );
  }
  const { io } = begin('bundle', context);
  const written = await showChain(writing(parts, { file }), builds, io, context.display);
  return { command: 'bundle', action: 'create', file, written, notes };
}

function needsFile(): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: 'bundle create needs --out FILE: the file that is carried.',
    where: '--out',
    command: NEXT.out('moby.tar'),
  });
}

/** What is there may be an older bundle, and nothing else: a slip of the hand must not cost a file. */
async function requirePlace(file: string): Promise<void> {
  const facts = await stat(file).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, file);
  });
  if (facts === null) return;
  const isBundle =
    facts.isFile() &&
    (await readBundle(file, readContents).then(
      () => true,
      (cause: unknown) => {
        if (cause instanceof MobyBuildError && cause.code === 'bad-bundle') return false;
        throw cause;
      },
    ));
  if (isBundle) return;
  throw new MobyBuildError({
    code: 'out-in-the-way',
    exitCode: EXIT.usage,
    message: `${file} is there already, and is no bundle.`,
    where: '--out',
    hint: 'Name another file, or remove this one.',
    command: NEXT.out('moby.tar'),
  });
}
