// @ts-check
/**
 * keeper.mjs STATE [--attached]: holds a lab. It runs the gateway and the lab's init; when it dies, however it dies, the
 * kernel kills the init (parent-death signal), and with it everything in the lab's namespaces.
 * `--attached`: it leaves when its stdin closes, that is when whoever started it is gone.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway } from './gateway.mjs';

const [state = '', mode = ''] = process.argv.slice(2);
const { sources } = JSON.parse(readFileSync(join(state, 'keeper.json'), 'utf8'));

const gateway = await startGateway(join(state, 'shared/gateway.sock'), sources);
const unshare = spawn(
  'setpriv',
  [
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount',
    '--net',
    '--uts',
    '--ipc',
    '--',
    '/bin/bash',
    join(state, 'enter.sh'),
    state,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
const poll = setInterval(() => {
  const child = readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8').trim().split(' ')[0];
  if (child === undefined || child === '') return;
  clearInterval(poll);
  writeFileSync(join(state, 'init.pid'), child);
}, 50);
unshare.on('exit', (code, signal) => {
  console.error(`the lab's init ended: ${code ?? signal}`);
  process.exit(1);
});

/** @returns {void} */
function leave() {
  gateway.close();
  unshare.kill('SIGKILL');
  process.exit(0);
}
process.on('SIGTERM', leave);
process.on('SIGINT', () => undefined); // ^C in a terminal is for the one who uses the lab.
if (mode === '--attached') {
  process.stdin.resume();
  process.stdin.on('end', leave);
  process.stdin.on('error', leave);
}
