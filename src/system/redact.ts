/** Names whose values nobody should find in a manifest. */
const SECRET_WORDS = 'passw(?:or)?d|passphrase|secret|token|credential|api_?key|private_?key|_auth';
const SECRET_NAME = new RegExp(SECRET_WORDS, 'i');
const SECRET_ASSIGNMENT = new RegExp(String.raw`\b(\w*(?:${SECRET_WORDS})\w*)=('[^']*'|[^\s'"]+)`, 'gi');

const HIDDEN = '***';
/** Shorter values are looked for by their names only: replacing every `1` would spoil the rest. */
const SHORTEST_SECRET = 3;

/**
 * The same value without passwords: user names and passwords in URLs, and whatever is called a secret, are replaced by `***`,
 * and so are `secrets`. Goes through arrays and plain objects; everything else stays. Pure.
 */
export function redact(value: unknown, secrets: readonly string[] = []): unknown {
  if (typeof value === 'string') return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((each) => redact(each, secrets));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      SECRET_NAME.test(name) && typeof part === 'string' && part !== '' ? HIDDEN : redact(part, secrets),
    ]),
  );
}

/** The values in `args` that are called a secret. */
export function secretValues(args: Readonly<Record<string, string>>): string[] {
  return Object.entries(args).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value.length >= SHORTEST_SECRET ? [value] : [],
  );
}

/**
 * The text without `user:password@` in URLs, without the values of `NAME=VALUE` words that are called a secret, and without
 * `secrets`, however quoted for make and the shell.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const form of secrets.flatMap(quotedForms).sort((a, b) => b.length - a.length))
    result = result.replaceAll(form, HIDDEN);
  return result
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@'"]+@/gi, `$1${HIDDEN}@`)
    .replace(SECRET_ASSIGNMENT, `$1=${HIDDEN}`);
}

/** The words of a command as a log may have them: what `redactText` hides, and the whole value of a NAME=VALUE that is called a secret. Pure. */
export function redactWords(words: readonly string[]): readonly string[] {
  return words.map((word) => {
    const [, name = '', value = ''] = /^((?:--[\w-]+=)?\w+)=([^]+)$/u.exec(word) ?? [];
    return value !== '' && SECRET_NAME.test(name) ? `${name}=${HIDDEN}` : redactText(word);
  });
}

/** As it is; in a word of a shell; in a recipe's word; and that in a word of a shell. */
function quotedForms(value: string): string[] {
  const inShell = (text: string): string => text.replaceAll("'", "'\\''");
  const inRecipe = inShell(value).replaceAll('$', '$$$$');
  return [value, inShell(value), inRecipe, inShell(inRecipe)];
}
