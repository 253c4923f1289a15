import { notSeenHere } from '../engine-checks.ts';
import { CHECKS } from '../checks.ts';
import type { DoctorCheck } from '../../doctor-check-ids.ts';
import type { DoctorResult } from '../../document/parts.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';
import { MobyBuildError } from '../../errors.ts';
import { GROUPS, LOCAL_MS, NETWORK_MS, type Asked, type FurtherCheck, type Group, type Judged } from './asked.ts';
import { CLIENT_CHECKS } from './client-checks.ts';
import { ENGINE_STATE_CHECKS } from './engine-state-checks.ts';
import { FILE_CHECKS } from './file-checks.ts';
import { KERNEL_CHECKS } from './kernel-checks.ts';
import { NETWORK_CHECKS } from './network-checks.ts';
import { PROXY_CHECKS } from './proxy-checks.ts';
import { REQUEST_CHECKS } from './request-checks.ts';

/** The sections that the checks of a build stand in. */
const GROUP_OF: Readonly<Record<DoctorCheck, Group>> = {
  node: 'Programs',
  git: 'Programs',
  make: 'Programs',
  bash: 'Programs',
  'docker-client': 'Programs',
  'docker-on-path': 'Programs',
  buildkit: 'Programs',
  'docker-snap': 'Programs',
  engine: 'Engine',
  builder: 'Engine',
  frontend: 'Engine',
  'build-cache': 'Engine',
  architecture: 'Engine',
  'work-dir': 'Files',
  'out-dir': 'Files',
  'engine-disk': 'Files',
  memory: 'Engine',
};

/** A program that does not say its version is waited for, by `lookAtMachine`, longer than another check may take. */
const PROGRAM_MS = 6_000;

/** Checks that only `doctor` makes. */
export const FURTHER_CHECKS: readonly FurtherCheck[] = [
  ...REQUEST_CHECKS,
  ...CLIENT_CHECKS,
  ...ENGINE_STATE_CHECKS,
  ...PROXY_CHECKS,
  ...NETWORK_CHECKS,
  ...FILE_CHECKS,
  ...KERNEL_CHECKS,
];

type AnyCheck = Omit<FurtherCheck, 'id'> & { readonly id: DoctorResult['id'] };

/** All checks, those of a build among them, in the order in which a machine is set up: the first that fails is the first to fix. */
export const ALL_CHECKS: readonly AnyCheck[] = GROUPS.flatMap((group) => [
  ...CHECKS.filter(({ id }) => GROUP_OF[id] === group).map((check) => ({ ...check, group, limitMs: PROGRAM_MS })),
  ...FURTHER_CHECKS.filter((check) => check.group === group),
]);

/**
 * Makes the checks one after the other. A check that throws, or takes longer than it may, is `unknown` with the reason, and ends nothing.
 *
 * @param wait called before each that may have to wait for a server
 * @throws MobyBuildError `interrupted`, when the run is being ended
 */
export async function runDoctor(
  asked: Asked,
  checks: readonly AnyCheck[],
  wait: (title: string) => void = () => undefined,
): Promise<DoctorResult[]> {
  const results: DoctorResult[] = [];
  for (const check of checks) {
    throwIfStopping();
    const { id, title, group } = check;
    const reason = check.skip(asked);
    if (reason !== null) {
      // What another machine has is not known, and never judged by this one.
      const result = reason === notSeenHere(asked) ? 'unknown' : 'skipped';
      results.push({ id, title, group, result, seen: reason, fix: null, seconds: 0 });
      continue;
    }
    if (check.limitMs === NETWORK_MS) wait(title);
    const started = performance.now();
    const { result, seen, fix } = await verdictOf(check, asked);
    const seconds = (performance.now() - started) / 1000;
    results.push({ id, title, group, result, seen, fix: fix ?? null, seconds });
  }
  return results;
}

async function verdictOf({ run, limitMs = LOCAL_MS }: AnyCheck, asked: Asked): Promise<Judged> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Judged>((resolve) => {
    timer = setTimeout(() => {
      resolve(unknown(`no answer within ${String(limitMs / 1000)} s`));
    }, limitMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(() => run(asked)), late]);
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'interrupted') throw cause;
    return unknown(cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause));
  } finally {
    clearTimeout(timer);
  }
}

function unknown(reason: string): Judged {
  return { result: 'unknown', seen: `could not look: ${reason}` };
}
