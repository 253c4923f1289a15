// npm run digests -- FACTS.json …: checks files of documented digests (digests/v1) and merges them into src/mirrors/catalogue/digests.json.
// A file with a mistake (no digest, the same twice, contradictions) is refused as a whole, each mistake with its place; exit 1.
import { readFileSync, writeFileSync } from 'node:fs';
import { digestTableSchema } from '../src/mirrors/catalogue/documented.ts';
import { mergeDigests, tableText } from './merge-digests.ts';

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('usage: npm run digests -- FACTS.json …');
const output = new URL('../src/mirrors/catalogue/digests.json', import.meta.url);
let table = digestTableSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
const problems = [];
for (const file of files) {
  const merged = mergeDigests(table, readFileSync(file, 'utf8'), file);
  table = merged.table;
  problems.push(...merged.problems);
  for (const line of merged.leftOut) process.stderr.write(`left out: ${line}\n`);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
} else {
  writeFileSync(output, tableText(table));
  const digests = table.images.reduce((sum, image) => sum + image.digests.length, 0);
  process.stderr.write(`${String(table.images.length)} tags, ${String(digests)} digests\n`);
}
