// Smoke, ended by SIGKILL in the middle of a check, and what is left then: `node --import LOADER run-killed.mjs DIR CHECK`.
// Runs where it is alone; see alone.ts.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { hostSnapshot } from '../../support/host-snapshot.mjs';

const { cleanLeftovers, leftovers } = await import('../../../src/smoke/leftovers.ts');
const { smoke } = await import('../../../src/smoke/smoke.ts');

/** How long the kernel may take on a busy machine to end the namespaces of what was killed. */
const ENDED_MS = 60_000;
const [, , dir, check] = process.argv;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Starts smoke in a process of its own and ends it in the middle of the check. Returns how it ended. */
async function killIn(name) {
  const args = ['--import', path('../../support/typescript-loader.mjs'), path('run-smoke.mjs'), dir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.kind !== 'started' || event.id !== name) continue;
    await sleep(300);
    child.kill('SIGKILL');
    break;
  }
  return ended;
}

/** All but what `leftovers` names. */
function withoutLeftovers(snapshot) {
  return {
    ...snapshot,
    cgroups: snapshot.cgroups.filter((path) => !path.includes('/moby-build-smoke-')),
    temporary: snapshot.temporary.filter((name) => !name.startsWith('moby-build-smoke-')),
  };
}

const before = hostSnapshot();
const end = await killIn(check);
const deadline = Date.now() + ENDED_MS;
let afterwards = hostSnapshot();
while (!isDeepStrictEqual(withoutLeftovers(afterwards), withoutLeftovers(before)) && Date.now() < deadline) {
  await sleep(100);
  afterwards = hostSnapshot();
}
const found = leftovers();
const notRemoved = cleanLeftovers(found);
const cleaned = { snapshot: hostSnapshot(), leftovers: leftovers() };

const secondEnd = await killIn('umask');
const leftForNext = leftovers();
await smoke({ dir, only: ['version'] });
process.stdout.write(
  JSON.stringify({
    before,
    end,
    afterwards: withoutLeftovers(afterwards),
    expected: withoutLeftovers(before),
    found,
    notRemoved,
    cleaned,
    next: { end: secondEnd, before: leftForNext, after: leftovers() },
  }),
);
