import { spoken } from './speech.ts';

/** Words of ours that stand alone in cells of tables. */
const TABLE_WORDS = [
  // No `upstream`: it is the name of a profile, too.
  ...['mirror', 'host', 'dropped', 'unresolved', 'inside', 'outside', 'closure', 'contacts', 'stage', 'kind'],
  ...['default', 'flag', 'environment', 'file', 'profile'],
  ...['alive', 'degraded', 'restricted', 'unverified', 'dead', 'global'],
  ...['ok', 'wrong-status', 'wrong-content', 'refused', 'no-such-name', 'timed-out', 'too-slow', 'stale', 'not-asked'],
  ...['planned', 'built', 'kept', 'failed', 'left', 'native', 'cross', 'emulated'],
  ...[
    'static',
    'static pie',
    'shared object',
    'dynamic',
    'none',
    'yes',
    'no',
    'unknown',
    'added',
    'removed',
    'changed',
  ],
];
const KNOWN = new Set(TABLE_WORDS);

/** A word of ours in the language of the run; any other word is a name, and stays. */
export function tableWord(word: string): string {
  return KNOWN.has(word) ? spoken(word) : word;
}
