import { test } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { platformArgs } from '../../../src/dockerfile/platform-args.ts';
import { Variables } from '../../../src/dockerfile/scope.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { buildOracle } from '../../support/oracle/build.mjs';
import type { OracleAnswer, OracleRequest } from '../../support/oracle/oracle.ts';
import { askOracle, shellRequest } from '../../support/oracle/oracle.ts';
import { unargued } from './argued.ts';
import type { BuildSetting } from './compare-dockerfile.ts';
import { attempt, compareDockerfile } from './compare-dockerfile.ts';
import { compareShell } from './compare-shell.ts';
import type { Difference } from './difference.ts';

export const SETTING: BuildSetting = { arch: 'arm64', buildArgs: { X_VERSION: 'v9' } };

export interface Item {
  readonly kind: 'dockerfile' | 'shell';
  readonly name: string;
  readonly text: string;
}

export interface Compared extends Item {
  readonly answer: OracleAnswer;
  readonly differences: readonly Difference[];
  /** Those that no row of docs/parsers.md argues for. */
  readonly unargued: readonly Difference[];
}

const built = await buildOracle();
if ('skip' in built) {
  const message = `The differential tests do not run: ${built.skip}`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`\n*** ${message} ***\n\n`);
}

/** A test that needs the oracle; skipped loudly without one, a failure under CI=true. */
export const withOracle = 'skip' in built ? test.skip : test;

export function ask(requests: readonly OracleRequest[]): Promise<OracleAnswer[]> {
  if ('skip' in built) throw new Error(built.skip);
  return askOracle(built.path, requests);
}

/** Has both sides read every text. */
export async function compareAll(items: readonly Item[]): Promise<Compared[]> {
  const platform = Object.fromEntries(platformArgs(SETTING.arch));
  const answers = await ask(
    items.map(({ kind, text }) =>
      kind === 'shell'
        ? shellRequest(text)
        : { kind, text, args: { ...SETTING.buildArgs, ...newerDefaults(text) }, platform },
    ),
  );
  return items.flatMap((item, index) => {
    const answer = answers[index];
    if (answer === undefined) return [];
    const differences =
      item.kind === 'shell' ? compareShell(item.text, answer) : compareDockerfile(item.text, SETTING, answer);
    return [{ ...item, answer, differences, unargued: unargued(item.kind, item.text, differences) }];
  });
}

/**
 * Global ARGs whose default uses a modifier that the oracle does not know (row `newer-modifiers`), with our value. Given to it as
 * build arguments, so that all that is built on them is compared nevertheless.
 */
function newerDefaults(text: string): Record<string, string> {
  const values = attempt(() => {
    const dockerfile = parseDockerfile(text, 'Dockerfile');
    const { globals } = new Variables(dockerfile, SETTING);
    return dockerfile.globals
      .flatMap((instruction) => instruction.assignments)
      .filter(({ value }) => value !== null && /\$\{\w+[-+#%/]/.test(value.text))
      .map(({ name }): [string, string] => [name, globals.variable(name)?.value ?? '']);
  });
  return values instanceof MobyBuildError ? {} : Object.fromEntries(values);
}

/** What a failing test shows: up to three differences of each sort with the text around them, enough to repeat each. */
export function report(compared: readonly Compared[]): string[] {
  const seen = new Map<string, number>();
  return compared.flatMap(({ kind, name, text, unargued: list }) =>
    list.flatMap(({ what, line, ours, theirs }) => {
      const count = (seen.get(what) ?? 0) + 1;
      seen.set(what, count);
      if (count > 3) return [];
      const near = text
        .split('\n')
        .slice(Math.max(0, line - 2), line + 3)
        .join('\n');
      const show = (value: unknown): string => JSON.stringify(value).slice(0, 400);
      return [
        `${kind} ${name}: ${what} at line ${String(line)}\n  ours   ${show(ours)}\n  theirs ${show(theirs)}\n  near   ${show(near)}`,
      ];
    }),
  );
}
