/**
 * Brings the dates of the catalogue up to date from what a probe saw: npm run catalogue -- PROBE.json
 *
 * PROBE.json is the output of `moby-build mirrors probe --profile auto --json`. A mirror that had every object gets today's date
 * and the probe as its source; nothing is taken away, for one probe sees one network: what failed is printed for a person to judge.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const CATALOGUE = new URL('../src/mirrors/catalogue/catalogue.json', import.meta.url);

/**
 * @param {{mirrors: {id: string, kinds: string[], seen: string | null, sources: string[]}[]}} catalogue changed in place
 * @param {Record<string, {candidates: {id: string, outcome: string, reason: string}[]}>} kinds of the probe
 * @param {string} today `2026-11-25`
 * @returns {string[]} what failed, a line each
 */
export function refresh(catalogue, kinds, today) {
  const source = `moby-build mirrors probe, ${today}`;
  return Object.entries(kinds).flatMap(([kind, { candidates }]) =>
    candidates.flatMap(({ id, outcome, reason }) => {
      const entry = catalogue.mirrors.find((each) => each.id === id && each.kinds.includes(kind));
      if (entry === undefined || outcome === 'not-asked') return [];
      if (outcome !== 'ok') return [`${kind} ${id}: ${outcome}, ${reason}`];
      entry.seen = today;
      entry.sources = [...entry.sources.filter((each) => !each.startsWith('moby-build mirrors probe')), source];
      return [];
    }),
  );
}

const [file] = process.argv.slice(2);
if (file !== undefined) {
  const catalogue = JSON.parse(readFileSync(CATALOGUE, 'utf8'));
  const today = new Date().toISOString().slice(0, 10);
  const failed = refresh(catalogue, JSON.parse(readFileSync(file, 'utf8')).kinds, today);
  writeFileSync(CATALOGUE, `${JSON.stringify(catalogue, null, 2)}\n`);
  process.stdout.write(failed.map((line) => `${line}\n`).join(''));
}
