/** Names whose values nobody should find in a manifest. */
const SECRET_NAME = /pass(?:word|wd|phrase)?$|secret|token|credential|api_?key|private_?key|_auth$/i;

const HIDDEN = '***';

/**
 * The same value without passwords: user names and passwords in URLs, and whatever is called a secret, are replaced by `***`.
 * Goes through arrays and plain objects; everything else stays. Pure.
 */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, SECRET_NAME.test(name) && typeof part === 'string' && part !== '' ? HIDDEN : redact(part)]),
  );
}

/** The text without `user:password@` in URLs, and without the value of `NAME=VALUE` words that are called a secret. */
export function redactText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@'"]+@/gi, `$1${HIDDEN}@`)
    .replace(/\b([A-Za-z_][A-Za-z0-9_]*)=('[^']*'|[^\s'"]+)/g, (whole, name: string) => (SECRET_NAME.test(name) ? `${name}=${HIDDEN}` : whole));
}
