import type { Asker } from '../requests/asker.ts';
import { escapedModule } from '../probe/probe-module.ts';
import { hashOne, zipHash } from './module-hash.ts';

/** A module that is named by the tree is a tool: some megabytes. More is not read. */
const ZIP_BYTES = 64 * 1024 * 1024;
const MOD_BYTES = 1024 * 1024;

/** The two lines that go.sum has of a module. */
export interface ModuleSums {
  readonly sum: string;
  readonly goModSum: string;
}

/**
 * The sums of a module as a proxy serves it, made from its zip and its go.mod; where the checksum database is passed on, they are
 * held against what that says (https://go.dev/ref/mod#checksum-database). The go command of the build checks them again, with the
 * database's signature.
 *
 * @param proxy URL without a slash at its end
 * @param database its name; null: nobody says which it is, or the user turned it off
 * @returns the sums, or the reason why nobody knows. `denied`: the database says otherwise
 */
export async function moduleSums(
  proxy: string,
  path: string,
  version: string,
  database: string | null,
  asker: Asker,
): Promise<(ModuleSums & { readonly denied: string | null }) | { readonly reason: string }> {
  const at = `${proxy}/${escapedModule(path)}/@v/${escapedModule(version)}`;
  const [mod, zip, said] = await Promise.all([
    asker.ask({ url: `${at}.mod`, maxBytes: MOD_BYTES }),
    // On a slow line it takes longer than a probe may, and a build would wait for it too.
    asker.download({ url: `${at}.zip`, maxBytes: ZIP_BYTES }),
    database === null
      ? null
      : asker.ask({
          url: `${proxy}/sumdb/${database}/lookup/${escapedModule(path)}@${escapedModule(version)}`,
          maxBytes: MOD_BYTES,
        }),
  ]);
  for (const answer of [mod, zip]) {
    if ('fault' in answer) return { reason: answer.reason };
    if (answer.status !== 200) return { reason: `HTTP status ${String(answer.status)}` };
  }
  if ('fault' in mod || 'fault' in zip) return { reason: 'nothing came' };
  const sum = zipHash(zip.body);
  if (sum === null) return { reason: 'its zip is no zip' };
  const goModSum = hashOne({ 'go.mod': mod.body });
  const record = said === null || 'fault' in said || said.status !== 200 ? '' : Buffer.from(said.body).toString('utf8');
  return { sum, goModSum, denied: deniedBy(record, path, version, { sum, goModSum }) };
}

/** What a record of the checksum database says otherwise; null: nothing, or it is no record of that module. Pure. */
export function deniedBy(record: string, path: string, version: string, sums: ModuleSums): string | null {
  const said = (name: string): string | undefined =>
    record
      .split('\n')
      .find((line) => line.startsWith(`${path} ${name} h1:`))
      ?.slice(`${path} ${name} `.length);
  for (const [name, sum] of [
    [version, sums.sum],
    [`${version}/go.mod`, sums.goModSum],
  ] as const) {
    const wanted = said(name);
    if (wanted !== undefined && wanted !== sum)
      return `${path} ${name}: the checksum database says ${wanted}, it is ${sum}`;
  }
  return null;
}
