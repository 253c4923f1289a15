// @ts-check
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LabError, readMachine } from './machine.mjs';
import { allMirrors } from './mirrors.mjs';
import { cgroupOf, cleanUp, isLive } from './outside/clean-up.mjs';
import { writeNames } from './outside/faults.mjs';
import { labOf } from './outside/running.mjs';
import { freeState, onlyState, runningStates, slotsMeant, stateDir } from './outside/slots.mjs';
import { cacheDir, withLock } from './prepare/cache.mjs';
import { prepareHost } from './prepare/host.mjs';
import { makeCompany } from './prepare/corporate.mjs';
import { makeHosts } from './prepare/hosts.mjs';
import { fillRegistry } from './prepare/images.mjs';
import { makeServerCertificate, makeStrangersCertificate } from './prepare/keys.mjs';
import { makeWorld, mobys } from './prepare/world.mjs';

/** Where the lab's own address is; one of TEST-NET-2 (RFC 5737). */
const address = '198.51.100.53';
/** One more, where nobody listens. */
const nobody = '198.51.100.54';
const bridge = '198.51.100.65/26';
const here = dirname(fileURLToPath(import.meta.url));
const product = join(here, '../..');

/**
 * @typedef {object} LabOptions
 * @property {import('./mirrors.mjs').MirrorTable} [mirrors] the names that are answered; all that are known, unless told
 * @property {import('./prepare/world.mjs').Moby} [moby] which tree is moby/moby, and with it which Debian the lab is; `real` unless told
 * @property {boolean} [withGo] its root has Go, too, as the machine that makes a bundle
 * @property {readonly string[]} [corporate] which of them are a company's: no name server knows them, its proxy does (docs/lab.md)
 * @property {boolean} [bare] with a second machine in its network, at /srv/bare: Debian's minimal system (bare-machine.ts)
 * @property {(line: string) => void} [say] gets a line for each thing that takes time
 * @property {boolean} [detached] it outlives this process; to be ended by `stopLab`
 */

/**
 * Makes what is missing for every kind of lab, and starts none. Another process may start one meanwhile: each step has its lock.
 * @param {(line: string) => void} say
 */
export async function makeLayers(say) {
  const prepare = await preparation(say);
  // Another suite waits for these.
  await makeHosts(prepare);
  for (const moby of mobys) await makeWorld(prepare, moby);
}

/**
 * Makes what is missing of the roots that packages are installed in.
 * @param {(line: string) => void} [say]
 * @throws LabError where this machine is no place for them
 */
export async function makeHostRoots(say = (line) => process.stderr.write(`hosts: ${line}\n`)) {
  return makeHosts(await preparation(say));
}

/** @param {(line: string) => void} say @returns {Promise<import('./prepare/roots.mjs').Prepare>} */
async function preparation(say) {
  const cache = cacheDir();
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  await prepareHost(say);
  return { cache, machine: readMachine(), say, log: join(cache, 'prepare.log') };
}

/**
 * Makes what is missing, seals a lab off and waits until its engine answers.
 * @param {LabOptions} [options]
 * @throws LabError where this machine is no place for it, or a part does not come up
 */
export async function startLab(options = {}) {
  const say = options.say ?? ((line) => process.stderr.write(`lab: ${line}\n`));
  if (!existsSync(join(product, 'dist/cli.js')))
    throw new LabError('There is no bundle to try in the lab. Make it with: npm run build');
  const prepare = await preparation(say);
  freeState(); // Better told now than after minutes.
  const world = await makeWorld(prepare, options.moby ?? 'real');
  return withLock(join(prepare.cache, 'start.lock'), async () => {
    const state = freeState();
    await cleanUp(state);

    for (const part of ['upper', 'work', 'root', 'data', 'bare/upper', 'bare/work', 'shared/logs', 'shared/git'])
      mkdirSync(join(state, part), { recursive: true });
    const shared = join(state, 'shared');
    const mirrors = options.mirrors ?? allMirrors;
    const names = Object.keys(mirrors);
    const { ca } = await makeServerCertificate(world.keys.dir, names, shared);
    await makeStrangersCertificate(names, shared);
    writeFileSync(join(shared, 'ca.pem'), ca);
    for (const key of ['apt.key', 'apt.asc']) cpSync(join(world.keys.dir, key), join(shared, key));
    writeFileSync(
      join(shared, 'mirrors.json'),
      JSON.stringify({
        ...{ mirrors, address, nobody, sumdb: world.go.sumdb },
        ...{ suites: world.suites, packages: world.packages },
      }),
    );
    const company = options.corporate === undefined ? null : await makeCompany(state, options.corporate);
    writeNames(shared, {});
    writeFileSync(
      join(shared, 'inside.env'),
      `LAB_ADDRESS=${address}\nLAB_NOBODY=${nobody}\nLAB_BRIDGE=${bridge}\nLAB_CGROUP=/${cgroupOf(state)}\n`,
    );
    writeFileSync(
      join(shared, 'registry.yml'),
      'version: 0.1\nlog: {level: warn}\nstorage: {filesystem: {rootdirectory: /srv/lab/registry}, maintenance: {readonly: {enabled: true}}}\nhttp: {addr: "127.0.0.1:5000"}\n',
    );
    mkdirSync(join(shared, 'registry'));
    await fillRegistry(join(shared, 'registry'), world.images);
    cpSync(join(here, 'inside'), join(shared, 'code/lab/inside'), { recursive: true });
    cpSync(join(here, '../support/give-fault.mjs'), join(shared, 'code/support/give-fault.mjs'));
    cpSync(join(here, 'inside/serve.sh'), join(shared, 'serve.sh'));
    cpSync(join(here, 'inside/enter.sh'), join(state, 'enter.sh'));
    const git = join(state, 'git');
    world.fillGit(git);
    // A copy: a bundle that is made anew meanwhile must not change under a running build.
    for (const part of ['bin', 'dist', 'patches', 'schemas', 'templates', 'package.json']) {
      cpSync(join(product, part), join(state, 'product', part), { recursive: true });
    }
    const quoted = {
      LAB_STATE: state,
      LAB_LOWERS: (options.withGo === true ? world.withGo : world.engine).lowers.join(':'),
      LAB_NODE: process.execPath,
      LAB_PRODUCT: join(state, 'product'),
      LAB_GIT: git,
      LAB_BARE: options.bare === true ? world.engine.lowers.slice(-1).join(':') : '',
    };
    writeFileSync(
      join(state, 'lab.env'),
      Object.entries(quoted)
        .map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`)
        .join(''),
    );
    const sources = { debian: prepare.machine.debian, security: prepare.machine.security, go: world.go.goproxy };
    writeFileSync(join(state, 'keeper.json'), JSON.stringify({ sources }));

    const keeperLog = openSync(join(state, 'keeper.log'), 'a');
    const trust = prepare.machine.caFile === null ? {} : { NODE_EXTRA_CA_CERTS: prepare.machine.caFile };
    const keeper = spawn(
      process.execPath,
      [join(here, 'outside/keeper.mjs'), state, ...(options.detached ? [] : ['--attached'])],
      {
        detached: true,
        stdio: [options.detached ? 'ignore' : 'pipe', keeperLog, keeperLog],
        env: { ...process.env, ...trust },
      },
    );
    if (keeper.pid === undefined) throw new LabError('The keeper of the lab did not start.');
    writeFileSync(join(state, 'keeper.pid'), String(keeper.pid));
    keeper.unref();
    if (keeper.stdin !== null) /** @type {import('node:net').Socket} */ (keeper.stdin).unref();
    await ready(state);
    return labOf(state, world.repos, company);
  });
}

/** Waits until all parts answer. @param {string} state */
async function ready(state) {
  const deadline = Date.now() + 90_000;
  while (!existsSync(join(state, 'shared/ready'))) {
    if (Date.now() > deadline || !isLive(state)) {
      const logs = ['keeper.log', 'shared/logs/dockerd.log', 'shared/logs/mirrors.log', 'shared/logs/dns.log'].map(
        (name) => join(state, name),
      );
      const tails = logs
        .filter((file) => existsSync(file))
        .map((file) => `--- ${file}\n${readFileSync(file, 'utf8').split('\n').slice(-12).join('\n')}`);
      await cleanUp(state, { keepLogs: true });
      throw new LabError(`The lab did not come up.\n${tails.join('\n')}`);
    }
    await sleep(100);
  }
}

/** @typedef {import('./outside/running.mjs').Lab} Lab */

/** @param {string} state of a lab that runs @returns {Lab | null} null for one that is just coming up */
function attach(state) {
  const repos = join(state, 'repos.json');
  return existsSync(repos) ? labOf(state, JSON.parse(readFileSync(repos, 'utf8')), null) : null;
}

/** The labs that run in the slots that are meant, started by this or another process. */
export function runningLabs() {
  return runningStates().flatMap((state) => attach(state) ?? []);
}

/** The only one of them; null when there is none. @throws LabError where there are several */
export function runningLab() {
  const state = onlyState();
  return state === null ? null : attach(state);
}

/** Ends the lab that runs, and removes what killed ones left. @throws LabError where several run, and ends none */
export async function stopLab() {
  onlyState();
  for (const slot of slotsMeant()) await cleanUp(stateDir(slot));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { main } = await import('./outside/command.mjs');
  await main(process.argv.slice(2), { startLab, stopLab, runningLab, runningLabs, makeLayers });
}
