import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFoldersSync } from '../../system/make-folders.ts';
import type { Sandbox } from '../../system/sandbox/sandbox.ts';

/** Writes a file of the sandbox from outside, with the directories above it. `inside`: absolute, as seen from inside. */
export function writeInside(sandbox: Sandbox, inside: string, content: string | Uint8Array, mode = 0o644): void {
  const path = sandbox.path(inside);
  makeFoldersSync(dirname(path));
  writeFileSync(path, content, { mode });
}
