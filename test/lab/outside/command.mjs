// @ts-check
import { LabError } from '../machine.mjs';
import { mobys } from '../prepare/world.mjs';

const usage = `node test/lab/lab.mjs start [real|light|trixie|bake]   makes what is missing, starts the sealed lab
node test/lab/lab.mjs make                   makes what any of them needs, and starts none
node test/lab/lab.mjs exec -- CMD ...        runs a command in it
node test/lab/lab.mjs shell                  a shell in it
node test/lab/lab.mjs status                 what it is and what was asked of its mirrors
node test/lab/lab.mjs stop                   ends it and removes what it left
`;

/**
 * @typedef {Pick<typeof import('../lab.mjs'), 'startLab' | 'stopLab' | 'runningLab' | 'makeLayers'>} Verbs handed in, for that file imports this one
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
async function act(verb, rest, { startLab, stopLab, runningLab, makeLayers }) {
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
      return status(runningLab());
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
  throw new LabError(`There is no lab "${word}". Start one with: node test/lab/lab.mjs start real|light|trixie|bake`);
}

/** @param {import('../lab.mjs').Lab | null} lab */
function status(lab) {
  if (lab === null) {
    process.stdout.write('no lab runs\n');
    return 1;
  }
  /** @type {Map<string, {requests: number, bytes: number}>} */
  const totals = new Map();
  for (const { host, bytes } of lab.requests()) {
    const entry = totals.get(host) ?? { requests: 0, bytes: 0 };
    totals.set(host, { requests: entry.requests + 1, bytes: entry.bytes + bytes });
  }
  const strangers = [
    ...new Set(
      lab
        .dnsQueries()
        .filter(({ known }) => !known)
        .map(({ name }) => name),
    ),
  ];
  process.stdout.write(
    `${JSON.stringify({ state: lab.state, repos: lab.repos, hosts: Object.fromEntries(totals), unknownNames: strangers }, null, 2)}\n`,
  );
  return 0;
}
