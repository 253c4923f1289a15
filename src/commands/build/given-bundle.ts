import { OPTIONS } from '../../config/options/options.ts';
import { UnsoundEntry } from '../../store/store.ts';
import { storedOf } from '../../run/source/stored-of-bundle.ts';
import { adoptRepositories } from '../../run/source/adopt-repositories.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';
import { NOT_WITH_BUNDLE, optionsWith, useBundle } from '../../run/offline/use-bundle.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Note } from '../../types.ts';
import { damagedBundle } from '../../run/offline/damaged-bundle.ts';
import { openWholeBundles } from '../../run/offline/open-bundles.ts';
import type { CommandContext } from '../context/context.ts';

/**
 * Reads all of the bundle of `--bundle`, says whether everything is there, and puts its repositories into the store.
 *
 * @returns the context of a build that takes everything from it
 * @throws MobyBuildError 5 before anything else is done: `bad-bundle`, `bundle-damaged`, `bundle-parts`, `older-bundle`, `bundle-lacks`; `wrong-commit` (4), `no-such-file` (2)
 */
export async function openGivenBundle(
  context: CommandContext,
  files: readonly string[],
): Promise<CommandContext & { readonly bundle: UsedBundle }> {
  // A dry run writes nothing that stays, and a plan needs the repositories.
  const temp = context.options.dryRun ? { workDir: makeTempDir('bundle').path } : {};
  const options = { ...context.options, ...temp };
  const opened = await context.wait(MESSAGES.verifyingBundle, () => openWholeBundles(files));
  const { joined: located } = opened;
  const { file } = opened.main;
  try {
    const stored = await storedOf(located, context.options, options);
    const bundle = useBundle(file, located, options, context.isGiven, stored);
    const { build } = bundle;
    const decided = optionsWith(bundle, options, context.isGiven);
    if (!options.quiet) context.say(MESSAGES.bundleHas(build.needs.length, file, build.ref, build.arch, build.target));
    await adoptRepositories(bundle, options).catch((cause: unknown) => {
      throw cause instanceof UnsoundEntry ? damagedBundle(file, cause.faults) : cause;
    });
    const ignored = NOT_WITH_BUNDLE.filter(context.isGiven).map((name) => `--${OPTIONS[name].flag}`);
    const note: Note = { level: 'warning', code: 'bundle-decides', message: MESSAGES.bundleDecides(ignored, file) };
    return {
      ...context,
      options: decided,
      notes: ignored.length === 0 ? context.notes : [...context.notes, note],
      bundle,
    };
  } catch (cause) {
    await opened.close();
    throw cause;
  }
}
