import { ownRegistries } from '../../system/http/own-registries.ts';
import { candidatesFor } from '../plan/requests.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';

/** The module proxies of the plan, in the order in which the build asks them; where the plan leaves it to Go, the one that this machine's Go asks. */
export async function proxiesOf(from: Planned, { env }: Pick<Io, 'env'>): Promise<readonly string[]> {
  const candidates = from.order('gomod', null, candidatesFor(from, { kind: 'gomod' }));
  const named = candidates.flatMap(({ template }) => (template === null ? [] : template.text.split(/[,|]/u)));
  const { gomod } = await ownRegistries(env);
  const all = [...named, ...(gomod === null ? [] : [gomod])].filter((each) => /^https?:\/\//u.test(each));
  return [...new Set(all.map((each) => each.replace(/\/+$/u, '')))];
}
