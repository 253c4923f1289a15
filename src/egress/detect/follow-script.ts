import { fileSource } from '../../shell/source.ts';
import type { ScriptSource } from '../../shell/syntax.ts';
import type { Call } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { detectFrozenImages } from './detect-frozen-images.ts';
import { looksLikeNetworkCode } from './detect-code.ts';
import { submodules } from './detect-git.ts';
import { goesOn, inTurn, settle } from '../values/ends.ts';
import type { End } from '../values/ends.ts';
import type { Flow } from './flow.ts';
import { sameValues, UNKNOWN_FOLDER } from '../values/join-states.ts';
import { baseName, dirName, resolvePath } from '../values/paths.ts';
import { isKnownRepository, repositoryFacts } from '../world/repositories.ts';
import type { ShellState } from '../values/shell-state.ts';
import type { Found, StageWorld, WrittenText } from '../world/stage-world.ts';
import { concat, known } from '../values/value.ts';
import type { Value } from '../values/value.ts';

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash']);
const SHEBANG = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/;
/** Where a shell in Debian's and golang's images looks for a command. */
export const SEARCH_PATH = ['/go/bin', '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** What a text that is run may hold for it to matter that it is not known: a word of the network, or a command that is not known itself. */
const NETWORK_WORDS = /\b(?:git|curl|wget|apt-get|go|pip3?)\b|:\/\/|(?:^|[;&|({])[ \t]*["']?[$`]/m;

export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

/** `. FILE`: in the same shell, for every file that it may be. */
export function followFile(call: Call, flow: Flow): End[] {
  const { state } = call;
  const [file, ...args] = call.args;
  if (file === undefined) return [goesOn(state)];
  if (file.choices === null) {
    unknownCall(call, flow.site, `the file ${file.text} is not known`);
    state.forgetAll();
    return [goesOn(state)];
  }
  const from = state.copy();
  return settle(file.choices.flatMap((choice) => sourced({ ...call, state: from.copy() }, choice, args, flow)));
}

function sourced(call: Call, choice: string, args: readonly Value[], flow: Flow): End[] {
  const { world } = flow.site;
  const { state } = call;
  const name = choice.includes('/') ? choice : (onSearchPath(choice, world) ?? choice);
  const path = resolvePath(state.cwd, name);
  const ends: End[] = [];
  for (const found of world.findAll(path)) {
    if (found.kind === 'file' || found.kind === 'text') ends.push(...sourcedHere(call, found, path, args, flow));
    else ends.push(...notSourced(call, found, choice, path, flow));
  }
  return settle(ends);
}

/** A file that is not one of the tree: what it sets is not known. */
function notSourced(call: Call, found: Found, choice: string, path: string, flow: Flow): End[] {
  const { world } = flow.site;
  const { state } = call;
  if (found.kind === 'missing' && world.isTreeFolder(dirName(found.path)))
    unknownCall(call, flow.site, `${found.path} is not in the tree`);
  else if (found.kind === 'outside' && world.downloads.has(path))
    unknownCall(call, flow.site, `it runs ${choice}, which was downloaded`);
  else if (found.kind === 'checkout' && !isKnownRepository(found.checkout.url, found.folder))
    unknownCall(call, flow.site, `it runs ${choice} of ${found.checkout.url}, whose sources are not at hand`);
  else if (found.kind === 'outside' && isNowhere(path) && world.mayHold(baseName(path)))
    unknownCall(call, flow.site, `where ${choice} is taken from is not known`);
  state.forgetAll();
  return [goesOn(state)];
}

function sourcedHere(
  call: Call,
  found: Found & { kind: 'file' | 'text' },
  path: string,
  args: readonly Value[],
  flow: Flow,
): End[] {
  const frame = call.state;
  // Rule: bash(1), `source`: arguments are the parameters while it runs, and stay if the file sets others; sh ignores arguments.
  const lists = args.length === 0 ? [frame.positional] : call.name === '.' ? [args, frame.positional] : [args];
  const ends = lists.flatMap((list): End[] => {
    const inner = frame.copy();
    inner.positional = list;
    inner.zero = path;
    inner.callers++;
    const follow = (): End[] =>
      found.kind === 'file'
        ? runFile(found.path, inner, flow)
        : inTurn(found.texts, inner, (text, from) => followWritten(call, text, from, flow));
    const key = found.kind === 'file' ? found.path : `written at ${path}`;
    const left = flow.once(key, inner, follow) ?? [goesOn(inner)];
    return left.flatMap((end): End[] => {
      end.state.zero = frame.zero;
      end.state.callers = frame.callers;
      const back: End = end.way === 'return' ? { ...end, way: 'on' } : end;
      if (args.length === 0 || list !== args) return [back];
      const kept = { ...back, state: back.state.copy() };
      back.state.positional = frame.positional;
      return sameValues(kept.state.positional, args) ? [back] : [back, kept];
    });
  });
  return settle(ends);
}

/** A path of which a part is not known. */
function isNowhere(path: string): boolean {
  return /[$`*?]/.test(path);
}

/** A script that is run in a process of its own. */
interface Run {
  readonly name: string;
  readonly args: readonly Value[];
  /** The shell that was told to read it; null: it says itself what runs it. */
  readonly shell: string | null;
}

/**
 * A path that is run: a script of the tree is followed, one of a fetched repository is not (its own sources are not here).
 * Out: whether the path was one of these, or was told as unknown.
 */
export function followScript(call: Call, run: Run, flow: Flow): boolean {
  const path = resolvePath(call.state.cwd, run.name);
  const all = flow.site.world.findAll(path).map((found) => followFound(call, found, { ...run, path }, flow));
  return all.includes(true);
}

function followFound(
  call: Call,
  found: Found,
  { name, path, args, shell }: Run & { readonly path: string },
  flow: Flow,
): boolean {
  const { world } = flow.site;
  const alone = (text: string): ShellState => {
    const state = call.state.child(path, args);
    state.isBash = (shell ?? interpreterOf(text)) === 'bash';
    return state;
  };
  switch (found.kind) {
    case 'checkout':
      if (repositoryFacts(found.checkout.url).submodules?.script === baseName(name))
        submodules(call, flow.site, found.folder);
      else if (!isKnownRepository(found.checkout.url, found.folder))
        unknownCall(call, flow.site, `it runs ${name} of ${found.checkout.url}, whose sources are not at hand`);
      return true;
    case 'text':
      for (const text of found.texts) followWritten(call, text, alone(text.source.text), flow);
      return true;
    case 'missing':
      if (!/\.(?:sh|bash|installer)$/.test(name) || !world.isTreeFolder(dirName(found.path))) return false;
      unknownCall(call, flow.site, `${found.path} is not in the tree`);
      return true;
    case 'outside':
      if (world.downloads.has(path)) {
        unknownCall(call, flow.site, `it runs ${name}, which was downloaded`);
        return true;
      }
      if (isNowhere(path) && name.includes('/') && world.mayHold(baseName(path))) {
        unknownCall(call, flow.site, `where ${name} is taken from is not known`);
        return true;
      }
      if (!/\.(?:sh|bash)$/.test(name)) return false;
      unknownCall(call, flow.site, `the script ${name} is not one of the tree`);
      return true;
    case 'file':
      if (/^download-frozen-image.*\.sh$/.test(baseName(found.path)))
        detectFrozenImages({ ...call, args }, flow.site, found.path);
      else {
        const state = alone(world.tree.get(found.path)?.text ?? '');
        flow.once(found.path, state, () => runFile(found.path, state, flow, true));
      }
      return true;
  }
}

/** The path that a command's bare name means, where it is a file of the tree or was written by the build; else null. */
export function onSearchPath(name: string, world: StageWorld): string | null {
  const paths = SEARCH_PATH.map((folder) => `${folder}/${name}`);
  return paths.find((path) => /^(?:file|text)$/.test(world.find(path).kind)) ?? null;
}

/** A text that the build wrote before: its commands have places of their own, where they are known. */
function followWritten(call: Call, text: WrittenText, state: ShellState, flow: Flow): End[] {
  const { source, sure } = text;
  const name = interpreterOf(source.text);
  if (!isShell(name)) {
    if (looksLikeNetworkCode(source.text)) unknownCall(call, flow.site, `it runs with ${name}, which is not followed`);
  } else if (sure) {
    const ends = flow.once(`written ${source.file} ${source.text}`, state, () => flow.run(source, state));
    return ends ?? [goesOn(state)];
  } else {
    if (NETWORK_WORDS.test(source.text)) unknownCall(call, flow.site, 'the text that it runs is not known');
    state.forgetAll();
  }
  return [goesOn(state)];
}

function interpreterOf(text: string): string {
  const [, program = '/bin/sh', argument = ''] = SHEBANG.exec(text) ?? [];
  return baseName(program) === 'env' ? argument : baseName(program);
}

function runFile(path: string, state: ShellState, flow: Flow, isAlone = false): End[] {
  const text = flow.site.world.tree.get(path)?.text ?? '';
  const name = interpreterOf(text);
  if (!isShell(name)) {
    const reason = `it runs with ${name}, which is not followed`;
    flow.site.points.unknown({ file: path, line: 1, text: text.split('\n')[0] ?? '', reason });
    return [goesOn(state)];
  }
  const source = fileSource(path, text);
  if (!isAlone) return flow.run(source, state);
  // `#!/bin/sh -e`
  state.errexit ||= /^#![ \t]*\S+[ \t]+-[a-z]*e/.test(text);
  flow.runAlone(source, state);
  return [];
}

/** A script that is a word of another one: what it holds stands on the command's line, without an anchor. */
function textSource(call: Call, text: string): ScriptSource {
  const home = call.source.range(call.command.start, call.command.start);
  return { file: call.source.file, text, range: () => home, lineAt: () => call.line };
}

/** `sh -c TEXT`: script text in a process of its own, for every text that it may be. */
export function followText(call: Call, text: Value, state: ShellState, flow: Flow): void {
  if (text.choices === null) {
    if (NETWORK_WORDS.test(text.text)) unknownCall(call, flow.site, 'the text that it runs is not known');
    return;
  }
  for (const choice of text.choices) {
    const own = state.copy();
    flow.once(`text ${choice}`, own, () => {
      flow.runAlone(textSource(call, choice), own);
      return [];
    });
  }
}

/** `eval`: the words are read again, in this shell. What is not known may set any variable. */
export function followEval(call: Call, flow: Flow): End[] {
  const { state } = call;
  const text = concat(call.args.flatMap((arg, index) => (index === 0 ? [arg] : [known(' '), arg])));
  if (call.args.length === 0) return [goesOn(state, true)];
  if (text.choices === null) {
    if (NETWORK_WORDS.test(text.text)) unknownCall(call, flow.site, 'the text that it runs is not known');
    state.forgetAll();
    return [goesOn(state)];
  }
  const from = state.copy();
  return settle(
    text.choices.flatMap((choice) => {
      const own = from.copy();
      return flow.once(`text ${choice}`, own, () => flow.run(textSource(call, choice), own)) ?? [goesOn(own)];
    }),
  );
}

/** `trap TEXT SIGNAL…`: what it runs is looked at here, and again when the shell ends, for its functions may come later. */
export function followTrapText(call: Call, flow: Flow): void {
  const [first, ...signals] = call.args;
  if (first === undefined || signals.length === 0 || /^-[lp]+$|^-?$/.test(first.text)) return;
  if (first.choices === null) {
    if (NETWORK_WORDS.test(first.text)) unknownCall(call, flow.site, 'the text that it runs is not known');
    return;
  }
  for (const choice of first.choices) {
    const source = textSource(call, choice);
    call.state.traps = new Map([...call.state.traps, [choice, source]]);
    followTrap(source, call.state.copy(), flow);
  }
}

/** A trap runs at any moment, so nothing that it may read is known; only which functions there are. */
export function followTrap(trap: ScriptSource, state: ShellState, flow: Flow): void {
  state.forgetAll();
  state.traps = new Map();
  state.positional = null;
  state.cwd = UNKNOWN_FOLDER;
  flow.once(`trap ${trap.text}`, state, () => flow.run(trap, state));
}
