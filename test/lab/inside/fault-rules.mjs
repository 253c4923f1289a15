// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} FaultRule
 * @property {string} fault of give-fault.mjs; `refuse`: the name leads where nobody listens; `bad-certificate`: one of a stranger;
 *   apt: `stale`, `expired`; git and images: `moved`; `tampered-index`: what the tampered thing is found by
 * @property {string[]} [kinds] `apt`, `git`, `go`, `image`; all unless told
 * @property {boolean} [bulk] only packages, packs, module zips and layers meet it; what leads to them is all right
 * @property {string} [path] only what is asked for below such a path: `/moby/moby`
 * @property {number} [bytesPerSecond] of `slow`
 *
 * @typedef {Record<string, FaultRule[]>} FaultTable by host
 */

/** Written by `lab.setFaults`, read anew for each request. */
const file = '/srv/lab/faults.json';

/** @returns {FaultTable} */
function table() {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** The big things of each kind, by what is asked for. @type {Record<string, (method: string, path: string) => boolean>} */
const isBulk = {
  apt: (_, path) => path.includes('/pool/'),
  git: (method) => method === 'POST',
  go: (_, path) => path.endsWith('.zip'),
  image: (_, path) => path.includes('/blobs/'),
};

/**
 * The fault that a request meets, or null.
 * @param {string} host
 * @param {string} kind
 * @param {string} method
 * @param {string} path
 * @returns {FaultRule | null}
 */
export function faultOf(host, kind, method, path) {
  return (
    (table()[host] ?? []).find(
      ({ kinds, bulk, path: part }) =>
        (kinds?.includes(kind) ?? true) &&
        (bulk !== true || isBulk[kind]?.(method, path) === true) &&
        (part === undefined || path.includes(part)),
    ) ?? null
  );
}

/** Whether a host shows a stranger's certificate. @param {string} host */
export function hasBadCertificate(host) {
  return (table()[host] ?? []).some(({ fault }) => fault === 'bad-certificate');
}
