import type { CheckResult } from '../types.ts';
import { ConnectionError } from './daemon/api.ts';
import type { Check, Verdict } from './checks/check.ts';
import { LEFT, type Resource, type SmokeContext } from './checks/context.ts';
import { CheckFailure, StartFailure } from './daemon/failure.ts';

/** What happens while checks run, for a live list. */
export type SmokeEvent =
  | {
      readonly kind: 'started';
      readonly id: string;
      readonly title: string;
      readonly index: number;
      readonly count: number;
    }
  | { readonly kind: 'finished'; readonly result: CheckResult };

export interface RunChecksOptions {
  readonly checks: readonly Check[];
  /** Checks that are reported as skipped, with this reason. */
  readonly leftOut: ReadonlyMap<string, string>;
  readonly onEvent?: ((event: SmokeEvent) => void) | undefined;
  /** Throws to end the run early: the process was asked to leave. */
  readonly between: () => void;
}

/** How long a daemon that a check failed on may take to show that it is alive. */
const HEALTH_MS = 3_000;

/** A failed resource: whose failure it is, in which words. */
interface Lost {
  readonly message: string;
  /** The check that reports it; the others are skipped and point there. */
  readonly owner: string;
  /** It is only the image that is missing. */
  readonly image: boolean;
}

/** Runs the checks one after the other; none of them can keep the others from being reported. Throws only what `between` and `onEvent` throw. */
export async function runChecks(
  context: SmokeContext,
  { checks, leftOut, onEvent, between }: RunChecksOptions,
): Promise<CheckResult[]> {
  const lost = new Map<Resource, Lost>();
  const results: CheckResult[] = [];
  const willRun = (id: string, after: number): boolean =>
    checks.slice(after).some((check) => check.id === id && !leftOut.has(id));

  for (const [index, check] of checks.entries()) {
    between();
    onEvent?.({ kind: 'started', id: check.id, title: check.title, index, count: checks.length });
    const started = performance.now();
    const verdict = await judge(context, check, { lost, leftOut, owns: (id) => willRun(id, index) });
    const result: CheckResult = {
      id: check.id,
      title: check.title,
      ...verdict,
      seconds: (performance.now() - started) / 1000,
    };
    results.push(result);
    onEvent?.({ kind: 'finished', result });
    if (result.result === 'failed') await lookAfterDaemons(context, check, lost);
  }
  return results;
}

interface Surroundings {
  readonly lost: Map<Resource, Lost>;
  readonly leftOut: ReadonlyMap<string, string>;
  readonly owns: (id: string) => boolean;
}

type Judged = Pick<CheckResult, 'result' | 'seen' | 'fix'>;

async function judge(context: SmokeContext, check: Check, around: Surroundings): Promise<Judged> {
  const skip = reasonToSkip(context, check, around.leftOut);
  if (skip !== null) return skip;
  for (const need of check.needs) {
    const known = around.lost.get(need);
    if (known !== undefined) return owed(context, check, known);
  }
  const deadline = deadlineOf(check.timeoutSeconds * context.facts.patience);
  try {
    for (const need of check.needs) {
      const failure = await Promise.race([
        deadline.promise,
        context.provide(need).then(
          () => null,
          (cause: unknown) => ({ cause }),
        ),
      ]);
      if (failure === null) continue;
      const blame = failure.cause instanceof StartFailure ? failure.cause.blame : null;
      const lost: Lost = {
        message: wordsOf(failure.cause),
        owner: blame !== null && around.owns(blame) ? blame : check.id,
        image: need === 'image' && !(failure.cause instanceof StartFailure),
      };
      around.lost.set(need, lost);
      return owed(context, check, lost);
    }
    return verdictOf(await Promise.race([deadline.promise, check.run(context)]));
  } catch (cause) {
    const end = cause instanceof ConnectionError ? await endOfDaemon(context, check) : '';
    return failed(context, `${wordsOf(cause)}${end}`, cause instanceof CheckFailure ? cause.fix : undefined);
  } finally {
    deadline.stop();
  }
}

/** Why a connection broke, where it is known: `; dockerd left with exit code 1`. */
async function endOfDaemon(context: SmokeContext, check: Check): Promise<string> {
  for (const name of ['main', 'second'] as const) {
    const state = check.needs.includes(name) ? await context.health(name, HEALTH_MS) : null;
    if (state?.startsWith(LEFT) === true) return `; ${state}`;
  }
  return '';
}

function reasonToSkip(context: SmokeContext, check: Check, leftOut: ReadonlyMap<string, string>): Judged | null {
  const reason = leftOut.get(check.id);
  if (reason !== undefined) return { result: 'skipped', seen: reason, fix: null };
  const image = check.container === true || check.needs.includes('image');
  // To unpack an image dockerd starts itself again under another name, which qemu-user does not pass on.
  if (image && context.facts.foreign) {
    const seen = `images and containers do not work under qemu-user (${context.facts.arch} here)`;
    return { result: 'skipped', seen, fix: null };
  }
  if (image && context.facts.probe === null) {
    return { result: 'skipped', seen: `no image can be made for ${context.facts.arch}`, fix: null };
  }
  // What is not in a folder of 23 and later; without containerd nothing but a refusal can be seen.
  const needed = [...(check.needs.length > 0 ? ['containerd'] : []), ...(check.programs ?? [])];
  const missing = needed.find((program) => !context.programs.has(program));
  if (missing !== undefined) {
    return {
      result: 'skipped',
      seen: `no ${missing} in the folder or on PATH`,
      fix: `Build it too (from 23.0 on: --target all), or put ${missing} on PATH.`,
    };
  }
  return null;
}

/** A check that needs something lost: it fails when the loss is its own, else it points to the check whose it is. */
function owed(context: SmokeContext, check: Check, lost: Lost): Judged {
  if (lost.owner === check.id) return failed(context, lost.message, undefined);
  return {
    result: 'skipped',
    seen: `${lost.image ? 'there is no image' : 'the daemon is not there'}: see ${lost.owner}`,
    fix: null,
  };
}

/** After a failure: a daemon that has left or hangs is lost for the checks to come, at the cost of the check that saw it last. */
async function lookAfterDaemons(context: SmokeContext, check: Check, lost: Map<Resource, Lost>): Promise<void> {
  for (const name of ['main', 'second'] as const) {
    if (!check.needs.includes(name) || lost.has(name)) continue;
    const state = await context.health(name, HEALTH_MS);
    if (state === null) continue;
    const loss: Lost = { message: state, owner: check.id, image: false };
    lost.set(name, loss);
    if (name === 'main') lost.set('image', loss);
  }
}

function deadlineOf(seconds: number): { readonly promise: Promise<never>; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new CheckFailure(`an end within ${String(seconds)} s`, 'none'));
    }, seconds * 1000);
  });
  promise.catch(() => undefined);
  return {
    promise,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

function verdictOf(verdict: Verdict): Judged {
  if (typeof verdict === 'string') return { result: 'ok', seen: verdict, fix: null };
  return { result: verdict.result, seen: verdict.seen, fix: verdict.fix ?? null };
}

function failed(context: SmokeContext, seen: string, fix: string | undefined): Judged {
  return { result: 'failed', seen, fix: fix ?? `The daemon's log is in ${context.facts.logDir}` };
}

function wordsOf(cause: unknown): string {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  // Ids and digests are known by their first twelve digits.
  return line.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1').slice(0, 500);
}
