import type { Dockerfile, Instruction } from '../dockerfile/text/dockerfile.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { runScript } from '../egress/follow/run-script.ts';
import { commandsOf } from '../shell/commands-of.ts';
import { parseShell } from '../shell/parse.ts';
import { fileSource } from '../shell/source.ts';
import type { Command, ScriptSource, Word } from '../shell/syntax.ts';
import type { Tree } from '../types.ts';
import type { TreePin } from './read-pins.ts';

/**
 * How the commands of a tree ask for the version that a pin names; each takes other forms of it.
 * `checkout`: in a whole clone. `fetch`: from the server, by name or full id. `branch`: as the branch or tag of a clone.
 * `go-install`: from the module proxy, as the version of a package. `add-ref`, `add-commit`: by BuildKit, in the URL of an ADD.
 */
export interface PinUse {
  readonly kind: 'checkout' | 'fetch' | 'branch' | 'go-install' | 'add-ref' | 'add-commit';
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** go-install: the highest major version that the package's path may have (`…/v2/…`: 2; without: 1). */
  readonly major?: number | undefined;
}

/**
 * Where the pin's variable is used to fetch: in the installer that sets it, and in the stages that take it. Pure.
 * Throws exit 4 `dockerfile-syntax`, `shell-syntax`.
 */
export function usesOfPin(tree: Tree, pin: TreePin): readonly PinUse[] {
  const text = tree.get('Dockerfile')?.text;
  const dockerfile = text === undefined ? null : parseDockerfile(text, 'Dockerfile');
  const installer = pin.file === 'Dockerfile' ? undefined : tree.get(pin.file)?.text;
  return [
    ...(installer === undefined ? [] : usesInScript(fileSource(pin.file, installer), pin.variable)),
    ...(dockerfile === null ? [] : usesInStages(dockerfile, pin)),
  ];
}

function usesInStages(dockerfile: Dockerfile, { stages, variable }: TreePin): readonly PinUse[] {
  return dockerfile.stages
    .filter(({ name }) => stages.includes(name))
    .flatMap(({ instructions }) => instructions)
    .flatMap((instruction) => {
      if (instruction.keyword === 'ADD') return usesInAdd(dockerfile, instruction, variable);
      const script = instruction.keyword === 'RUN' ? runScript(dockerfile, instruction) : null;
      return script === null ? [] : usesInScript(script, variable);
    });
}

/** `ADD https://host/x.git?ref=${V}&keep-git-dir=1`, `?commit=${V}`, `x.git#${V}`. Rule: Dockerfile reference, ADD, "Adding files from a Git repository". */
function usesInAdd(dockerfile: Dockerfile, { words, line }: Instruction, variable: string): readonly PinUse[] {
  const named = String.raw`\$(?:${variable}(?!\w)|\{${variable}\})`;
  const forms = [
    ['add-ref', new RegExp(String.raw`(?:[?&](?:ref|tag|branch)=|#)${named}`)],
    ['add-commit', new RegExp(String.raw`[?&](?:commit|checksum)=${named}`)],
  ] as const;
  const text = words.map((word) => word.text);
  return forms.flatMap(([kind, form]) =>
    text.some((word) => form.test(word)) ? [{ kind, file: dockerfile.file, line }] : [],
  );
}

function usesInScript(source: ScriptSource, variable: string): readonly PinUse[] {
  return commandsOf(parseShell(source).body).flatMap((command) => {
    const use = useOf(command, variable);
    return use === null ? [] : [{ ...use, file: source.file, line: source.lineAt(command.start) }];
  });
}

function useOf(command: Command, variable: string): Pick<PinUse, 'kind' | 'major'> | null {
  const words = command.words.filter((word): word is Word => 'parts' in word);
  const at = words.findIndex((word) => word.parts.some((part) => part.kind === 'parameter' && part.name === variable));
  const used = words[at];
  if (used === undefined) return null;
  const before = words.slice(0, at).map(({ text }) => text);
  if (before[0] === 'go' && before.includes('install')) {
    const major = Number(/\/v(\d+)(?:\/|@)/.exec(used.text)?.[1] ?? 1);
    return /@\$/.test(used.text) ? { kind: 'go-install', major } : null;
  }
  if (before[0] !== 'git') return null;
  if (before.includes('clone'))
    return /^(?:-b|--branch)$/.test(before.at(-1) ?? '') || used.text.startsWith('--branch=')
      ? { kind: 'branch' }
      : null;
  if (before.includes('fetch') || before.includes('pull')) return { kind: 'fetch' };
  return before.includes('checkout') || before.includes('reset') || before.includes('switch')
    ? { kind: 'checkout' }
    : null;
}
