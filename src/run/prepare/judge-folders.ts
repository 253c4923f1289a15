import { accessSync, constants, readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { pathOfFileUrl } from '../../mirrors/catalogue/hostile.ts';
import { parseTemplate, type MirrorOverride } from '../../mirrors/catalogue/template.ts';
import { mirrorKeyText } from '../../names.ts';
import { NEXT, type NextCommand } from '../../next-command.ts';
import { quoteWord } from '../../system/command-line.ts';
import { archiveAt, isDirectory } from '../offline/mount-folders.ts';

/** A module lies this deep at most: host, path, `@v`. */
const DEEPEST = 8;

/**
 * Looks whether each folder that a flag names as a mirror is there, can be read, and is such a mirror: a wrong one would be told of a step of the build,
 * long after.
 *
 * @throws MobyBuildError `bad-mirror` (2) that says what is wrong with which folder
 */
export function judgeFolders(overrides: readonly MirrorOverride[]): void {
  for (const { kind, part, value } of overrides) {
    const where = `--mirror ${mirrorKeyText({ kind, part })}`;
    if (kind === 'gomod')
      for (const each of value.split(/[,|]/u)) if (isFile(each)) judgeProxy(where, pathOfFileUrl(each) ?? '');
    if (!isFile(value)) continue;
    if (kind === 'git') judgeStart(where, value);
    if (kind === 'apt' || kind === 'apt-security') judgeArchive(where, kind, value, part !== undefined);
  }
}

/** Whether a file or a folder can be read. @returns what stands in the way; null: nothing */
export function isReadable(path: string): string | null {
  try {
    const facts = statSync(path);
    accessSync(path, facts.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK);
    return null;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'it is not there' : `it cannot be read (${code})`;
  }
}

function isFile(value: string): boolean {
  return /^file:/iu.test(value);
}

/** What stands before the first hole: `/srv/git` of `file:///srv/git/{repo}.git`. A clone that is not in it is named when it is needed. */
function judgeStart(where: string, value: string): void {
  const [before = ''] = value.split('{');
  const path = pathOfFileUrl(value === before ? before : before.replace(/[^/]*$/u, '')) ?? '';
  const problem = isReadable(path);
  // A repository without a hole in its name may be meant without its .git, as git takes it.
  if (problem !== null && !(value === before && isReadable(`${path}.git`) === null)) throw bad(where, path, problem);
}

function judgeArchive(where: string, kind: 'apt' | 'apt-security', value: string, isPart: boolean): void {
  const [before = ''] = value.split('{');
  if (value !== before) {
    judgeStart(where, value);
    return;
  }
  const given = pathOfFileUrl(value)?.replace(/(?<=.)\/+$/u, '') ?? '';
  requireFolder(where, given);
  const base = isPart
    ? value
    : `${parseTemplate(kind, value, where).text}/${kind === 'apt' ? 'debian' : 'debian-security'}`;
  if (isPart ? isDirectory(join(given, 'dists')) : archiveAt(base) !== null) return;
  throw bad(
    where,
    given,
    'it is no mirror of Debian: it has no folder dists, and none is in debian below it',
    'A mirror has dists/SUITE/InRelease, which Debian signed, and the packages in pool.',
  );
}

function judgeProxy(where: string, path: string): void {
  requireFolder(where, path);
  const cache = join(path, 'cache/download');
  if (isDirectory(cache))
    throw bad(
      where,
      path,
      'it is the module cache of a go command, in which the proxy is cache/download',
      'That folder has the layout of a module proxy (go help goproxy).',
      NEXT.mirror('gomod', pathToFileURL(cache).href),
    );
  if (hasModule(path, 0)) return;
  throw bad(
    where,
    path,
    'it is no module proxy: no folder in it is called @v',
    'A proxy has MODULE/@v/VERSION.zip: the folder cache/download of a GOMODCACHE, or go of an unpacked bundle.',
  );
}

function hasModule(path: string, depth: number): boolean {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return false;
  }
  const folders = entries.filter(
    (entry) => entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(join(path, entry.name))),
  );
  if (folders.some(({ name }) => name === '@v')) return true;
  return depth < DEEPEST && folders.some(({ name }) => name !== 'sumdb' && hasModule(join(path, name), depth + 1));
}

function requireFolder(where: string, path: string): void {
  const problem = isReadable(path);
  if (problem !== null) throw bad(where, path, problem);
  if (!isDirectory(path)) throw bad(where, path, 'it is no folder');
}

function bad(
  where: string,
  path: string,
  problem: string,
  hint = 'Its value is an absolute path on this machine, as a URL: file:///DIR.',
  command: NextCommand = `ls -ld ${quoteWord(path)}`,
): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-mirror',
    exitCode: EXIT.usage,
    message: `${where} names ${path}, and ${problem}.`,
    where,
    hint,
    command,
  });
}
