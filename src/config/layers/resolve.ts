import { NEXT } from '../../next-command.ts';
import type * as z from 'zod';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import type { Layer, Origin, Problem, RawValue } from './layer.ts';
import type { CommandName } from '../options/option.ts';
import { auditContradictions } from './audit-contradictions.ts';
import { rangeOf } from '../ref-range.ts';
import { OPTION_NAMES, optionsOf, specOf, type OptionName, type Options } from '../options/options.ts';

export interface Resolved {
  readonly options: Options;
  /** Who said each value. */
  readonly origins: Readonly<Record<OptionName, Origin>>;
  /** Where each value that is no default was said (`--ref`, `MOBY_BUILD_REF`, `moby-build.yaml:3:8`); by `mirrors.apt` for one of pairs. */
  readonly places: ReadonlyMap<string, { readonly origin: Origin; readonly place: string }>;
}

/**
 * Puts the layers together: flags win over environment, over the config file, over defaults. Pairs are merged name by name; any
 * other value replaces the one of the layer below.
 *
 * @param layers lowest first
 * @throws MobyBuildError `usage`, exit 2, that lists every problem of every layer
 */
export function resolveOptions(
  command: CommandName,
  layers: readonly Layer[],
  more: readonly Problem[] = [],
): Resolved {
  const values = new Map<OptionName, unknown>(OPTION_NAMES.map((name) => [name, specOf(name).fallback]));
  const origins = new Map<OptionName, Origin>(OPTION_NAMES.map((name) => [name, 'default']));
  const places = new Map<string, { readonly origin: Origin; readonly place: string }>();
  const problems: Problem[] = [...more];
  for (const layer of layers) {
    problems.push(...layer.problems);
    for (const raw of layer.values) {
      const parsed = validated(raw, layer, problems);
      if (parsed === INVALID) continue;
      const merges = specOf(raw.option).form === 'pairs';
      values.set(raw.option, merges ? { ...(values.get(raw.option) as object), ...(parsed as object) } : parsed);
      origins.set(raw.option, layer.origin);
      const paths = merges ? Object.keys(parsed as object).map((name) => [name]) : [[]];
      for (const path of paths)
        places.set([raw.option, ...path].join('.'), { origin: layer.origin, place: placeOf(raw, path) });
    }
  }
  if (problems.length === 0) problems.push(...contradictions(values, command));
  if (problems.length > 0) throw usageError(problems, command);
  return {
    options: Object.fromEntries(values) as unknown as Options,
    origins: Object.fromEntries(origins) as Record<OptionName, Origin>,
    places,
  };
}

/** The place of a value without its name: messages have both, one after the other. */
function placeOf(raw: RawValue, path: readonly string[]): string {
  const where = raw.where(path);
  const names = [[raw.option, ...path].join('.'), path.join(' ')]
    .filter((name) => name !== '')
    .map((name) => ` ${name}`);
  const name = names.find((each) => where.endsWith(each)) ?? '';
  return where.slice(0, where.length - name.length);
}

const INVALID = Symbol('invalid');

function validated(raw: RawValue, layer: Layer, problems: Problem[]): unknown {
  const spec = specOf(raw.option);
  // JavaScript, and zod with it, passes over this name in silence.
  if (typeof raw.value === 'object' && raw.value !== null && Object.hasOwn(raw.value, '__proto__')) {
    problems.push({ where: raw.where(['__proto__']), message: 'is no name' });
    return INVALID;
  }
  const result = spec.schema.safeParse(raw.value);
  if (result.success) return spec.locate === undefined ? result.data : spec.locate(result.data, layer.base);
  const told = new Set<string>();
  for (const issue of result.error.issues) {
    for (const { path, message } of reasons(issue, spec.names ?? [])) {
      const where = raw.where(path);
      // One reason for each place: a value with a line break in it is, besides, not a git ref.
      if (!told.has(where)) problems.push({ where, message });
      told.add(where);
    }
  }
  return INVALID;
}

/** zod's words for wrong names of a record are about schemas; these are about names. */
function reasons(issue: z.core.$ZodIssue, names: readonly string[]): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    const message = (key: string) => `is none of ${names.join(', ')}${suggestion(key, names)}`;
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: message(key) }));
  }
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return [{ path: issue.path, message: inner?.message ?? issue.message }];
}

/** Options that cannot both hold. Only looked for when each is valid by itself. */
function contradictions(values: ReadonlyMap<OptionName, unknown>, command: CommandName): Problem[] {
  const set = (name: OptionName) => optionsOf(command).includes(name) && values.get(name) === true;
  const problems: Problem[] = [];
  const source = values.get('source') as Options['source'];
  if (set('inPlace') && source.kind === 'url') {
    problems.push({ where: '--in-place', message: 'needs --source DIR: there is no tree of yours to build in' });
  }
  if (set('inPlace') && values.get('sources') === 'host')
    problems.push({
      where: '--in-place',
      message: 'keeps the tree as a patch leaves it; --sources host puts repositories into it',
    });
  if (set('withDeps') && values.get('target') === 'dynbinary')
    problems.push({ where: '--with-deps', message: 'makes static binaries, and --target dynbinary asks for others' });
  const sealHosts = values.get('sealHosts') as Options['sealHosts'];
  if (command === 'build' && sealHosts.length > 0 && !set('seal'))
    problems.push({ where: '--seal-host', message: 'lets a host through the seal, and there is none without --seal' });
  if (set('quiet') && set('verbose')) problems.push({ where: '--quiet', message: 'says the opposite of --verbose' });
  const builders = values.get('builders') as Options['builders'];
  if (command !== 'matrix' && builders.length > 1)
    problems.push({ where: '--builder', message: 'names one builder; several of them are for matrix' });
  if (command === 'matrix' && values.get('print') !== null && set('json'))
    problems.push({ where: '--print', message: 'prints the cells, and --json the document of a run' });
  const ref = values.get('ref') as Options['ref'];
  const format = values.get('format') as Options['format'];
  if (command === 'pack' && format !== null && !['tgz', 'deb', 'rpm'].includes(format))
    problems.push({ where: '--format', message: 'of a package is tgz, deb or rpm' });
  if (command === 'sbom' && format !== null && !['cyclonedx', 'spdx'].includes(format))
    problems.push({ where: '--format', message: 'of an inventory is cyclonedx or spdx' });
  if (command === 'audit') problems.push(...auditContradictions(Object.fromEntries(values) as unknown as Options));
  else if (rangeOf(ref) !== null)
    problems.push({
      where: '--ref',
      message: 'must be a git ref, such as v20.10.12; two of them (A..B) are for audit',
    });
  return problems;
}

/** One error for all problems, each on its line with its place. */
export function usageError(problems: readonly Problem[], command: CommandName | null): MobyBuildError {
  const lines = problems.map(({ where, message }) => `${where} ${message}`);
  const [first] = problems;
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message:
      lines.length === 1
        ? (lines[0] ?? '')
        : [`${lines.length} problems:`, ...lines.map((line) => `  ${line}`)].join('\n'),
    where: first?.where,
    command: NEXT.help(command ?? 'build'),
  });
}
