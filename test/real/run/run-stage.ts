import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Instruction } from '../../../src/dockerfile/text/dockerfile.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';

/**
 * Does what the RUN and COPY instructions of one stage do, with bash and without an engine: absolute paths of the step lie below `root`,
 * and a bind mount of the context is the folder itself. Only for the trees of these tests.
 */
export function runStage(text: string, name: string, at: { readonly tree: string; readonly root: string }): void {
  const stage = parseDockerfile(text, 'Dockerfile').stages.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`no stage ${name}`);
  let cwd = at.root;
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    ...{ HOME: at.root, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', TMPDIR: at.root },
  };
  mkdirSync(join(at.root, 'build'), { recursive: true });
  const copied: string[] = [];
  for (const instruction of stage.instructions) {
    const words = instruction.words.map((word) => word.text);
    if (instruction.keyword === 'WORKDIR') {
      cwd = join(at.root, words[0] ?? '');
      mkdirSync(cwd, { recursive: true });
    } else if (instruction.keyword === 'ARG') {
      for (const { name: variable, inner } of instruction.assignments)
        if (inner !== null) env[variable] = text.slice(inner.start, inner.end);
    } else if (instruction.keyword === 'COPY') {
      for (const path of words.slice(0, -1)) {
        copied.push(join(at.root, basename(path)));
        cpSync(join(at.tree, path), join(at.root, basename(path)));
      }
    } else if (instruction.keyword === 'RUN') {
      const inRoot = (script: string): string => below(script, instruction, at);
      for (const file of copied) writeFileSync(file, inRoot(readFileSync(file, 'utf8')));
      execFileSync('bash', ['-ec', inRoot(instruction.rest.text)], {
        cwd,
        env: { ...env, ...remotesOf(instruction, at.tree) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } else throw new Error(`${instruction.keyword} is not followed here`);
  }
}

/** The bind mounts of the context: where the step sees them, and where they are. */
function mountsOf({ flags }: Instruction, tree: string): readonly (readonly [target: string, path: string])[] {
  return flags.flatMap(({ options }) => {
    const [source, target] = [options.get('source'), options.get('target')];
    const bind = options.get('type') === 'bind' && source !== undefined && target !== undefined;
    return bind ? [[target, join(tree, source)] as const] : [];
  });
}

/** Lets git find the mounts of a step by a name that an earlier step gave to a remote. */
function remotesOf(instruction: Instruction, tree: string): Record<string, string> {
  const mounts = mountsOf(instruction, tree);
  const settings = mounts.flatMap(([target, path], index) => [
    [`GIT_CONFIG_KEY_${String(index)}`, `url.${path}.insteadOf`],
    [`GIT_CONFIG_VALUE_${String(index)}`, target],
  ]);
  return { GIT_CONFIG_COUNT: String(mounts.length), ...(Object.fromEntries(settings) as Record<string, string>) };
}

/** A script with the paths of the step made those of this machine. */
function below(
  script: string,
  instruction: Instruction,
  { tree, root }: { readonly tree: string; readonly root: string },
): string {
  let result = script;
  for (const [target, path] of mountsOf(instruction, tree)) result = result.replaceAll(target, path);
  return result.replaceAll(/(?<![\w.$}/-])\/(?=build\b|usr\/src\b|install\.sh\b)/g, `${root}/`);
}
