// @ts-check
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../machine.mjs';
import { execIn } from './exec.mjs';

/** The names that a lab answers. @param {string} shared @returns {string[]} */
export function namesOf(shared) {
  return Object.keys(JSON.parse(readFileSync(join(shared, 'mirrors.json'), 'utf8')).mirrors);
}

/**
 * Where each name leads: to the mirrors, or where nobody listens.
 * @param {string} shared
 * @param {import('../inside/fault-rules.mjs').FaultTable} table
 */
export function writeNames(shared, table) {
  const { mirrors, address, nobody } = JSON.parse(readFileSync(join(shared, 'mirrors.json'), 'utf8'));
  const refuses = (/** @type {string} */ name) => table[name]?.some(({ fault }) => fault === 'refuse') === true;
  const company = join(shared, 'corporate/settings.json');
  /** @type {string[]} */
  const hidden = existsSync(company) ? JSON.parse(readFileSync(company, 'utf8')).hosts : [];
  const open = Object.keys(mirrors).filter((name) => !hidden.includes(name));
  const lines = open.map((name) => `${refuses(name) ? nobody : address} ${name}\n`);
  writeFileSync(join(shared, 'names.hosts'), lines.join(''));
}

/**
 * Switches what the mirrors of a running lab do wrong. A name refuses for all kinds at once.
 * @param {string} state
 * @param {import('../inside/fault-rules.mjs').FaultTable} table
 */
export async function setFaults(state, table) {
  const shared = join(state, 'shared');
  const strange = Object.keys(table).filter((name) => !namesOf(shared).includes(name));
  if (strange.length > 0) throw new LabError(`This lab does not answer ${strange.join(', ')}.`);
  // A request that comes now sees the old table or the new one, never half of it.
  writeFileSync(join(shared, 'faults.new'), JSON.stringify(table));
  renameSync(join(shared, 'faults.new'), join(shared, 'faults.json'));
  writeNames(shared, table);
  const reread = 'kill -HUP "$(cat /run/dnsmasq.pid)" && sleep 0.2';
  const { exitCode, stderr } = await execIn(state, ['sh', '-c', reread], { timeoutMs: 10_000 });
  if (exitCode !== 0) throw new LabError(`The name server was not told: ${stderr}`);
}

/**
 * From now on no mirror is reachable and no name resolves, until the lab ends. The name server still writes down whoever asks.
 * @param {string} state
 */
export async function cutOff(state) {
  writeFileSync(join(state, 'shared/names.hosts'), '');
  const script = `for server in mirrors registry; do
      pid=$(cat /run/$server.pid); kill "$pid"; while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    done; kill -HUP "$(cat /run/dnsmasq.pid)" && sleep 0.2`;
  const { exitCode, stderr } = await execIn(state, ['sh', '-c', script], { timeoutMs: 30_000 });
  if (exitCode !== 0) throw new LabError(`The mirrors did not end: ${stderr}`);
}
