#!/usr/bin/env node
/**
 * Makes src/moby/pins.json, the table that a commit from the network is checked against.
 *
 *     node scripts/pins.mjs FACTS.json
 *
 * FACTS.json: {TAG: {commit, tag_object, date}}, as read from moby's own repository. Kept of it: tag → [commit, date of the
 * commit (YYYY-MM-DD)]. The tag object is left out: what is compared is the commit that the tag peels to.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [input] = process.argv.slice(2);
if (input === undefined) throw new Error('usage: node scripts/pins.mjs FACTS.json');

/** @type {Record<string, {commit: string, date: string}>} */
const facts = JSON.parse(readFileSync(input, 'utf8'));
const lines = Object.entries(facts)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([tag, { commit, date }]) => {
    if (!/^[0-9a-f]{40}$/.test(commit)) throw new Error(`${tag}: not a commit id: ${commit}`);
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new Error(`${tag}: not a date: ${date}`);
    return `  ${JSON.stringify(tag)}: ${JSON.stringify([commit, date]).replace(',', ', ')}`;
  });
const output = new URL('../src/moby/pins.json', import.meta.url);
writeFileSync(output, `{\n${lines.join(',\n')}\n}\n`);
process.stderr.write(`${String(lines.length)} tags\n`);
