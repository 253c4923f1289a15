// npm run upstream -- MOBY [OWNER/NAME=CLONE ...]: brings the tables up to date from genuine clones (bare or not), and prints what a person has to
// look at. Nothing is asked of the network: a job fetches into the clones before. It writes src/moby/pins.json (tags that were not known) and
// src/moby/go/component-go.json (the Go that tags of components ask for); for the commits of components' tags it prints the command that writes them.
// Exit code 1: something is to be looked at.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { seriesOfRef, versionOfRef } from '../src/moby/series.ts';
import { SERIES } from '../src/moby/series-table.ts';
import { goOf, newTags, readBranches, supportChanges } from './upstream-facts.ts';

const [moby, ...given] = process.argv.slice(2);
if (moby === undefined || !given.every((word) => /^[^/=]+\/[^/=]+=./.test(word)))
  throw new Error('usage: npm run upstream -- MOBY [OWNER/NAME=CLONE ...]');

const table = (name) => new URL(`../src/moby/${name}`, import.meta.url);
const read = (name) => JSON.parse(readFileSync(table(name), 'utf8'));
const git = (dir, ...args) => {
  try {
    return execFileSync('git', ['-C', dir, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
};
const look = [];

const format =
  '%(refname:strip=2) %(if)%(*objectname)%(then)%(*objectname) %(*committerdate:short)%(else)%(objectname) %(committerdate:short)%(end)';
const refs = (git(moby, 'for-each-ref', `--format=${format}`, 'refs/tags/v*', 'refs/tags/docker-v*') ?? '')
  .split('\n')
  .flatMap((line) => {
    const [tag, commit, date] = line.split(' ');
    // Before 1.0 a tag was no release that anybody builds here.
    return tag === undefined || (versionOfRef(tag)?.major ?? 0) < 1 ? [] : [{ tag, commit, date }];
  });
const pins = read('pins.json');
const { added, moved } = newTags(pins, refs);
for (const { tag, commit, date } of added) pins[tag] = [commit, date];
if (added.length > 0) {
  const lines = Object.entries(pins)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, [commit, date]]) => `  ${JSON.stringify(tag)}: [${JSON.stringify(commit)}, ${JSON.stringify(date)}]`);
  writeFileSync(table('pins.json'), `{\n${lines.join(',\n')}\n}\n`);
}
process.stdout.write(`${String(added.length)} new tags: ${added.map(({ tag }) => tag).join(', ') || 'none'}\n`);
for (const line of moved) look.push(`a tag stands on another commit than the table says: ${line}`);
const strangers = added.filter(({ tag }) => seriesOfRef(tag) === null);
if (strangers.length > 0)
  look.push(`of no known series: ${strangers.map(({ tag }) => tag).join(', ')}; add a row to src/moby/series-table.ts`);
if (added.length > 0) look.push('scan them: npm run survey -- CLONE');

const branches = git(moby, 'show', 'HEAD:project/BRANCHES-AND-TAGS.md');
if (branches === null)
  look.push('project/BRANCHES-AND-TAGS.md is not at HEAD of the clone: support states were not compared');
else for (const line of supportChanges(SERIES, readBranches(branches), pins)) look.push(line);

const gone = read('go/component-go.json');
const known = read('component-pins.json');
for (const word of given) {
  const [name, clone] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
  const tags = known[name] ?? {};
  const newer = (git(clone, 'tag', '--list', 'v*') ?? '')
    .split('\n')
    .filter((tag) => /^v\d[\w.+-]*$/.test(tag) && tags[tag] === undefined);
  if (newer.length > 0)
    look.push(`${name} has tags that component-pins.json lacks: ${newer.slice(-5).join(', ')}; npm run component-pins`);
  const asked = Object.keys(tags).flatMap((tag) => {
    const go = goOf(git(clone, 'show', `${tags[tag]}:go.mod`) ?? '');
    return go === null ? [] : [[tag, go]];
  });
  if (asked.length > 0) gone[name] = Object.fromEntries(asked);
}
writeFileSync(
  table('go/component-go.json'),
  `${JSON.stringify(Object.fromEntries(Object.entries(gone).sort()), null, 2)}\n`,
);

const catalogue = JSON.parse(readFileSync(new URL('../src/mirrors/catalogue/catalogue.json', import.meta.url), 'utf8'));
const seen = catalogue.mirrors.flatMap((entry) => (entry.seen === null ? [] : [entry.seen])).sort();
look.push(
  `the catalogue saw its mirrors between ${seen.at(0)} and ${seen.at(-1)}: moby-build mirrors probe --profile auto --json > FILE, then npm run catalogue -- FILE`,
);
process.stdout.write(`To look at:\n${look.map((line) => `  ${line}\n`).join('')}`);
if (look.length > 1) process.exitCode = 1;
