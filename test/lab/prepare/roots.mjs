// @ts-check
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../machine.mjs';
import { cachedStep } from './cache.mjs';
import { onlyOneQemu, staticQemu } from './other-machine.mjs';
import { apart, run } from './processes.mjs';

/**
 * The lab's folders of files, each an overlay layer:
 * `base` (bookworm, minbase) ← `engine` (the lab's own system) and base ← `tools` (Go, gcc, git), on which stand `real` (what a real compile
 * needs) and `light` (what the light tree needs).
 * Those of trixie, on a base of the same kind, are in trixie.mjs.
 */
const engine = [
  'docker.io',
  'docker-registry',
  'dnsmasq-base',
  'tini',
  'git',
  'make',
  'openssl',
  'gpg',
  'gpg-agent',
  'iproute2',
  'curl',
  'procps',
  'patch',
  'xz-utils',
  'qemu-user-static',
];
const tools = ['golang-go', 'gcc', 'libc6-dev', 'make', 'git', 'curl', 'pkg-config', 'patch', 'xz-utils'];

const inRoot = fileURLToPath(new URL('in-root.sh', import.meta.url));
const source = (/** @type {string} */ name) => readFileSync(new URL(name, import.meta.url), 'utf8');

/**
 * @typedef {object} Prepare what every step is told
 * @property {string} cache
 * @property {Omit<import('../machine.mjs').Machine, 'goproxy' | 'sumdb'>} machine
 * @property {(line: string) => void} say
 * @property {string} log
 *
 * @typedef {object} Layer
 * @property {string} key of what went in
 * @property {string[]} lowers its folders, the uppermost first
 */

/**
 * @param {Prepare} prepare
 * @param {'bookworm' | 'trixie'} suite
 * @returns {Promise<Layer>}
 */
export async function makeBase(prepare, suite = 'bookworm') {
  const { machine, log } = prepare;
  const inputs = {
    suite,
    source: machine.debian,
    security: machine.security,
    settings: machine.aptSettings,
    recipe: 1,
  };
  const name = suite === 'bookworm' ? 'base' : `base-${suite}`;
  const { dir, key } = await cachedStep({ ...prepare, name, inputs }, async (dir) => {
    const root = join(dir, 'root');
    await run(apart(['debootstrap', '--variant=minbase', '--include=ca-certificates', suite, root, machine.debian]), {
      log,
      env: { LC_ALL: 'C' },
    });
    const write = (/** @type {string} */ path, /** @type {string[]} */ lines) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), `${lines.join('\n')}\n`);
    };
    const archive = [
      `${machine.debian} ${suite} main`,
      `${machine.debian} ${suite}-updates main`,
      `${machine.security} ${suite}-security main`,
    ];
    write(
      'etc/apt/sources.list',
      archive.flatMap((rest) => [`deb ${rest}`, `deb-src ${rest}`]),
    );
    write('etc/apt/apt.conf.d/60machine', machine.aptSettings);
    write('etc/dpkg/dpkg.cfg.d/lab', [
      'force-unsafe-io',
      'path-exclude=/usr/share/doc/*',
      'path-exclude=/usr/share/man/*',
      'path-exclude=/usr/share/locale/*',
    ]);
    // Packages of services would else start them at installation.
    writeFileSync(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    rmSync(join(root, 'var/cache/apt'), { recursive: true });
    mkdirSync(join(root, 'var/cache/apt/archives/partial'), { recursive: true });
  });
  return { key, lowers: [join(dir, 'root')] };
}

/** The lab's own system: engine, registry, name server, git. @param {Prepare} prepare @param {Layer} base */
export async function makeEngine(prepare, base) {
  return makeLayer(prepare, base, 'engine', [
    ['sh', '-c', onlyOneQemu(staticQemu)],
    ['apt-get', 'update'],
    install(engine),
  ]);
}

/** What every golang image holds. @param {Prepare} prepare @param {Layer} base */
export async function makeTools(prepare, base) {
  return makeLayer(prepare, base, 'tools', [['apt-get', 'update'], install(tools)]);
}

/**
 * What a compile of Debian's moby needs on top, and that moby's source, in the `shared` folder.
 * @param {Prepare} prepare
 * @param {Layer} tools
 */
export async function makeReal(prepare, tools) {
  const toolsDone = ['apt-get', 'update'];
  return makeLayer(prepare, tools, 'real', [
    toolsDone,
    ['apt-get', 'build-dep', '-y', '--no-install-recommends', 'docker.io'],
    ['sh', '-c', source('debian-source.sh')],
  ]);
}

/**
 * What the light tree needs on top: the biggest of its packages, so that no build of it unpacks that one.
 * @param {Prepare} prepare
 * @param {Layer} tools
 */
export async function makeLight(prepare, tools) {
  return makeLayer(prepare, tools, 'light', [['apt-get', 'update'], install(['cmake'])]);
}

/**
 * Runs a command in a layer's files, what it writes being thrown away.
 * @param {Layer} layer
 * @param {string} scratch a folder of ours
 * @param {string[]} argv
 * @param {string} [shared] a folder that is /run/shared in there
 */
export async function runInLayer(layer, scratch, argv, shared = '') {
  rmSync(scratch, { recursive: true, force: true }); // A killed run may have left half its work.
  for (const part of ['upper', 'work', 'root']) mkdirSync(join(scratch, part), { recursive: true });
  try {
    return await run(enter(layer, scratch, join(scratch, 'upper'), shared, argv), { env: chrootEnv, extendEnv: false });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * A layer's files to work in: what one command writes, the next one sees; `/tmp` and `/run` are empty each time.
 * @param {Layer} layer
 * @param {string} scratch a folder of ours, which the caller removes
 * @param {string} shared a folder that is /run/shared in there
 * @returns {{line: (argv: string[]) => string[], run: (argv: string[]) => Promise<string>}} the words that run a command in there; and who runs it,
 *   gives its stdout, and throws LabError where it fails
 */
export function openLayer(layer, scratch, shared) {
  for (const part of ['upper', 'work', 'root']) mkdirSync(join(scratch, part), { recursive: true });
  const line = (/** @type {string[]} */ argv) => enter(layer, scratch, join(scratch, 'upper'), shared, argv);
  return { line, run: (argv) => run(line(argv), { env: chrootEnv, extendEnv: false }) };
}

const chrootEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** @param {string[]} packages */
export function install(packages) {
  return ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
}

/**
 * @param {Prepare} prepare
 * @param {Layer} below
 * @param {string} name
 * @param {string[][]} commands
 * @returns {Promise<Layer & {shared: string}>}
 */
export async function makeLayer(prepare, below, name, commands) {
  const { dir, key } = await cachedStep({ ...prepare, name, inputs: { below: below.key, commands } }, async (dir) => {
    const scratch = join(dir, '..', 'scratch');
    const shared = join(dir, 'shared');
    for (const part of [join(dir, 'upper'), shared, join(scratch, 'work'), join(scratch, 'root')])
      mkdirSync(part, { recursive: true });
    const { caFile } = prepare.machine;
    if (caFile !== null) copyFileSync(caFile, join(shared, 'ca.pem'));
    for (const command of commands)
      await run(enter(below, scratch, join(dir, 'upper'), shared, withTrust(command, caFile)), {
        env: chrootEnv,
        extendEnv: false,
        log: prepare.log,
      });
    await run(
      enter(below, scratch, join(dir, 'upper'), shared, ['sh', '-c', 'apt-get clean; rm -rf /var/lib/apt/lists/*']),
      { env: chrootEnv, extendEnv: false },
    );
    rmSync(scratch, { recursive: true, force: true });
    rmSync(join(shared, 'ca.pem'), { force: true });
  });
  return { key, lowers: [join(dir, 'upper'), ...below.lowers], shared: join(dir, 'shared') };
}

/** apt in the new root trusts what this machine trusts. @param {string[]} command @param {string | null} caFile */
function withTrust([program = '', ...rest], caFile) {
  return program === 'apt-get' && caFile !== null
    ? [program, '-q', '-o', 'Acquire::https::CaInfo=/run/shared/ca.pem', ...rest]
    : [program, ...rest];
}

/**
 * @param {Layer} below
 * @param {string} scratch
 * @param {string} upper
 * @param {string} shared
 * @param {string[]} argv
 */
function enter(below, scratch, upper, shared, argv) {
  if (below.lowers.some((dir) => dir.includes(':')))
    throw new LabError(
      `The cache's path holds a colon, which overlay mounts do not take: ${below.lowers[0]}. Set LAB_CACHE to another.`,
    );
  return apart([
    'sh',
    inRoot,
    below.lowers.join(':'),
    upper,
    join(scratch, 'work'),
    join(scratch, 'root'),
    shared,
    ...argv,
  ]);
}
