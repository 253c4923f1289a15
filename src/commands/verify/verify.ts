import { verifyDirectory } from '../../artifacts/verify.ts';
import type { BinaryFacts, CheckResult } from '../../types.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { totalsOfChecks } from '../context/check-totals.ts';
import type { VerifyDocument } from './document.ts';

export interface VerifyReport {
  readonly command: 'verify';
  readonly directory: string;
  readonly checks: readonly CheckResult[];
  readonly binaries: readonly BinaryFacts[];
}

/** `moby-build verify DIR`: what the binaries are, held against the manifest beside them and against `--arch`. Writes nothing. */
export async function verify(context: CommandContext, directory: string): Promise<VerifyReport> {
  const { checks, binaries } = await context.wait(MESSAGES.verify, () =>
    verifyDirectory(directory, context.isGiven('arch') ? { arch: context.options.arch } : {}),
  );
  Object.assign(context.document, {
    directory,
    checks,
    binaries,
    totals: totalsOfChecks(checks),
  } satisfies VerifyDocument);
  return { command: 'verify', directory, checks, binaries };
}
