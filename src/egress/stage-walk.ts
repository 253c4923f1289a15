import type { ResolvedStage, Origin } from '../dockerfile/closure.ts';
import type { Dockerfile, Instruction, Word } from '../dockerfile/dockerfile.ts';
import type { Scope, Variables } from '../dockerfile/scope.ts';
import type { Anchor, AnchorRole, Tree } from '../types.ts';
import { matches } from '../dockerfile/glob-pattern.ts';
import { isSourcesPath, readSources } from './apt-sources.ts';
import type { Site } from './call.ts';
import { hostOf } from './default-hosts.ts';
import { locateImage } from './image-reference.ts';
import { Interpreter } from './interpreter.ts';
import { baseName, resolvePath } from './paths.ts';
import { repositoryName } from './repositories.ts';
import type { Points } from './points.ts';
import { runScript } from './run-script.ts';
import { ShellState } from './shell-state.ts';
import type { StageWorld } from './stage-world.ts';
import { known } from './value.ts';
import type { Value } from './value.ts';

/** What a walk through the stages shares. */
export interface Walk {
  readonly dockerfile: Dockerfile;
  readonly tree: Tree;
  readonly variables: Variables;
  readonly points: Points;
  readonly arch: string;
  /** The worlds of the stages before, by index. */
  readonly worlds: StageWorld[];
}

/** Follows the instructions of one stage. Points go to `walk.points`, what the stage then holds is in `world`. */
export function walkStage(walk: Walk, resolved: ResolvedStage, world: StageWorld): void {
  const { stage } = resolved;
  keepImage(walk, resolved.from, stage.from, wordAnchor(walk, stage.image, walk.variables.globals), stage.platform);
  for (const instruction of stage.instructions) {
    for (const reference of resolved.references) {
      if (reference.instruction === instruction) keepImage(walk, reference.origin, instruction, fromAnchor(walk, instruction, reference.origin), null);
    }
    switch (instruction.keyword) {
      case 'ARG':
      case 'ENV':
        walk.variables.apply(world.scope, instruction);
        break;
      case 'WORKDIR':
        world.workdir = resolvePath(world.workdir, walk.variables.expand(instruction.rest.text, world.scope, instruction));
        break;
      case 'SHELL':
        world.shell = instruction.json ?? world.shell;
        break;
      case 'COPY':
      case 'ADD':
        walkCopy(walk, resolved, world, instruction);
        break;
      case 'RUN':
        walkRun(walk, resolved, world, instruction);
        break;
      case 'ONBUILD':
        if (/https?:\/\/|\b(?:git|curl|wget|apt-get|pip3?)\b/.test(instruction.rest.text)) {
          walk.points.unknown({ file: walk.dockerfile.file, line: instruction.line, text: instruction.rest.text, reason: 'ONBUILD: it runs in the stages that are built on this one' });
        }
        break;
      default:
    }
  }
}

function keepImage(walk: Walk, origin: Origin, instruction: Instruction, anchor: Anchor | null, platform: string | null): void {
  const { file } = walk.dockerfile;
  if (origin.kind === 'absent' && walk.points.inClosure) {
    walk.points.unknown({ file, line: instruction.line, text: instruction.rest.text, reason: `the stage ${origin.name} does not exist for this platform` });
  }
  if (origin.kind !== 'image') return;
  if (origin.image.trim() === '' || /[\s$]/.test(origin.image)) {
    walk.points.unknown({ file, line: instruction.line, text: instruction.rest.text, reason: `the image name "${origin.image}" is not one` });
    return;
  }
  const located = locateImage(origin.image);
  walk.points.add({
    file,
    line: instruction.line,
    netLine: instruction.line,
    kind: 'image',
    ...located,
    ...(platform === null ? {} : { platform }),
    anchor,
    key: located.url,
  });
}

/** The text to edit for a word of an instruction: the word, or the default of the variable that it starts with. */
function wordAnchor(walk: Walk, word: Word, scope: Scope, role: AnchorRole = 'image'): Anchor | null {
  const variable = /^["']?\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(word.text);
  let { start, end } = word;
  if (variable !== null) {
    const whole = role === 'image' ? variable[0].length === word.text.length : true;
    const source = scope.variable(variable[1] ?? variable[2] ?? '')?.source ?? null;
    if (source === null && whole) return null;
    if (source !== null && whole) ({ start, end } = source);
  } else if (/^(["']).*\1$/.test(word.text)) [start, end] = [start + 1, end - 1];
  const { file, text } = walk.dockerfile;
  return { file, start, end, text: text.slice(start, end), role, quote: 'none' };
}

function fromAnchor(walk: Walk, instruction: Instruction, origin: Origin): Anchor | null {
  if (origin.kind !== 'image') return null;
  const { file, text } = walk.dockerfile;
  for (const flag of instruction.flags) {
    const at = text.slice(flag.start, flag.end).search(/(?:^--|[=,])from=/);
    if (at === -1) continue;
    const start = text.indexOf('from=', flag.start + at) + 'from='.length;
    if (text.startsWith(origin.image, start)) return { file, start, end: start + origin.image.length, text: origin.image, role: 'image', quote: 'none' };
  }
  return null;
}

function walkCopy(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction): void {
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
      if (from.kind === 'stage') bringFrom(walk, from.stage.index, world, resolvePath('/', source), destination, isFolder);
    } else if (instruction.heredocs.some((heredoc) => source.endsWith(`<<${heredoc.name}`) || source.endsWith(`<<-${heredoc.name}`))) {
      const heredoc = instruction.heredocs[index];
      if (heredoc !== undefined && isSourcesPath(destination)) world.apt.put(destination, readSources(walk.dockerfile.text.slice(heredoc.body.start, heredoc.body.end)));
    } else if (instruction.keyword === 'ADD' && /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/i.test(source)) {
      addRemote(walk, resolved, world, instruction, { url: source, destination, word: instruction.json === null ? word : undefined });
    } else copyLocal(world, source, destination, isFolder);
  }
}

function bringFrom(walk: Walk, index: number, world: StageWorld, source: string, destination: string, isFolder: boolean): void {
  const other = walk.worlds[index];
  if (other === undefined) return;
  const found = other.find(source);
  world.bring(other, source, found.kind === 'file' && isFolder ? resolvePath(destination, baseName(source)) : destination);
}

/** Rule: buildkit dockerfile2llb/dispatchCopy: a folder's content is copied, a file goes under its name into a folder. */
function copyLocal(world: StageWorld, source: string, destination: string, isFolder: boolean): void {
  const path = resolvePath('/', source).slice(1);
  const paths = /[*?[]/.test(path) ? [...world.tree.keys()].filter((key) => key.split('/').length === path.split('/').length && matches(key, path)) : [path];
  for (const item of paths) {
    const text = world.tree.get(item)?.text;
    const target = text !== undefined && (isFolder || paths.length > 1) ? resolvePath(destination, baseName(item)) : destination;
    world.put(target, item);
    if (text !== undefined && isSourcesPath(target)) world.apt.put(target, readSources(text));
    const folder = '/etc/apt/sources.list.d';
    if (text !== undefined || !folder.startsWith(target === '/' ? '/' : `${target}/`)) continue;
    for (const [key, file] of world.tree) {
      const inside = key.startsWith(item === '' ? '' : `${item}/`) ? resolvePath(target, key.slice(item === '' ? 0 : item.length + 1)) : '';
      if (isSourcesPath(inside)) world.apt.put(inside, readSources(file.text));
    }
  }
}

/** ADD of a URL: a git repository where BuildKit takes it for one, else a download. Rule: buildkit util/gitutil (`ParseGitRef`): an http URL whose path ends in `.git`. */
function addRemote(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction, add: { url: string; destination: string; word: Word | undefined }): void {
  const { url, destination, word } = add;
  const isGit = !/^https?:/i.test(url) || /^https?:\/\/[^?#]*\.git(?:[?#].*)?$/i.test(url);
  const { file } = walk.dockerfile;
  const line = word === undefined ? instruction.line : walk.dockerfile.lineAt(word.start);
  const kind = isGit ? 'git' : 'http';
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
  if (!isGit) return;
  const version = /[?&](?:ref|branch|tag|commit|checksum)=([^&#]+)/.exec(url)?.[1] ?? /#([^:]+)/.exec(url)?.[1] ?? null;
  world.checkOut(destination, { url, stage: resolved.stage.name, remotes: new Map(), version });
  void repositoryName;
}

function walkRun(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction): void {
  const { mappings, checkouts } = world;
  for (const flag of instruction.flags) if (flag.name === 'mount') mount(walk, resolved, world, instruction, flag.options);
  const mounted = new Set([...world.checkouts].filter(([folder, checkout]) => checkouts.get(folder) !== checkout).map(([folder]) => folder));
  const site: Site = { points: walk.points, world, stage: resolved.stage.name, runKey: `${String(resolved.stage.index)}:${String(instruction.start)}`, arch: walk.arch };
  const source = runScript(walk.dockerfile, instruction);
  const state = new ShellState({ vars: environment(walk, world.scope), cwd: world.workdir });
  const shell = baseName(world.shell[0] ?? '');
  const isShell = /^(?:ba|da|a)?sh$/.test(shell);
  if (source === null) new Interpreter(site).run(execForm(walk, instruction), state);
  else if (isShell && !foreignShebang(source.text)) new Interpreter(site).run(source, state);
  else if (/:\/\//.test(source.text)) {
    walk.points.unknown({ file: walk.dockerfile.file, line: instruction.line, text: source.text, reason: `it does not run in a shell that is followed (${shell})` });
  }
  world.mappings = mappings;
  world.checkouts = new Map([...world.checkouts].filter(([folder]) => !mounted.has(folder)));
}

/** A heredoc may name its own interpreter. */
function foreignShebang(text: string): boolean {
  const line = /^#![^\n]*/.exec(text)?.[0];
  return line !== undefined && !/\b(?:ba|da|a)?sh\b/.test(line);
}

/** `RUN ["a", "b"]`: no shell, but the command is the same. Its words have no place of their own. */
function execForm(walk: Walk, instruction: Instruction): { file: string; text: string; range(): { start: number; end: number }; lineAt(): number } {
  const text = (instruction.json ?? []).map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const home = { start: instruction.start, end: instruction.start };
  return { file: walk.dockerfile.file, text, range: () => home, lineAt: () => instruction.line };
}

function environment(walk: Walk, scope: Scope): Map<string, Value> {
  const { file } = walk.dockerfile;
  const entries = [...scope.args, ...scope.env].map(([name, variable]): [string, Value] => {
    const origin = variable.source === null ? null : { file, ...variable.source, line: walk.dockerfile.lineAt(variable.source.start), quote: 'none' as const, place: 'dockerfile' as const };
    return [name, known(variable.value, origin, false)];
  });
  return new Map(entries);
}

/** `--mount=type=bind` shows the build context or another stage; caches and tmpfs show nothing of the tree. */
function mount(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction, options: ReadonlyMap<string, string>): void {
  const type = options.get('type') ?? 'bind';
  if (type !== 'bind') return;
  const expand = (text: string): string => walk.variables.expand(text, world.scope, instruction);
  const target = resolvePath(world.workdir, expand(options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '.'));
  const source = resolvePath('/', expand(options.get('source') ?? options.get('src') ?? '.'));
  const from = options.get('from');
  if (from === undefined || from === '') {
    world.put(target, source.slice(1));
    return;
  }
  const wanted = expand(from).toLowerCase();
  const stage = walk.dockerfile.stages.slice(0, resolved.stage.index).findLast((item) => item.name.toLowerCase() === wanted);
  const other = stage === undefined ? undefined : walk.worlds[stage.index];
  if (other !== undefined) world.bring(other, source, target);
}
