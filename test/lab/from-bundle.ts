import { expect } from 'vitest';
import type { Lab } from './lab.mjs';

/** The words of an option with its value, for each. */
export type Words = readonly string[];

interface Created {
  readonly builds: readonly { readonly gaps: readonly unknown[]; readonly needs: readonly string[] }[];
  readonly bytes: number;
}

export interface Built {
  readonly binaries: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly machine: string;
    readonly static: boolean;
  }[];
}

/** `bundle create` from the lab's mirrors; nothing that the build takes is left out. */
export async function createBundle(lab: Lab, file: string, words: Words): Promise<Created> {
  const line = ['moby-build', 'bundle', 'create', ...words, '--no-probe', '--out', file, '--json'];
  const { exitCode, stdout, stderr } = await lab.exec(line, { timeoutMs: 15 * 60_000 });
  expect(exitCode, stderr.slice(-4000)).toBe(0);
  const created = JSON.parse(stdout) as Created;
  expect(created.builds.map(({ gaps }) => gaps)).toEqual([[]]);
  return created;
}

/** Ends the mirrors, and shows that no name resolves and that the name server's record says who asks. */
export async function cutOff(lab: Lab, mirror: string): Promise<void> {
  await lab.cutOff();
  lab.clearLogs();
  expect((await lab.exec(['getent', 'ahosts', mirror])).exitCode).toBe(2);
  expect(lab.dnsQueries().map(({ name }) => name)).toContain(mirror);
  lab.clearLogs();
}

/** `build --bundle` where nobody is reachable: it asked nobody. */
export async function buildFrom(lab: Lab, file: string, words: Words): Promise<Built> {
  const line = ['moby-build', 'build', '--bundle', file, ...words, '--json'];
  const { exitCode, stdout, stderr } = await lab.exec(line, { timeoutMs: 45 * 60_000 });
  expect(exitCode, stderr.slice(-4000)).toBe(0);
  expect(stderr).toMatch(/^All \d+ objects of .* are in .*, and whole\.$/mu);
  expect([lab.dnsQueries(), lab.requests()]).toEqual([[], []]);
  return JSON.parse(stdout) as Built;
}

/** Each binary of a build with its digest. */
export function digestsOf({ binaries }: Built): Readonly<Record<string, string>> {
  return Object.fromEntries(binaries.map(({ name, sha256 }) => [name, sha256]));
}
