import type { Assignment, Dockerfile, Instruction } from '../../../src/dockerfile/text/dockerfile.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import type { Scope } from '../../../src/dockerfile/scope.ts';
import { Variables } from '../../../src/dockerfile/scope.ts';
import { closure, resolveStages } from '../../../src/dockerfile/closure.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import type { OracleAnswer, OracleInstruction } from '../../support/oracle/oracle.ts';
import type { Difference } from './difference.ts';
import { Comparison } from './difference.ts';

/** What both sides are asked for. */
export interface BuildSetting {
  readonly arch: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** On which points our reading of a Dockerfile is another than BuildKit's. */
export function compareDockerfile(text: string, setting: BuildSetting, answer: OracleAnswer): Difference[] {
  const comparison = new Comparison();
  const ours = attempt(() => parseDockerfile(text, 'Dockerfile'));
  const theirs = answer.dockerfile;
  if (ours instanceof MobyBuildError || theirs === undefined) {
    comparison.compare(
      'refusal',
      answer.error?.line ?? 0,
      ours instanceof MobyBuildError ? ours.message : null,
      refusal(answer, ours),
    );
    return comparison.differences;
  }
  if (answer.error !== undefined && answer.error.phase !== 'global-arg')
    comparison.compare('laxer', answer.error.line, null, answer.error.message);
  comparison.compare('escape', 1, ours.escape, theirs.escape);
  comparison.compare('syntax', 1, ours.syntax && { ref: ours.syntax.text, line: ours.syntax.line }, theirs.syntax);
  const instructions = allInstructions(ours);
  comparison.compare(
    'keywords',
    0,
    instructions.map((item) => [item.line, item.keyword]),
    theirs.instructions.map((item) => [item.line, item.keyword]),
  );
  if (comparison.differences.some((item) => item.what === 'keywords')) return comparison.differences;
  instructions.forEach((instruction, index) => {
    const other = theirs.instructions[index];
    if (other !== undefined) compareInstruction(comparison, text, ours.escape, instruction, other);
  });
  if (answer.error === undefined || answer.error.phase === 'global-arg')
    compareStages(comparison, ours, setting, answer);
  return comparison.differences;
}

export function allInstructions(dockerfile: Dockerfile): Instruction[] {
  return [...dockerfile.globals, ...dockerfile.stages.flatMap((stage) => [stage.from, ...stage.instructions])];
}

/** Where both refuse, the reasons may be worded as each likes. */
function refusal(answer: OracleAnswer, ours: unknown): unknown {
  if (answer.error === undefined) return null;
  return ours instanceof MobyBuildError ? ours.message : answer.error.message;
}

function compareInstruction(
  comparison: Comparison,
  text: string,
  escape: string,
  ours: Instruction,
  theirs: OracleInstruction,
): void {
  const { line } = ours;
  comparison.compare('end line', line, ours.endLine, theirs.endLine);
  comparison.compare(
    'flags',
    line,
    ours.flags.map((flag) => `--${flag.name}${flag.value === null ? '' : `=${flag.value.text}`}`),
    theirs.flags.map(lowerName),
  );
  comparison.compare('json', line, ours.json !== null, theirs.json);
  comparison.compare('arguments', line, argumentsOf(ours, theirs), theirs.pairs === null ? theirs.args : theirs.pairs);
  const heredocs = ours.heredocs.map(({ name, body, expands, tabs }) => ({
    name,
    body: text.slice(body.start, body.end),
    expand: expands,
    chomp: tabs,
  }));
  comparison.compare('heredocs', line, heredocs, theirs.heredocs);
  if (theirs.mounts !== null)
    comparison.compare(
      'mounts',
      line,
      mountsOf(ours),
      theirs.mounts.map(({ type, from, source, target }) => ({ type, from, source, target })),
    );
  comparison.compare(
    'ranges',
    line,
    ours.words.map((word) => withoutContinuations(text.slice(word.start, word.end), escape)),
    ours.words.map((word) => word.text),
  );
}

/** Our reading of an instruction's arguments in the form that BuildKit's line parser for the keyword gives. */
function argumentsOf(ours: Instruction, theirs: OracleInstruction): unknown {
  const rest = ours.rest.text;
  if (theirs.pairs !== null)
    return ours.assignments.map(({ name, value }: Assignment) => ({ name, value: value?.text ?? null }));
  if (ours.json !== null && ours.keyword !== 'HEALTHCHECK') return ours.json;
  switch (ours.keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
    case 'USER':
    case 'WORKDIR':
    case 'MAINTAINER':
    case 'STOPSIGNAL':
      return rest === '' ? [] : [rest];
    case 'FROM':
    case 'COPY':
    case 'ADD':
    case 'EXPOSE':
    case 'VOLUME':
      return ours.words.map((word) => word.text);
    default:
      // Nothing is made of the arguments of LABEL, HEALTHCHECK and ONBUILD.
      return theirs.args;
  }
}

function mountsOf(ours: Instruction): unknown {
  return ours.flags.flatMap(({ name, options }) => {
    if (name !== 'mount') return [];
    const get = (...names: string[]): string =>
      names.map((key) => options.get(key)).find((value) => value !== undefined) ?? '';
    return [
      {
        type: get('type').toLowerCase() || 'bind',
        from: get('from'),
        source: get('source', 'src'),
        target: get('target', 'dst', 'destination'),
      },
    ];
  });
}

function compareStages(comparison: Comparison, ours: Dockerfile, setting: BuildSetting, answer: OracleAnswer): void {
  const names = (stages: Dockerfile['stages']): unknown =>
    stages.map(({ name, from, line, image, platform }) => [
      from.words.length === 3 ? name.toLowerCase() : '',
      line,
      image.text,
      platform ?? '',
    ]);
  const theirs = answer.dockerfile?.stages ?? [];
  const variables = attempt(() => new Variables(ours, setting));
  comparison.compare(
    'global ARG',
    answer.error?.line ?? 0,
    ...sides(variables instanceof MobyBuildError ? variables : '', answer.error?.message, ''),
  );
  if (variables instanceof MobyBuildError || answer.error !== undefined) return;
  comparison.compare(
    'stages',
    0,
    names(ours.stages),
    theirs.map(({ name, line, base, platform }) => [name, line, base, platform]),
  );
  const scopes: Scope[] = [];
  const resolved = attempt(() => resolveStages(ours, variables));
  for (const stage of ours.stages) {
    const other = theirs[stage.index];
    if (other === undefined) return;
    const image = attempt(() => variables.fromName(stage));
    comparison.compare('image', stage.line, ...sides(image, other.imageError, other.image));
    const origin = resolved instanceof MobyBuildError ? undefined : resolved[stage.index]?.from;
    const scope = variables.start(origin?.kind === 'stage' ? (scopes[origin.stage.index] ?? null) : null);
    scopes.push(scope);
    const broken = attempt(() => {
      for (const instruction of stage.instructions) variables.apply(scope, instruction);
      return null;
    });
    const env =
      broken === null
        ? Object.fromEntries([...scope.args, ...scope.env].map(([name, { value }]) => [name, value]))
        : null;
    comparison.compare(
      'env',
      stage.line,
      ...sides(env === null ? broken : sorted(env), other.envError, sorted(other.env)),
    );
  }
  // No oracle for this one; it must at least not throw where all names resolve.
  const last = ours.stages.at(-1);
  if (last?.from.words.length === 3 && !(resolved instanceof MobyBuildError))
    comparison.compare('closure', last.line, closure(ours, last.name, setting) !== null, true);
}

/** Two refusals are equal, whatever their words. */
function sides(ours: unknown, theirError: string | undefined, theirs: unknown): [unknown, unknown] {
  const refused = ours instanceof MobyBuildError;
  if (refused && theirError !== undefined) return [null, null];
  return [refused ? { error: ours.message } : ours, theirError === undefined ? theirs : { error: theirError }];
}

function sorted(env: Readonly<Record<string, string>>): unknown {
  return Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function attempt<T>(work: () => T): T | MobyBuildError {
  try {
    return work();
  } catch (error) {
    if (error instanceof MobyBuildError) return error;
    throw error;
  }
}

function lowerName(flag: string): string {
  return flag.replace(/^--[^=]*/, (name) => name.toLowerCase());
}

function withoutContinuations(text: string, escape: string): string {
  const mark = escape === '\\' ? '\\\\' : '`';
  return text.replaceAll(new RegExp(`${mark}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*`, 'g'), '');
}
