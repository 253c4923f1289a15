import { MobyBuildError } from '../../src/errors.ts';

/** The error of ours that a call throws; any other is thrown on, and so is that it threw none. */
export function failureOf(call: () => unknown): MobyBuildError {
  try {
    call();
  } catch (cause) {
    return ours(cause);
  }
  throw new Error('it did not throw');
}

/** The error of ours that a promise ends with. */
export async function failureIn(promise: Promise<unknown>): Promise<MobyBuildError> {
  const outcome = await promise.then(
    () => new Error('it did not fail'),
    (cause: unknown) => cause,
  );
  return ours(outcome);
}

function ours(cause: unknown): MobyBuildError {
  if (cause instanceof MobyBuildError) return cause;
  throw cause;
}
