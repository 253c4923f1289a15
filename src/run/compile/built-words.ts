import { MESSAGES } from '../../ui/messages.ts';
import type { Built } from '../stage/stages.ts';

/** What is shown of a build that is done: its steps, and of a sealed one whom it contacted. Pure. */
export function builtWords({ steps, seal }: Pick<Built, 'steps' | 'seal'>): string {
  const cached = steps.filter((step) => step.cached).length;
  const words = `${String(steps.length)} steps, ${String(cached)} of them from the cache`;
  if (seal === null) return words;
  return `${words}; ${seal.mechanism === 'proxy' ? MESSAGES.sealWords(seal.contacted.length) : MESSAGES.sealNoNetwork}`;
}
