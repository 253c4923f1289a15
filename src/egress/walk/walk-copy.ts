import type { ResolvedStage } from '../../dockerfile/closure.ts';
import type { Heredoc, Instruction, Word } from '../../dockerfile/text/dockerfile.ts';
import { matches } from '../../dockerfile/text/glob-pattern.ts';
import type { ScriptSource } from '../../shell/syntax.ts';
import { isSourcesPath, readSources } from '../world/apt-sources.ts';
import { hostOf } from '../world/default-hosts.ts';
import { baseName, resolvePath } from '../values/paths.ts';
import type { StageWorld } from '../world/stage-world.ts';
import { BASE_FOLDER } from '../../names.ts';
import type { Walk } from './walk.ts';
import { wordAnchor } from './word-anchor.ts';

/** Archives that a build puts there, and that ADD unpacks: Debian's packages and Go, and nothing of the tree. */
const MADE = new RegExp(`^/?${BASE_FOLDER}/(?:root|go)\\.tar$`, 'u');

/** COPY and ADD: what they fetch, and what of the tree or of another stage then stands in this one. */
export function walkCopy(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction): void {
  const words = instruction.json ?? instruction.words.map((word) => word.text);
  const expanded = words.map((word) => walk.variables.expand(word, world.scope, instruction));
  const target = expanded.at(-1);
  if (target === undefined || expanded.length < 2) return;
  const destination = resolvePath(world.workdir, target);
  const isFolder = /(?:^|\/)\.?$/.test(target) || expanded.length > 2;
  const from = resolved.references.find((reference) => reference.instruction === instruction)?.origin;
  for (const [index, source] of expanded.slice(0, -1).entries()) {
    const word = instruction.words[index];
    if (from !== undefined) {
      if (from.kind === 'stage')
        bringFrom(walk, from.stage.index, world, resolvePath('/', source), destination, isFolder);
    } else if (
      instruction.heredocs.some(
        (heredoc) => source.endsWith(`<<${heredoc.name}`) || source.endsWith(`<<-${heredoc.name}`),
      )
    ) {
      const heredoc = instruction.heredocs[index];
      if (heredoc === undefined) continue;
      const path = isFolder ? resolvePath(destination, heredoc.name) : destination;
      const text = heredocSource(walk, heredoc);
      world.write(path, [{ source: text, sure: true }]);
      if (isSourcesPath(path)) world.apt.put(path, readSources(text.text));
    } else if (instruction.keyword === 'ADD' && /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/i.test(source)) {
      addRemote(walk, resolved, world, instruction, {
        url: source,
        destination: isFolder && !isGitUrl(source) ? resolvePath(destination, baseName(source)) : destination,
        word: instruction.json === null ? word : undefined,
      });
    } else if (instruction.keyword === 'ADD' && source === '' && words[index] !== '') {
      const { file } = walk.dockerfile;
      const reason = `what ADD takes from ${words[index] ?? ''} is not known`;
      walk.points.unknown({ file, line: instruction.line, text: instruction.rest.text, reason });
    } else if (instruction.keyword !== 'ADD' || !MADE.test(source)) copyLocal(world, source, destination, isFolder);
  }
}

/** Rule: buildkit util/gitutil (`ParseGitRef`): an http URL whose path ends in `.git`, or another scheme's. */
function isGitUrl(url: string): boolean {
  return !/^https?:/i.test(url) || /^https?:\/\/[^?#]*\.git(?:[?#].*)?$/i.test(url);
}

/** A here-document of COPY as a script: its variables are those that the stage has. */
function heredocSource(walk: Walk, heredoc: Heredoc): ScriptSource {
  const { dockerfile } = walk;
  const { start, end } = heredoc.body;
  return {
    file: dockerfile.file,
    text: dockerfile.text.slice(start, end),
    range: (from, to) => ({ start: start + from, end: start + to }),
    lineAt: (offset) => dockerfile.lineAt(start + offset),
  };
}

function bringFrom(
  walk: Walk,
  index: number,
  world: StageWorld,
  source: string,
  destination: string,
  isFolder: boolean,
): void {
  const other = walk.worlds[index];
  if (other === undefined) return;
  const found = other.find(source);
  world.bring(
    other,
    source,
    found.kind === 'file' && isFolder ? resolvePath(destination, baseName(source)) : destination,
  );
}

/** Rule: buildkit dockerfile2llb/dispatchCopy: a folder's content is copied, a file goes under its name into a folder. */
function copyLocal(world: StageWorld, source: string, destination: string, isFolder: boolean): void {
  const path = resolvePath('/', source).slice(1);
  const paths = /[*?[]/.test(path)
    ? [...world.tree.keys()].filter((key) => key.split('/').length === path.split('/').length && matches(key, path))
    : [path];
  for (const item of paths) {
    const text = world.tree.get(item)?.text;
    const target =
      text !== undefined && (isFolder || paths.length > 1) ? resolvePath(destination, baseName(item)) : destination;
    world.put(target, item);
    if (text !== undefined && isSourcesPath(target)) world.apt.put(target, readSources(text));
    const folder = '/etc/apt/sources.list.d';
    if (text !== undefined || !folder.startsWith(target === '/' ? '/' : `${target}/`)) continue;
    for (const [key, file] of world.tree) {
      const inside = key.startsWith(item === '' ? '' : `${item}/`)
        ? resolvePath(target, key.slice(item === '' ? 0 : item.length + 1))
        : '';
      if (isSourcesPath(inside)) world.apt.put(inside, readSources(file.text));
    }
  }
}

/** ADD of a URL: a git repository where BuildKit takes it for one, else a download. */
function addRemote(
  walk: Walk,
  resolved: ResolvedStage,
  world: StageWorld,
  instruction: Instruction,
  add: { url: string; destination: string; word: Word | undefined },
): void {
  const { url, destination, word } = add;
  const isGit = isGitUrl(url);
  const { file } = walk.dockerfile;
  const line = word === undefined ? instruction.line : walk.dockerfile.lineAt(word.start);
  const kind = isGit ? 'git' : 'http';
  const text = instruction.rest.text;
  if (hostOf(url) === '' && /^https?:/i.test(url)) {
    walk.points.unknown({ file, line, text, reason: `the host of ${word?.text ?? url} is not known` });
    return;
  }
  walk.points.add({
    file,
    line,
    netLine: line,
    kind,
    url,
    host: hostOf(url),
    anchor: word === undefined ? null : wordAnchor(walk, word, world.scope, isGit ? 'git-url' : 'http-url'),
    key: url,
  });
  if (!isGit) {
    world.downloads = new Set([...world.downloads, destination]);
    if (isSourcesPath(destination))
      walk.points.unknown({ file, line, text, reason: `the list of sources put at ${destination} is not known` });
    return;
  }
  const version = /[?&](?:ref|branch|tag|commit|checksum)=([^&#]+)/.exec(url)?.[1] ?? /#([^:]+)/.exec(url)?.[1] ?? null;
  world.checkOut(destination, { url, stage: resolved.stage.name, remotes: new Map(), version });
}
