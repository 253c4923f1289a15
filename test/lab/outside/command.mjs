// @ts-check
import { LabError } from '../machine.mjs';
import { mobys } from '../prepare/world.mjs';

const usage = `node test/lab/lab.mjs start [real|light|trixie|bake|builders]   makes what is missing, starts the sealed lab
node test/lab/lab.mjs make                   makes what any of them needs, and starts none
node test/lab/lab.mjs exec -- CMD ...        runs a command in it
node test/lab/lab.mjs shell                  a shell in it
node test/lab/lab.mjs status                 what it is and what was asked of its mirrors
node test/lab/lab.mjs stop                   ends it and removes what it left
Two may run: LAB_SLOT=1 or LAB_SLOT=2 says which.
`;

/**
 * @typedef {Pick<typeof import('../lab.mjs'), 'startLab' | 'stopLab' | 'runningLab' | 'runningLabs' | 'makeLayers'>} Verbs handed in, for that file imports this one
 */

/** @param {string[]} argv @param {Verbs} verbs */
export async function main([verb = '', ...rest], verbs) {
  try {
    process.exitCode = await act(verb, rest, verbs);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`lab: ${error.message}\n`);
    process.exitCode = 3;
  }
}

/** @param {string} verb @param {string[]} rest @param {Verbs} verbs @returns {Promise<number>} */
async function act(verb, rest, { startLab, stopLab, runningLab, runningLabs, makeLayers }) {
  switch (verb) {
    case 'start': {
      const started = Date.now();
      await startLab({ detached: true, moby: mobyOf(rest[0] ?? 'real') });
      process.stderr.write(`lab: ready after ${Math.round((Date.now() - started) / 1000)} s\n`);
      return 0;
    }
    case 'make':
      await makeLayers((line) => process.stderr.write(`lab: ${line}\n`));
      return 0;
    case 'stop':
      await stopLab();
      return 0;
    case 'status':
      return status(runningLabs());
    case 'exec':
    case 'shell': {
      const lab = runningLab();
      if (lab === null) throw new LabError('No lab runs. Start one with: node test/lab/lab.mjs start');
      const argv = verb === 'shell' ? ['bash'] : rest.filter((word, index) => index > 0 || word !== '--');
      const { exitCode } = await lab.exec(argv, { stdio: 'inherit', env: { TERM: process.env.TERM ?? 'dumb' } });
      return exitCode ?? 1;
    }
    default:
      process.stderr.write(usage);
      return 2;
  }
}

/** @param {string} word */
function mobyOf(word) {
  const moby = mobys.find((name) => name === word);
  if (moby !== undefined) return moby;
  throw new LabError(
    `There is no lab "${word}". Start one with: node test/lab/lab.mjs start real|light|trixie|bake|builders`,
  );
}

/** A document for each lab that runs. @param {readonly import('../lab.mjs').Lab[]} labs */
function status(labs) {
  if (labs.length === 0) {
    process.stdout.write('no lab runs\n');
    return 1;
  }
  for (const lab of labs) process.stdout.write(`${JSON.stringify(statusOf(lab), null, 2)}\n`);
  return 0;
}

/** @param {import('../lab.mjs').Lab} lab */
function statusOf(lab) {
  /** @type {Map<string, {requests: number, bytes: number}>} */
  const totals = new Map();
  for (const { host, bytes } of lab.requests()) {
    const entry = totals.get(host) ?? { requests: 0, bytes: 0 };
    totals.set(host, { requests: entry.requests + 1, bytes: entry.bytes + bytes });
  }
  const unknown = lab.dnsQueries().filter(({ known }) => !known);
  const unknownNames = [...new Set(unknown.map(({ name }) => name))];
  return { state: lab.state, repos: lab.repos, hosts: Object.fromEntries(totals), unknownNames };
}
