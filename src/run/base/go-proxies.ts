import { CHECKSUM_DATABASE } from '../../base/golang/checksum-database.ts';
import { ownRegistries } from '../../system/http/own-registries.ts';
import { candidatesFor } from '../plan/requests.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';

/** The module proxies of the plan, in the order in which the build asks them; where the plan leaves it to Go, the one that this machine's Go asks. */
export async function proxiesOf(from: Planned, { env }: Pick<Io, 'env'>): Promise<readonly string[]> {
  const candidates = from.order('gomod', null, candidatesFor(from, { kind: 'gomod' }));
  const named = candidates.flatMap(({ template }) => (template === null ? [] : template.text.split(/[,|]/u)));
  const urls = named.filter((each) => /^https?:\/\//u.test(each));
  const { gomod } = await ownRegistries(env);
  const all = urls.length > 0 || gomod === null ? urls : [gomod];
  return [...new Set(all.map((each) => each.replace(/\/+$/u, '')))];
}

/** Where the checksum database is asked: at the proxies that pass it on, and where the plan has it under its other name. Pure. */
export function databasesOf(
  { resolutions: { gosumdb } }: Pick<Planned, 'resolutions'>,
  proxies: readonly string[],
): readonly string[] {
  const [, name = '', address] = /^([a-z0-9.-]+)(?:\+\S+)?(?: (https?:\/\/\S+))?$/u.exec(gosumdb ?? '') ?? [];
  const other = gosumdb === null || gosumdb === 'off' ? [] : [address ?? `https://${name}`];
  return [
    ...proxies.map((proxy) => `${proxy}/sumdb/${CHECKSUM_DATABASE.name}`),
    ...other.map((each) => each.replace(/\/+$/u, '')),
  ];
}
