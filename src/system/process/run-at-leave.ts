import { spawnSync } from 'node:child_process';
import type { CommandSpec } from '../command-spec.ts';

/** Longer than this nobody waits for a run that leaves. */
const MOST_MS = 30_000;

/** Runs a program to its end while this process leaves, and waits for it; whether it works is not said. The environment is that of the command alone. */
export function runAtLeave({ file, args, env }: CommandSpec): void {
  spawnSync(file, [...args], { env: { ...env }, stdio: 'ignore', timeout: MOST_MS });
}
