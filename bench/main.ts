// npm run bench -- [SECTION…] [--moby CLONE] [--scale 0.1] [--json FILE]: what moby-build costs, beside the recipe by hand in the same run.
// Prints a table; asserts nothing, for times are of this machine and this hour.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { commands } from './sections/commands.ts';
import { engine } from './sections/engine.ts';
import { log } from './sections/log.ts';
import { lines, sources } from './sections/sources.ts';
import type { Setting } from './setting.ts';
import type { Row } from './table.ts';
import { isMet, machine, markdown, ratioOf } from './table.ts';

const SECTIONS: Readonly<Record<string, (setting: Setting) => Promise<Row[]>>> = {
  commands,
  sources,
  lines,
  log,
  engine,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { moby: { type: 'string' }, scale: { type: 'string', default: '1' }, json: { type: 'string' } },
});
const strange = positionals.filter((name) => !(name in SECTIONS));
const scale = Number(values.scale);
if (strange.length > 0 || !(scale > 0 && scale <= 1)) {
  const names = Object.keys(SECTIONS).join('|');
  console.error(`usage: npm run bench -- [${names}]… [--moby CLONE] [--scale 0..1] [--json FILE]`);
  process.exit(2);
}

const dir = mkdtempSync(join(tmpdir(), 'moby-build-bench-'));
const say = (line: string): void => {
  process.stderr.write(`bench: ${line}\n`);
};
const on = machine();
const rows: Row[] = [];
try {
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const own = join(dir, name);
    mkdirSync(own);
    say(name);
    rows.push(
      ...(await section({ dir: own, clone: values.moby === undefined ? null : resolve(values.moby), scale, say })),
    );
    rmSync(own, { recursive: true, force: true });
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
process.stdout.write(`${on}\n\n${markdown(rows)}\n`);
if (values.json !== undefined) {
  const data = rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) }));
  writeFileSync(values.json, `${JSON.stringify({ machine: on, scale, rows: data }, null, 2)}\n`);
}
