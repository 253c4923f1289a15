// npm run demo: the product builds a real dockerd from moby's real source, sealed off from every network but the lab's mirrors.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { startLab } from '../test/lab/lab.mjs';
import { LabError } from '../test/lab/machine.mjs';
import { recipeMirrors } from '../test/lab/mirrors.mjs';
import { arch, recipeLine, registry } from '../test/lab/product.mjs';
import { runNode } from './run-step.mjs';

const say = (line) => process.stderr.write(`demo: ${line}\n`);

async function demo() {
  say('bundling the product');
  const bundled = await runNode(['node_modules/tsdown/dist/run.mjs', '--logLevel', 'warn']);
  if (!bundled.ok) return 1;
  const lab = await startLab({ moby: 'real', mirrors: { ...recipeMirrors, [registry]: ['image'] }, say });
  try {
    const line = recipeLine(lab);
    say(`in the lab, where only ${[...Object.keys(recipeMirrors), registry].join(', ')} exist:`);
    process.stderr.write(`\n$ ${line.join(' ')}\n\n`);
    const { exitCode, seconds } = await lab.exec(line, {
      stdio: 'inherit',
      env: { TERM: process.env.TERM ?? 'dumb', CI: process.env.CI ?? '' },
    });
    if (exitCode !== 0) return exitCode ?? 1;
    const name = `moby-v20.10.24-linux-${arch}`;
    const out = resolve(name);
    if (existsSync(out)) rmSync(out, { recursive: true });
    cpSync(lab.pathIn(`/root/${name}`), out, { recursive: true, verbatimSymlinks: true });
    const totals = new Map();
    for (const { host, bytes } of lab.requests()) totals.set(host, (totals.get(host) ?? 0) + bytes);
    say(
      `built in ${Math.round(seconds)} s; served by ${[...totals].map(([host, bytes]) => `${host} ${(bytes / 1e6).toFixed(1)} MB`).join(', ')}`,
    );
    const strangers = lab.dnsQueries().filter(({ known }) => !known);
    say(
      strangers.length === 0
        ? 'no other name was asked for'
        : `OTHER NAMES WERE ASKED FOR: ${strangers.map((query) => query.name).join(', ')}`,
    );
    say(`the binaries are in ${out}`);
    say(`dockerd --version: ${execFileSync(`${out}/dockerd`, ['--version'], { encoding: 'utf8' }).trim()}`);
    return strangers.length === 0 ? 0 : 1;
  } finally {
    await lab.stop();
  }
}

try {
  process.exitCode = await demo();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  say(error.message);
  process.exitCode = 3;
}
