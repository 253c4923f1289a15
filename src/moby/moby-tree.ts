import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import { quoteWord } from '../system/command-line.ts';

/** What every moby tree since 17.06 has and what a build calls. */
const LANDMARKS = ['Dockerfile', 'Makefile', 'hack/make.sh', 'hack/dockerfile/install/install.sh'];

/** Where a moby tree lies inside something larger: Debian's source package, docker-ce, a folder of clones. */
const USUAL_PLACES = ['engine', 'components/engine', 'moby', 'src/github.com/docker/docker'];

/** Throws `not-moby` (4) naming what lacks, unless `dir` is the root of a moby tree. */
export function requireMobyTree(dir: string): void {
  const missing = landmarksMissing(dir);
  if (missing.length === 0) return;
  if (!existsSync(dir)) {
    throw new MobyBuildError({
      code: 'not-moby',
      exitCode: EXIT.tree,
      message: `${dir} does not exist.`,
      where: dir,
      hint: 'A relative path is taken from the current directory.',
      command: `ls -d ${quoteWord(dir)}`,
    });
  }
  if (isBareClone(dir)) {
    throw new MobyBuildError({
      code: 'not-moby',
      exitCode: EXIT.tree,
      message: `${dir} is a bare clone: it holds no files that could be built.`,
      where: dir,
      hint: 'Its URL is cloned from, as from any other. (audit --ref TAG reads a bare clone as it is.)',
      command: NEXT.source(pathToFileURL(dir).href),
    });
  }
  const meant = treesNear(dir);
  const [near] = meant;
  const [bare] = near === undefined ? foldersIn(dir).filter(isBareClone) : [];
  if (bare !== undefined) throw bareInside(dir, bare);
  throw new MobyBuildError({
    code: 'not-moby',
    exitCode: EXIT.tree,
    message: `${dir} is not the root of a moby tree: it has no ${missing.join(', no ')}.`,
    where: dir,
    hint:
      near === undefined
        ? 'The docker command (docker/cli), containerd and runc have repositories of their own; this program builds the daemon.'
        : `${meant.length === 1 ? 'There is one in' : 'There are some in'} ${meant.slice(0, NAMED).join(', ')}.`,
    command:
      near === undefined ? 'git clone --depth 1 --branch v20.10.27 https://github.com/moby/moby' : NEXT.source(near),
  });
}

/** A folder of repositories, as a mirror or a CI keeps them. */
function bareInside(dir: string, bare: string): MobyBuildError {
  return new MobyBuildError({
    code: 'not-moby',
    exitCode: EXIT.tree,
    message: `${dir} is not the root of a moby tree, but ${bare} is a bare clone.`,
    where: dir,
    hint: 'If it is one of moby: its URL is cloned from, as from any other. (audit --ref TAG reads a bare clone as it is.)',
    command: NEXT.source(pathToFileURL(bare).href),
  });
}

/** How many trees a message names. */
const NAMED = 3;

/** The moby trees that somebody may have meant by a directory that is none: the one around it, else those inside it. */
function treesNear(dir: string): readonly string[] {
  const around = mobyTreeAround(dir);
  if (around !== null) return [around];
  const isTree = (place: string): boolean => landmarksMissing(place).length === 0;
  const usual = USUAL_PLACES.map((place) => join(dir, place)).filter(isTree);
  return usual.length > 0 ? usual : foldersIn(dir).filter(isTree);
}

/** The root of the moby tree that a directory is in, or is; null: it is in none. `dir`: absolute. */
export function mobyTreeAround(dir: string): string | null {
  for (let place = dir; ; place = dirname(place)) {
    if (landmarksMissing(place).length === 0) return place;
    if (place === dirname(place)) return null;
  }
}

function foldersIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(dir, name))
      .sort();
  } catch {
    // A file, or a directory that may not be read: there is nothing to suggest.
    return [];
  }
}

/** Whether a directory is a bare clone that has this commit of moby among its packed refs. `dir`: absolute. */
export function isBareMoby(dir: string, commit: string): boolean {
  if (!isBareClone(dir)) return false;
  try {
    return readFileSync(join(dir, 'packed-refs'), 'utf8').includes(commit);
  } catch {
    // None are packed, or they may not be read: it cannot be told.
    return false;
  }
}

/** What git itself looks for (setup.c, is_git_directory). */
function isBareClone(dir: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(dir, name)));
}

function landmarksMissing(dir: string): string[] {
  return LANDMARKS.filter((path) => !existsSync(join(dir, path)));
}
