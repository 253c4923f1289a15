/** What a netrc file of the user's has, by machine, as it is written there. */
export interface UserNetrc {
  /** In lower case. */
  readonly machines: readonly { readonly machine: string; readonly words: readonly string[] }[];
  /** There is a login for every host that asks. */
  readonly hasDefault: boolean;
}

/** A word in double quotes may hold blanks and `\"` (curl, from 7.84 on); any other ends at a blank. */
const WORD = /"(?:[^"\\\n]|\\.)*"|\S+/gu;

/**
 * Reads a netrc file as curl does (netrc(5)): nothing in it is refused, for other programs read it too and it is not ours. Pure.
 * `macdef` and its lines, up to an empty one, are passed over.
 */
export function readUserNetrc(text: string): UserNetrc {
  const machines: { machine: string; words: string[] }[] = [];
  let hasDefault = false;
  let current: string[] | null = null;
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = words[at + 1];
    if (word === 'default') {
      hasDefault = true;
      current = null;
    } else if (word === 'machine' && value !== undefined) {
      current = [];
      machines.push({ machine: value.replace(/^"(.*)"$/u, '$1').toLowerCase(), words: current });
      at += 1;
    } else if (['login', 'password', 'account'].includes(word) && value !== undefined) {
      current?.push(word, value);
      at += 1;
    }
  }
  return { machines, hasDefault };
}

/** The lines of a netrc file that give git the user's logins for this host, and for no other; '' where there is none. Pure. */
export function netrcFor({ machines }: UserNetrc, host: string): string {
  return machines
    .filter(({ machine }) => machine === host.toLowerCase())
    .map(({ machine, words }) => `machine ${[machine, ...words].join(' ')}\n`)
    .join('');
}

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let inMacro = false;
  for (const line of text.split('\n')) {
    if (inMacro) {
      inMacro = line.trim() !== '';
      continue;
    }
    if (/^\s*#/u.test(line)) continue;
    const here: readonly string[] = line.match(WORD) ?? [];
    const macro = here.indexOf('macdef');
    inMacro = macro !== -1;
    words.push(...(macro === -1 ? here : here.slice(0, macro)));
  }
  return words;
}
