import { readCaches } from '../../build-cache.ts';
import { resolveEngine } from '../../make/engine/engine.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import type { CheckContext } from '../../doctor/context.ts';
import { runChecks } from '../../doctor/checks.ts';
import { lookAtMachine } from '../../doctor/machine.ts';
import { requireMachine } from '../../doctor/require-machine.ts';
import type { Io } from '../stage/io.ts';
import type { Checked, Machine } from '../stage/stages.ts';
import { requireSealable } from './require-sealable.ts';
import { outDirFor } from './out-dir.ts';
import { whatComes } from './what-comes.ts';
import { defaultWorkRoot } from '../../workdir/work-dir.ts';

/** What of the user's the docker client reads itself: a tree that is built where it is, and the file of logins that steps see as a secret. */
export function clientReads({ inPlace, source, netrc }: RunOptions): CheckContext['clientReads'] {
  return [
    ...(inPlace && source.kind === 'directory' ? [{ option: '--in-place', path: source.path }] : []),
    ...(netrc === null ? [] : [{ option: '--netrc', path: netrc }]),
  ];
}

/**
 * Looks at everything that the build needs of this machine before anything slow begins.
 *
 * @throws MobyBuildError `machine`, exit 3, listing all that lacks with what mends each
 */
export async function checkMachine(from: Checked, io: Io): Promise<Machine & { readonly is: 'checked' }> {
  const { options } = from;
  const { env } = io;
  const engine = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    builder: options.builders[0],
    environment: env,
  });
  const checks = await runChecks({
    arch: options.arch,
    emulate: options.emulate,
    caches: { from: readCaches(options.cacheFrom, 'from'), to: readCaches(options.cacheTo, 'to') },
    ...(await whatComes(from)),
    workDir: options.workDir ?? defaultWorkRoot(),
    clientReads: clientReads(options),
    outDir: outDirFor(options, options.ref),
    engine,
    machine: await lookAtMachine(env),
    env,
    line: io.line,
  });
  const machine = { is: 'checked', engine, checks } as const;
  io.found({ machine });
  requireMachine(checks);
  requireSealable(from, machine);
  for (const { title, seen, fix, result } of checks) {
    if (result === 'warning')
      io.note({ level: 'warning', code: 'machine', message: `${title}: ${seen}`, hint: fix ?? undefined });
  }
  return machine;
}
