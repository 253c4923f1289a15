import { readFile } from 'node:fs/promises';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { findMirror, loadCatalogue, type Catalogue } from '../../mirrors/catalogue/catalogue.ts';
import { profileLists } from '../../mirrors/catalogue/profile-lists.ts';
import { builtinProfile, type Profile } from '../../mirrors/catalogue/profile.ts';
import { isMirrorWord, parseTemplate, type MirrorOverride } from '../../mirrors/catalogue/template.ts';
import { quoteWord } from '../../system/command-line.ts';
import { whyUnreadable } from '../../system/file-error.ts';
import { mirrorKeyText, readMirrorKey } from '../../names.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Requested } from '../stage/stages.ts';
import { judgeFolders } from './judge-folders.ts';
import { networkOf } from './network.ts';

/**
 * Reads the catalogue, the profile and the `--mirror` flags, and judges the flags, before anything slow begins.
 * The certificates of `--ca` and the logins of `--netrc` are read here too: a clone needs them; and every other file that a flag names.
 *
 * @throws MobyBuildError exit 2: `bad-profile`, `bad-catalogue`, `bad-ca`, `bad-netrc`, `no-such-file`, and what `parseTemplate` throws
 */
export async function chooseMirrors(
  { options }: Pick<Requested, 'options'>,
  io: Io,
): Promise<Pick<Checked, 'catalogue' | 'profile' | 'overrides' | 'network'>> {
  const catalogue = options.catalogue === null ? loadCatalogue() : await catalogueOf(options.catalogue);
  const overrides = Object.entries(options.mirrors).flatMap(([text, value]): MirrorOverride[] => {
    const key = readMirrorKey(text);
    return key === null ? [] : [{ ...key, value }];
  });
  for (const { value, ...key } of overrides) {
    if (findMirror(catalogue, key.kind, value) !== undefined || isMirrorWord(key, value)) continue;
    parseTemplate(key.kind, value, `--mirror ${mirrorKeyText(key)}`, key.part !== undefined);
  }
  judgeFolders(overrides);
  const builtin = builtinProfile(options.profile);
  const profile =
    builtin === undefined ? await profileOf(options.profile, catalogue) : profileLists(builtin, catalogue);
  // Needed for the plan only, when a clone and a measurement are over: that they are there is seen now.
  if (options.sourcesList !== null) await readGiven(options.sourcesList, '--sources-list');
  if (options.aptKeyring !== null) await readGivenBytes(options.aptKeyring, '--apt-keyring');
  const network = await networkOf(options, io);
  return { catalogue, profile, overrides, network };
}

// Only a run with such a file loads the reader of YAML.
async function catalogueOf(file: string): Promise<Catalogue> {
  const { parseCatalogue } = await import('../../mirrors/catalogue/catalogue-file.ts');
  return parseCatalogue(await readGivenBytes(file, '--catalogue'), file, loadCatalogue());
}

async function profileOf(file: string, catalogue: Catalogue): Promise<Profile> {
  const { parseProfile } = await import('../../mirrors/catalogue/profile-file.ts');
  return parseProfile(await readGivenBytes(file, '--profile'), file, catalogue);
}

/** The text of a file that a flag names. @throws MobyBuildError `no-such-file`, exit 2 */
export async function readGiven(path: string, flag: string): Promise<string> {
  return (await readGivenBytes(path, flag)).toString('utf8');
}

/** The bytes of a file that a flag names. @throws MobyBuildError `no-such-file`, exit 2 */
export async function readGivenBytes(path: string, flag: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new MobyBuildError({
      code: 'no-such-file',
      exitCode: EXIT.usage,
      message: `${flag} ${path} cannot be read (${code ?? String(cause)}).`,
      where: flag,
      hint: `${whyUnreadable(code)} A relative path is taken from the current directory.`,
      command: `ls -ld ${quoteWord(path)}`,
      cause,
    });
  }
}
