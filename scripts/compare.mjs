// npm run compare -- OLD NEW CLONE: whether two checkouts of moby-build, each with its bundle made, decide the same. CLONE is a clone of moby.
// Runs the same command lines in both: the scan of every tag, plans and patch sets of one tag of each minor series, and the documents of the
// commands. Prints each difference; exit 1 where there is one. For a change that must change nothing.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { $ } from 'zx/core';

const [oldCheckout, newCheckout, clone, ...more] = process.argv.slice(2).map((path) => resolve(path));
if (clone === undefined || more.length > 0) throw new Error('usage: npm run compare -- OLD NEW CLONE');

/** Two builds of one machine at a time are enough to keep it busy. */
const AT_ONCE = 2;
/** A different sentence is no difference where --words is not what is looked at: only data is compared. */
const PROFILES = ['cn', '163', 'direct'];

const scratch = mkdtempSync(join(tmpdir(), 'moby-build-compare-'));

/** The releases of a clone, oldest first. */
async function releases() {
  const { stdout } = await $({ quiet: true })`git -C ${clone} tag --list v19.03.* v2* docker-v* --sort=v:refname`;
  return stdout.split('\n').filter((tag) => /^(?:docker-)?v\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(tag));
}

/** The newest release of each minor series, by its name. */
function oneOfEach(tags) {
  const newest = new Map();
  for (const tag of tags) newest.set(tag.replace(/^((?:docker-)?v\d+\.\d+)\..*$/u, '$1'), tag);
  return [...newest.values()];
}

/** A tree of a tag, as a person has it. */
async function checkOut(tag) {
  const dir = join(scratch, tag);
  await $({
    quiet: true,
  })`git clone --quiet --shared --branch ${tag} --config advice.detachedHead=false ${clone} ${dir}`;
  return dir;
}

/** What a run said, without what differs between two runs of one version. */
async function run(checkout, args, cwd) {
  const env = { ...process.env, XDG_CACHE_HOME: join(scratch, 'cache'), NO_COLOR: '1' };
  const { stdout, stderr, exitCode } = await $({
    quiet: true,
    nothrow: true,
    cwd,
    env,
  })`${process.execPath} ${join(checkout, 'bin/moby-build.cjs')} ${args}`;
  return { exitCode, stdout: stdout.replaceAll(checkout, 'CHECKOUT'), stderr };
}

async function compare(title, args, cwd = scratch) {
  const before = await run(oldCheckout, args, cwd);
  const after = await run(newCheckout, args, cwd);
  const same = before.exitCode === after.exitCode && before.stdout === after.stdout;
  if (same) return { title, same, exitCode: before.exitCode };
  const name = createHash('sha256').update(title).digest('hex').slice(0, 12);
  const files = [join(tmpdir(), `compare-${name}.old`), join(tmpdir(), `compare-${name}.new`)];
  for (const [index, { exitCode, stdout, stderr }] of [before, after].entries())
    writeFileSync(files[index], `exit ${exitCode}\n${stdout}\n--- stderr\n${stderr}`);
  return { title, same, exitCode: before.exitCode, files };
}

/** Each line that both versions are given. */
async function lines() {
  const tags = await releases();
  const all = [];
  const add = (args, cwd) => all.push({ title: `moby-build ${args.join(' ')}`, args, cwd });
  for (const tag of tags)
    add(['audit', '--source', clone, '--ref', tag, '--profile', 'cn', '--no-probe', '--all', '--json']);
  for (const tag of oneOfEach(tags)) {
    const tree = await checkOut(tag);
    const common = ['--source', tree, '--ref', tag, '--no-probe'];
    for (const profile of PROFILES) {
      add(['patch', ...common, '--profile', profile]);
      add(['patch', ...common, '--profile', profile, '--arch', 'arm64', '--json']);
      add(['build', '--dry-run', ...common, '--profile', profile, '--with-deps', '--json']);
    }
    add(['build', '--dry-run', ...common, '--profile', 'cn', '--suite', 'bookworm', '--sources', 'mirror', '--json']);
    add(['audit', ...common, '--profile', 'cn', '--format', 'md']);
    add(['audit', ...common, '--profile', 'cn', '--hosts', '--json']);
  }
  const [first, last] = [tags[0], tags.at(-1)];
  add(['audit', '--source', clone, '--ref', `${first}..${last}`, '--profile', 'cn', '--no-probe', '--json']);
  add(['mirrors', 'list', '--json']);
  add(['mirrors', 'list']);
  add(['cache', 'ls', '--json']);
  add(['verify', scratch, '--json']);
  add(['patch', '--ref', 'v1.2.3', '--json']);
  add(['build', '--arch', '--json']);
  return all;
}

try {
  const waiting = await lines();
  const count = waiting.length;
  const results = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results.push(await compare(next.title, next.args, next.cwd));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const different = results.filter(({ same }) => !same);
  for (const { title, files } of different) console.log(`DIFFERENT ${title}\n  diff ${files.join(' ')}`);
  const exits = new Map();
  for (const { exitCode } of results) exits.set(exitCode, (exits.get(exitCode) ?? 0) + 1);
  console.log(
    `${count} lines, ${different.length} different (exit codes: ${[...exits].map(([code, n]) => `${code}: ${n}`).join(', ')})`,
  );
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
