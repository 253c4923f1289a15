import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const loader = fileURLToPath(new URL('../../support/typescript-loader.mjs', import.meta.url));

/**
 * Namespaces of its own: for processes, mounts and the network. The shell is their first process; a waiting shell reaps every orphan, as the
 * first process of a machine does.
 */
const NAMESPACES = [
  '--mount',
  '--pid',
  '--net',
  '--fork',
  '--kill-child=KILL',
  '--mount-proc',
  '--propagation=private',
];

/**
 * Runs a script of this folder where it is alone, with an empty temporary directory. Smoke takes names of another pid namespace for nobody's,
 * so no run elsewhere cleans what this one left, and this one sees nothing of others. Returns the JSON that the script wrote.
 */
export async function runAlone<Result>(script: string, args: readonly string[]): Promise<Result> {
  const temporary = mkdtempSync(join(tmpdir(), 'moby-build-test-alone-'));
  onTestFinished(() => {
    rmSync(temporary, { recursive: true, force: true });
  });
  const program = [process.execPath, '--import', loader, fileURLToPath(new URL(script, import.meta.url)), ...args];
  const child = spawn('unshare', [...NAMESPACES, '--', 'sh', '-c', '"$@"; exit $?', 'sh', ...program], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`${script} ended with ${String(status)}: ${said}`);
  return JSON.parse(said) as Result;
}
