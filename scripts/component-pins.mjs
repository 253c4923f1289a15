// npm run component-pins -- MOBY OWNER/NAME=CLONE ...: makes src/moby/component-pins.json, the table that tells which commit a tag of a
// component is. The clones are genuine ones (bare or not) of the repositories that moby's trees fetch; nothing is asked of the network.
// Every tag that a release of moby from 20.10 on pins by its name must be there: what is missing is printed, and the exit code is 1.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { VERSION_BY_GIT } from '../src/components/version-by-git.ts';
import { parseDockerfile } from '../src/dockerfile/parse.ts';
import { effectivePins } from '../src/components/effective-pins.ts';
import { scan } from '../src/egress/scan.ts';
import { gitWishes } from '../src/handover/git-wishes.ts';
import { tagsOf } from '../src/source/clone-refs.ts';
import { GitTrees } from '../src/source/git-tree.ts';
import { makeTargetOf } from '../src/moby/make-target.ts';
import { pinFor } from '../src/moby/pins.ts';
import { seriesOfRef } from '../src/moby/series.ts';

const [moby, ...given] = process.argv.slice(2);
if (moby === undefined || given.length === 0 || !given.every((word) => /^[^/=]+\/[^/=]+=./.test(word)))
  throw new Error('usage: npm run component-pins -- MOBY OWNER/NAME=CLONE ...');

/** Version tags of a clone → the commits that they peel to. */
function versions(clone) {
  const format = '%(refname:strip=2) %(objecttype) %(*objecttype) %(objectname) %(*objectname)';
  const text = execFileSync('git', ['-C', clone, 'for-each-ref', `--format=${format}`, 'refs/tags/v*'], {
    encoding: 'utf8',
  });
  const found = text.split('\n').flatMap((line) => {
    const [tag, type, peeled, ...ids] = line.split(' ');
    if (tag === undefined || !/^v\d[\w.+-]*$/.test(tag)) return [];
    // `*` is empty for a tag that is no object of its own.
    const commit = type === 'commit' ? ids[0] : peeled === 'commit' ? ids[1] : undefined;
    return /^[0-9a-f]{40}$/.test(commit ?? '') ? [[tag, commit]] : [];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `owner/name tag` of all that the releases of moby pin by a tag. */
async function pinnedTags() {
  const tags = [...(await tagsOf(moby, 'v*')), ...(await tagsOf(moby, 'docker-v*'))];
  const trees = new GitTrees(moby);
  const pinned = new Set();
  for (const { ref, commit } of tags) {
    const series = seriesOfRef(ref);
    if (series === null || series.supported !== 'build' || pinFor(ref) === null) continue;
    const files = await trees.read(commit);
    const stages = parseDockerfile(files.get('Dockerfile')?.text ?? '', 'Dockerfile').stages.map(({ name }) => name);
    for (const wish of ['binary', 'all']) {
      const { stage, buildArgs } = makeTargetOf(series, wish, false).target;
      // The first of 23.0 are built by bake and have no stage `all` yet.
      if (!stages.includes(stage)) continue;
      const found = scan(files, { target: stage, arch: 'amd64', buildArgs });
      for (const {
        name,
        wish: { tag, commit: id },
      } of gitWishes(found.points, effectivePins(files, found, [], {}), () => null))
        if (tag !== null && id === null) pinned.add(`${name} ${tag}`);
    }
  }
  return pinned;
}

const known = Object.values(VERSION_BY_GIT).flatMap(({ repositories }) => repositories);
const table = {};
for (const word of given.sort()) {
  const [name, clone] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
  if (!known.includes(name)) throw new Error(`${name} is none of ${known.join(', ')}`);
  table[name] = versions(clone);
}
const pinned = [...(await pinnedTags())];
const missing = pinned.filter((word) => table[word.split(' ')[0]]?.[word.split(' ')[1]] === undefined);
writeFileSync(new URL('../src/moby/component-pins.json', import.meta.url), `${JSON.stringify(table, null, 2)}\n`);
const count = Object.values(table).reduce((sum, tags) => sum + Object.keys(tags).length, 0);
process.stderr.write(
  `${count} tags of ${given.length} repositories; releases of moby pin ${pinned.length} of them by name\n`,
);
for (const word of missing) process.stderr.write(`missing: ${word}\n`);
if (missing.length > 0) process.exitCode = 1;
