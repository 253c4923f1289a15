import { fileSource } from '../../shell/source.ts';
import type { Call } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { detectFrozenImages } from './detect-frozen-images.ts';
import { looksLikeNetworkCode } from './detect-code.ts';
import { submodules } from './detect-git.ts';
import type { Flow } from './flow.ts';
import { baseName, dirName, resolvePath } from '../values/paths.ts';
import { isKnownRepository, repositoryFacts } from '../world/repositories.ts';
import { ShellState } from '../values/shell-state.ts';
import type { StageWorld, WrittenText } from '../world/stage-world.ts';
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
export function followFile(call: Call, flow: Flow): void {
  const { world } = flow.site;
  const [file, ...args] = call.args;
  if (file === undefined) return;
  if (file.choices === null) unknownCall(call, flow.site, `the file ${file.text} is not known`);
  for (const choice of file.choices ?? []) {
    const path = resolvePath(call.state.cwd, choice);
    const found = world.find(path);
    if (found.kind === 'missing' && world.isTreeFolder(dirName(found.path))) {
      unknownCall(call, flow.site, `${found.path} is not in the tree`);
    }
    if (found.kind === 'text') {
      for (const text of found.texts) followWritten(call, text, call.state, flow);
      continue;
    }
    if (found.kind === 'outside' && world.downloads.has(path))
      unknownCall(call, flow.site, `it runs ${choice}, which was downloaded`);
    if (found.kind !== 'file') continue;
    flow.once(found.path, () => {
      const { state } = call;
      const { positional, zero } = state;
      if (args.length > 0) state.positional = args;
      state.zero = path;
      runFile(found.path, state, flow);
      state.positional = positional;
      state.zero = zero;
    });
  }
}

/**
 * A path that is run: a script of the tree is followed, one of a fetched repository is not (its own sources are not here).
 * Out: whether the path was one of these, or was told as unknown.
 */
export function followScript(call: Call, name: string, args: readonly Value[], flow: Flow): boolean {
  const { world } = flow.site;
  const path = resolvePath(call.state.cwd, name);
  const found = world.find(path);
  switch (found.kind) {
    case 'checkout':
      if (repositoryFacts(found.checkout.url).submodules?.script === baseName(name))
        submodules(call, flow.site, found.folder);
      else if (!isKnownRepository(found.checkout.url, found.folder))
        unknownCall(call, flow.site, `it runs ${name} of ${found.checkout.url}, whose sources are not at hand`);
      return true;
    case 'text': {
      const vars = call.state.environment();
      const state = new ShellState({ vars, cwd: call.state.cwd, zero: path, positional: args });
      for (const text of found.texts) followWritten(call, text, state, flow);
      return true;
    }
    case 'missing':
      if (!/\.(?:sh|bash|installer)$/.test(name) || !world.isTreeFolder(dirName(found.path))) return false;
      unknownCall(call, flow.site, `${found.path} is not in the tree`);
      return true;
    case 'outside':
      if (world.downloads.has(path)) {
        unknownCall(call, flow.site, `it runs ${name}, which was downloaded`);
        return true;
      }
      if (!/\.(?:sh|bash)$/.test(name)) return false;
      unknownCall(call, flow.site, `the script ${name} is not one of the tree`);
      return true;
    case 'file':
      if (/^download-frozen-image.*\.sh$/.test(baseName(found.path)))
        detectFrozenImages({ ...call, args }, flow.site, found.path);
      else {
        flow.once(found.path, () => {
          const vars = call.state.environment();
          runFile(found.path, new ShellState({ vars, cwd: call.state.cwd, zero: path, positional: args }), flow);
        });
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
function followWritten(call: Call, text: WrittenText, state: ShellState, flow: Flow): void {
  const { source, sure } = text;
  const [, program = '/bin/sh', argument = ''] = SHEBANG.exec(source.text) ?? [];
  const name = baseName(program) === 'env' ? argument : baseName(program);
  if (!isShell(name)) {
    if (looksLikeNetworkCode(source.text)) unknownCall(call, flow.site, `it runs with ${name}, which is not followed`);
  } else if (sure)
    flow.once(`written ${source.file} ${source.text}`, () => {
      flow.run(source, state);
    });
  else if (NETWORK_WORDS.test(source.text)) unknownCall(call, flow.site, 'the text that it runs is not known');
}

function runFile(path: string, state: ShellState, flow: Flow): void {
  const text = flow.site.world.tree.get(path)?.text ?? '';
  const [, program = '/bin/sh', argument = ''] = SHEBANG.exec(text) ?? [];
  const name = baseName(program) === 'env' ? argument : baseName(program);
  if (isShell(name)) flow.run(fileSource(path, text), state);
  else {
    const reason = `it runs with ${name}, which is not followed`;
    flow.site.points.unknown({ file: path, line: 1, text: text.split('\n')[0] ?? '', reason });
  }
}

/** Script text that is a word of another script: what it holds stands on the command's line, without an anchor. */
export function followText(call: Call, text: string, sure: boolean, state: ShellState, flow: Flow): void {
  if (!sure) {
    if (NETWORK_WORDS.test(text)) unknownCall(call, flow.site, 'the text that it runs is not known');
    return;
  }
  const home = call.source.range(call.command.start, call.command.start);
  flow.once(`text ${text}`, () => {
    flow.run({ file: call.source.file, text, range: () => home, lineAt: () => call.line }, state);
  });
}
