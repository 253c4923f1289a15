import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/system/package-root.ts';

interface ActionStep {
  readonly id?: string;
  readonly name?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly ActionStep[] };
}

export const ACTION = parse(readFileSync(join(packageRoot(), 'action.yml'), 'utf8')) as Action;

export interface ActionRun {
  /** Of the step that ended the run. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The outputs of the action. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Of each step, by id. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly summary: string;
}

/** Where a run of the action takes place. */
export interface Place {
  /** The folder of the runner's own files; made here. */
  readonly dir: string;
  /** The folder of the job. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs the steps of action.yml that are scripts as a runner of GitHub does (docs.github.com, "Workflow syntax", `bash`): inputs and outputs
 * in `env` filled in, the script in a file, the runner's files for outputs and for the summary.
 */
export async function runAction(inputs: Readonly<Record<string, string>>, place: Place): Promise<ActionRun> {
  const temp = join(place.dir, 'temp');
  mkdirSync(temp, { recursive: true });
  const known: Record<string, string> = {};
  for (const [name, { default: value = '' }] of Object.entries(ACTION.inputs)) known[name] = inputs[name] ?? value;
  const steps: Record<string, Record<string, string>> = {};
  const said = { stdout: '', stderr: '' };
  let status: number | null = 0;
  const summaryFile = join(place.dir, 'summary');
  writeFileSync(summaryFile, '');
  for (const [index, step] of ACTION.runs.steps.entries()) {
    if (step.run === undefined) continue;
    const outputFile = join(place.dir, `output-${String(index)}`);
    const script = join(place.dir, `script-${String(index)}.sh`);
    writeFileSync(outputFile, '');
    writeFileSync(script, step.run);
    const filled = Object.entries(step.env ?? {}).map(([name, value]) => [name, fillIn(value, known, steps)]);
    const env = {
      ...place.env,
      ...{
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: packageRoot(),
        RUNNER_TEMP: temp,
        RUNNER_ARCH: 'X64',
      },
      ...{ GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile, GITHUB_ENV: join(place.dir, 'env') },
      ...(Object.fromEntries(filled) as Record<string, string>),
    };
    const ended = await bash(script, place.cwd, env);
    status = ended.status;
    said.stdout += ended.stdout;
    said.stderr += ended.stderr;
    steps[step.id ?? String(index)] = readOutputs(readFileSync(outputFile, 'utf8'));
    if (status !== 0) break;
  }
  const outputs = Object.entries(ACTION.outputs).map(([name, { value }]) => [name, fillIn(value, known, steps)]);
  return {
    ...{ status, ...said, steps, summary: readFileSync(summaryFile, 'utf8') },
    outputs: Object.fromEntries(outputs) as Record<string, string>,
  };
}

function bash(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
    ...{ cwd, env, stdio: ['ignore', 'pipe', 'pipe'] as const },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

/** `${{ inputs.NAME }}` and `${{ steps.ID.outputs.NAME }}`; any other expression is a mistake of the action. */
function fillIn(
  text: string,
  inputs: Readonly<Record<string, string>>,
  steps: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  return text.replaceAll(/\$\{\{ (?:inputs\.(\w+)|steps\.(\w+)\.outputs\.(\w+)) \}\}/gu, (_, input, id, output) => {
    if (typeof input === 'string') {
      const value = inputs[input];
      if (value === undefined) throw new Error(`there is no input ${input}`);
      return value;
    }
    return steps[String(id)]?.[String(output)] ?? '';
  });
}

/** A file of outputs as the runner reads it (actions/runner, src/Runner.Worker/FileCommandManager.cs). Throws where it refuses the file. */
export function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [equals, here] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (here < 0 || equals < here)) {
      outputs[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (here > 0) {
      const end = lines.indexOf(line.slice(here + 2), at + 1);
      if (end < 0) throw new Error(`no end of ${line}`);
      outputs[line.slice(0, here)] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else throw new Error(`invalid format ${JSON.stringify(line)}`);
  }
  return outputs;
}

/** The lines that the runner takes for commands (actions/runner, src/Runner.Worker/ActionCommandManager.cs). */
export function commandsIn(text: string): readonly string[] {
  const commands: string[] = [];
  let stopped: string | null = null;
  for (const line of text.split('\n').map((each) => each.trimStart())) {
    if (!line.startsWith('::')) continue;
    if (stopped !== null) {
      if (line === `::${stopped}::`) stopped = null;
      continue;
    }
    stopped = /^::stop-commands::(.+)$/u.exec(line)?.[1] ?? null;
    if (stopped === null) commands.push(line);
  }
  return commands;
}
