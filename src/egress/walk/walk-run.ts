import type { ResolvedStage } from '../../dockerfile/closure.ts';
import type { Instruction } from '../../dockerfile/text/dockerfile.ts';
import type { Scope } from '../../dockerfile/scope.ts';
import type { ScriptSource } from '../../shell/syntax.ts';
import type { Site } from '../world/call.ts';
import { looksLikeNetworkCode } from '../detect/detect-code.ts';
import { Interpreter } from '../follow/interpreter.ts';
import { baseName, resolvePath } from '../values/paths.ts';
import { runScript } from '../follow/run-script.ts';
import { ShellState } from '../values/shell-state.ts';
import type { StageWorld } from '../world/stage-world.ts';
import { Table } from '../values/table.ts';
import { known } from '../values/value.ts';
import type { Value } from '../values/value.ts';
import { RunMemory, type Seen } from './run-memory.ts';
import type { Walk } from './walk.ts';

/** For all scans of this process: releases, architectures and the proof of a plan have most of their scripts in common. */
const RUNS = new RunMemory();

/** RUN: follows its script with its mounts in place. */
export function walkRun(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction): void {
  const { mappings, checkouts } = world;
  for (const flag of instruction.flags)
    if (flag.name === 'mount') mount(walk, resolved, world, instruction, flag.options);
  const mounted = new Set(
    [...world.checkouts].filter(([folder, checkout]) => checkouts.get(folder) !== checkout).map(([folder]) => folder),
  );
  RUNS.follow({
    text: walk.dockerfile.escape + walk.dockerfile.text.slice(instruction.start, instruction.end),
    ...{ tree: walk.tree, world, points: walk.points, arch: walk.arch },
    variables: new Map([...world.scope.args, ...world.scope.env].map(([name, { value }]) => [name, value])),
    follow: (seen) => {
      followRun(walk, resolved, world, instruction, seen);
    },
  });
  world.mappings = mappings;
  world.checkouts = new Map([...world.checkouts].filter(([folder]) => !mounted.has(folder)));
}

function followRun(walk: Walk, resolved: ResolvedStage, world: StageWorld, instruction: Instruction, seen: Seen): void {
  const site: Site = {
    points: walk.points,
    world,
    stage: resolved.stage.name,
    runKey: `${String(resolved.stage.index)}:${String(instruction.start)}`,
    get arch() {
      seen.arch = true;
      return walk.arch;
    },
    // Rule: Dockerfile reference, "RUN --network"; frontend 1.3 on.
    offline: instruction.flags.some((flag) => flag.name === 'network' && flag.value?.text === 'none'),
  };
  const source = runScript(walk.dockerfile, instruction);
  const state = new ShellState({ vars: environment(walk, world.scope, seen), cwd: world.workdir });
  const shell = baseName(world.shell[0] ?? '');
  const isShell = /^(?:ba|da|a)?sh$/.test(shell);
  const foreign = source === null ? null : foreignInterpreter(source.text);
  if (source === null) new Interpreter(site).runAlone(execForm(walk, instruction), state);
  else if (isShell && foreign === null) {
    state.isBash = (scriptInterpreter(source.text) || shell) === 'bash';
    state.errexit = world.shell.slice(1).some((word) => /^-[A-Za-z]*e/.test(word));
    new Interpreter(site).runAlone(source, state);
  } else if (!site.offline && looksLikeNetworkCode(source.text)) {
    walk.points.unknown({
      file: walk.dockerfile.file,
      line: instruction.line,
      text: source.text,
      reason: `it does not run in a shell that is followed (${foreign ?? shell})`,
    });
  }
}

/** A heredoc may name its own interpreter: its name, where it is no shell. */
function foreignInterpreter(text: string): string | null {
  const name = scriptInterpreter(text);
  return name === '' || /^(?:ba|da|a)?sh$/.test(name) ? null : name;
}

/** The program that `#!` names; '' where there is none. */
function scriptInterpreter(text: string): string {
  const [, program = '', argument = ''] = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(text) ?? [];
  return baseName(program) === 'env' ? argument : baseName(program);
}

/** `RUN ["a", "b"]`: no shell, but the command is the same. Its words have no place of their own. */
function execForm(walk: Walk, instruction: Instruction): ScriptSource {
  const text = (instruction.json ?? []).map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const home = { start: instruction.start, end: instruction.start };
  return { file: walk.dockerfile.file, text, range: () => home, lineAt: () => instruction.line };
}

/** The variables of a stage. Each says in `seen` when its value is looked at. */
function environment(walk: Walk, scope: Scope, { variables }: Seen): Table<Value> {
  const { file } = walk.dockerfile;
  const entries = [...scope.args, ...scope.env].map(([name, variable]): [string, Value] => {
    const origin =
      variable.source === null
        ? null
        : {
            file,
            ...variable.source,
            line: walk.dockerfile.lineAt(variable.source.start),
            quote: 'none' as const,
            place: 'dockerfile' as const,
          };
    return [name, watched(known(variable.value, origin, false), () => variables.add(name))];
  });
  return new Table(entries);
}

/** A value that tells when somebody looks at its text; making a copy with other marks looks at it, too. */
function watched({ text, choices, fixed, origin }: Value, look: () => void): Value {
  return {
    get text() {
      look();
      return text;
    },
    get choices() {
      look();
      return choices;
    },
    fixed,
    origin,
  };
}

/** `--mount=type=bind` shows the build context or another stage; caches and tmpfs show nothing of the tree. */
function mount(
  walk: Walk,
  resolved: ResolvedStage,
  world: StageWorld,
  instruction: Instruction,
  options: ReadonlyMap<string, string>,
): void {
  const type = options.get('type') ?? 'bind';
  if (type !== 'bind') return;
  const expand = (text: string): string => walk.variables.expand(text, world.scope, instruction);
  const target = resolvePath(
    world.workdir,
    expand(options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '.'),
  );
  const source = resolvePath('/', expand(options.get('source') ?? options.get('src') ?? '.'));
  const from = options.get('from');
  if (from === undefined || from === '') {
    world.put(target, source.slice(1));
    return;
  }
  const wanted = expand(from).toLowerCase();
  const stage = walk.dockerfile.stages
    .slice(0, resolved.stage.index)
    .findLast((item) => item.name.toLowerCase() === wanted);
  const other = stage === undefined ? undefined : walk.worlds[stage.index];
  if (other !== undefined) world.bring(other, source, target);
}
