import semver from 'semver';
import type { Check, CheckContext, Verdict } from './context.ts';
import { installCommand, type Lacking } from './install.ts';

/** `engines` of our package: the first 20 with require(esm) settled, which our dependencies ask for. */
const LEAST_NODE = '20.19.0';
/** sparse-checkout and partial clone as we use them came with 2.25. */
const LEAST_GIT = '2.25.0';

/** The programs that a build needs beside docker. */
export const PROGRAM_CHECKS: readonly Check[] = [
  {
    id: 'node',
    title: 'Node.js',
    skip: () => null,
    run: ({ machine }) =>
      semver.gte(machine.nodeVersion, LEAST_NODE)
        ? { result: 'ok', seen: machine.nodeVersion }
        : {
            result: 'failed',
            seen: `${machine.nodeVersion}, and ${LEAST_NODE} is the least`,
            fix: 'Install Node.js 20.19 or newer: https://nodejs.org/en/download',
          },
  },
  {
    id: 'git',
    title: 'git',
    skip: () => null,
    run: (context) => judgeProgram(context, 'git', LEAST_GIT),
  },
  {
    id: 'make',
    title: 'make',
    skip: buildsNothing,
    run: (context) => judgeProgram(context, 'make', null),
  },
  {
    id: 'bash',
    title: 'bash',
    skip: buildsNothing,
    run: (context) => judgeProgram(context, 'bash', null),
  },
];

/** Why a check of what only a build needs is left out. */
export function buildsNothing({ engine }: CheckContext): string | null {
  return engine === null ? 'nothing is built' : null;
}

async function judgeProgram({ machine }: CheckContext, name: Lacking, least: string | null): Promise<Verdict> {
  const found = await machine.program(name);
  const fix = installCommand([name], machine) ?? `Install ${name}.`;
  if (found === null) return { result: 'failed', seen: 'not on PATH', fix };
  const version = semver.coerce(found.version ?? '');
  if (least !== null && version !== null && semver.lt(version, least)) {
    return {
      result: 'failed',
      seen: `${found.version ?? ''} (${found.path}), and ${semver.parse(least)?.major ?? ''}.${semver.parse(least)?.minor ?? ''} is the least`,
      fix,
    };
  }
  return { result: 'ok', seen: found.version === null ? found.path : `${found.version} (${found.path})` };
}
