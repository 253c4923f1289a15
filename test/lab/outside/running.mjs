// @ts-check
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp } from './clean-up.mjs';
import { execIn } from './exec.mjs';
import { cutOff, namesOf, setFaults } from './faults.mjs';

/**
 * @typedef {ReturnType<typeof labOf>} Lab
 * @typedef {{time: string, host: string, scheme: string, from: string, method: string, path: string, status: number, bytes: number, kind: string, whole: boolean, fault?: string}} LoggedRequest
 * @typedef {Awaited<ReturnType<typeof import('../prepare/corporate.mjs').makeCompany>>} Company
 */

/**
 * A running lab.
 * @param {string} state
 * @param {Record<string, {commit: string, tag: string}>} repos
 * @param {Company | null} company
 */
export function labOf(state, repos, company) {
  writeFileSync(join(state, 'repos.json'), JSON.stringify(repos));
  const logs = join(state, 'shared/logs');
  return {
    state,
    /** What stands behind the git mirrors: `moby/moby` → its commit and tag. */
    repos,
    company,
    /** What the company's proxy was asked for. @returns {{method: string, host: string, status: number, agent: string}[]} */
    proxied: () => lines(join(logs, 'proxy.jsonl')).map((line) => JSON.parse(line)),
    /** Runs a command in the lab. @type {(argv: string[], options?: import('./exec.mjs').ExecOptions) => Promise<import('./exec.mjs').ExecResult>} */
    exec: (argv, options) => execIn(state, argv, options),
    /** Where a file of the lab's root (its upper layer) lies on this machine. @param {string} path absolute, in the lab */
    pathIn: (path) => join(state, 'upper', path),
    /** Every request that a mirror got, in order. @returns {LoggedRequest[]} */
    requests: () => lines(join(logs, 'requests.jsonl')).map((line) => JSON.parse(line)),
    /** Every name that somebody asked for, in order, and whether it is known. @returns {{name: string, known: boolean}[]} */
    dnsQueries: () => {
      const asked = lines(join(logs, 'dns.log')).flatMap(
        (line) => /query\[(?:A|AAAA)\] (\S+) from/.exec(line)?.[1] ?? [],
      );
      const known = new Set(namesOf(join(state, 'shared')));
      return asked.map((name) => ({ name, known: known.has(name) }));
    },
    /** What the mirrors do wrong from now on, by host; an empty table: nothing. @type {(table: import('../inside/fault-rules.mjs').FaultTable) => Promise<void>} */
    setFaults: (table) => setFaults(state, table),
    /** From now on nobody answers and no name resolves; `dnsQueries` still has every question. */
    cutOff: () => cutOff(state),
    clearLogs: () => {
      for (const name of ['requests.jsonl', 'dns.log', 'proxy.jsonl']) writeFileSync(join(logs, name), '');
    },
    /** Ends everything and removes it. */
    stop: () => cleanUp(state),
  };
}

/** @param {string} file */
function lines(file) {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}
