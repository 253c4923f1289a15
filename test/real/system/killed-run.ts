// Started as a process of its own by supervisor.test.ts: makes temporary things, starts a tree of processes, one of them through
// simple-git's way (a child that run() does not know), and leaves on a signal as cli.ts does.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MobyBuildError } from '../../../src/errors.ts';
import { run } from '../../../src/system/process/run.ts';
import { killAll } from '../../../src/system/process/supervisor.ts';
import { makeTempDir } from '../../../src/system/files/temp-dir.ts';

const [seconds = '', stubborn = '', parent = ''] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void killAll(signal, 700));

const temporary = makeTempDir('killed', parent);
writeFileSync(join(temporary.path, 'file'), 'x');
spawn('sleep', [seconds], { stdio: 'ignore' });
process.stdout.write('ready\n');
const script = `${stubborn === 'stubborn' ? "trap '' TERM; " : ''}bash -c 'sleep ${seconds} & sleep ${seconds}; true' & while :; do sleep ${seconds}; done`;
try {
  await run({ file: 'bash', args: ['-c', script], env: {} });
} catch (cause) {
  if (!(cause instanceof MobyBuildError)) throw cause;
  process.stdout.write(`${cause.code}\n`);
  process.exitCode = cause.exitCode;
}
