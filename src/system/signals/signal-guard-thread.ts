import { writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { endTree } from '../process/end-tree.ts';
import { descendants } from '../process/process-tree.ts';
import { LEAVE_NAME, STOPS } from './signal-guard.ts';
import { removeTempDirsOf } from '../files/temp-dir.ts';

/** How long the main thread may take to answer: a busy machine and a big file to read must fit. */
const ANSWER_MS = 3_000;
/** How long its clean-ups may take, before it is ended without them. */
const LEAVE_MS = 3_000;

interface SignalHandle {
  onsignal: () => void;
  start(signal: number): number;
  stop(): void;
}

const handles: SignalHandle[] = [];

/**
 * Node gives `process.on('SIGTERM')` to the main thread only, and has no other public way to hear of a signal in a thread. This binding is
 * what `process.on` itself uses; a warning on its use would be no help to a user. null where a later Node has it no more, or a policy forbids
 * it: then there is no guard, and the main thread's own handlers are all there is.
 */
function signalHandle(): SignalHandle | null {
  process.noDeprecation = true;
  try {
    const node = process as unknown as { binding(name: string): { Signal: new () => SignalHandle } };
    return new (node.binding('signal_wrap').Signal)();
  } catch {
    return null;
  }
}

/** How often the main thread has answered. */
let answers = 0;
let ending = false;
parentPort?.on('message', () => {
  answers += 1;
});

async function onSignal(signal: NodeJS.Signals): Promise<void> {
  const before = answers;
  parentPort?.postMessage('anybody there?');
  await sleep(ANSWER_MS);
  if (answers > before || ending) return;
  ending = true;
  // Through the file descriptor: the streams of a thread are written by the main thread.
  sayOn(
    2,
    `\nmoby-build: Interrupted by ${signal}. The display did not come back, so the run was ended from outside.\n`,
  );
  const children = (await descendants([process.pid])).filter(({ parent }) => parent === process.pid);
  await Promise.all(children.map(({ pid }) => endTree(pid)));
  await Promise.race([leaveInMainThread(), sleep(LEAVE_MS)]);
  // A signal has its default effect only where nobody in the process listens, this thread neither.
  for (const handle of handles) handle.stop();
  process.kill(process.pid, signal);
  // Still here: the main thread is in no JavaScript that could be interrupted.
  await sleep(LEAVE_MS);
  removeTempDirsOf(process.pid);
  process.kill(process.pid, 'SIGKILL');
}

/** The inspector reaches a thread also in the middle of an endless loop. */
async function leaveInMainThread(): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  await new Promise((resolve) => {
    session.post('Runtime.evaluate', { expression: `globalThis.${LEAVE_NAME}()` }, resolve);
  });
  session.disconnect();
}

function sayOn(stream: number, text: string): void {
  try {
    writeSync(stream, text);
  } catch {
    // The terminal is gone, and the process is about to be.
  }
}

for (const signal of STOPS) {
  const handle = signalHandle();
  if (handle === null) break;
  handles.push(handle);
  handle.onsignal = () => void onSignal(signal);
  handle.start(constants.signals[signal]);
}
