import { isIP } from 'node:net';
import * as z from 'zod';
import type { Arch } from '../../cpus.ts';
import { IMAGE_REFERENCE } from '../../image-reference.ts';
import { readArch } from '../read-arch.ts';
import { suggestion } from '../nearest.ts';

/** Longer values are no host, path or argument that anybody wrote by hand, and argument lists have limits of their own. */
const MAX_LENGTH = 4096;

/**
 * Control characters, line and paragraph separators, and the bidirectional overrides of Unicode: the first end lines where a
 * value must stay one, the last make a terminal show another text than the one that is used.
 */
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A user name or password before the host of a URL (with or without its scheme); a digest's `@sha256:` is none. */
const CREDENTIALS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@(?!sha256:)/iu;

/** The user of an ssh address is a name that everybody may know: `ssh://git@host/path`. */
const SSH_USER = /^ssh:\/\/[\w.-]+@/iu;

/** Whether one of the URLs in a value (a GOPROXY value holds several) carries a user name or password. */
export function holdsCredentials(value: string): boolean {
  return value.split(/[,|\s]/u).some((part) => CREDENTIALS.test(part.replace(SSH_USER, 'ssh://')));
}

/** Any text on one line, 1 to 4096 characters, that shows on a terminal as what it is. */
export const plainText = z
  .string()
  .min(1, 'needs a value')
  .max(MAX_LENGTH, `is longer than ${MAX_LENGTH} characters`)
  .refine((value) => !HOSTILE.test(value), 'holds a control character or line break, which no value may');

/** Plain text of a given shape; the message says what was expected. */
export function shaped(shape: RegExp, expected: string) {
  return plainText.refine((value) => shape.test(value), `must be ${expected}`);
}

/** Plain text without a user name or password in a URL; the value itself is never repeated in the message. */
export const withoutCredentials = plainText.refine(
  (value) => !holdsCredentials(value),
  'holds a user name or password; they would end up in logs and in the built image, so give them to git or docker instead',
);

/** One of the given words; a typo gets the nearest one named. @param shown how a message lists them */
export function word<const T extends readonly [string, ...string[]]>(words: T, shown = words.join(', ')) {
  return z.enum(words, {
    error: (issue) =>
      `must be one of ${shown}` + (typeof issue.input === 'string' ? suggestion(issue.input, words) : ''),
  });
}

/** A CPU architecture, as `readArch` takes it. Out comes the GOARCH name. */
export const arch = z.string().transform((value, context): Arch => {
  const read = readArch(value);
  if ('arch' in read) return read.arch;
  context.addIssue({ code: 'custom', message: read.problem });
  return z.NEVER;
});

/** A git ref by the rules of git-check-ref-format(1), with no leading dash: it becomes an argument of git. */
export const gitRef = plainText.refine(
  (value) => !/^[-/.]|\.\.|\/\/|\/\.|@\{|[ ~^:?*[\\]|\.lock(?:\/|$)|[/.]$|^@$/u.test(value),
  'must be a git ref, such as v20.10.12',
);

/** A git ref, or two of them as git writes a range (`A..B`): no ref holds two dots. */
export const gitRefOrRange = plainText.superRefine((value, context) => {
  const sides = value.split('..');
  if (sides.length === 1 && gitRef.safeParse(value).success) return;
  if (sides.length === 2 && sides.every((side) => gitRef.safeParse(side).success)) return;
  const message =
    sides.length === 1
      ? 'must be a git ref, such as v20.10.12'
      : 'must be a git ref, such as v20.10.12, or two, such as v20.10.12..v23.0.6';
  context.addIssue({ code: 'custom', message });
});

/** A full commit id of moby or a component: their repositories use SHA-1, so 40 hexadecimal digits, in lower case. */
export const commitId = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{40}$/u, 'must be a full commit id: 40 hexadecimal digits (git rev-parse HEAD prints it)');

export const imageRef = shaped(
  IMAGE_REFERENCE,
  'an image reference, such as registry.example/library/golang:1.16.12-buster',
);

/** `HOST:IP` (or `HOST=IP`), as `docker build --add-host` takes it; `host-gateway` may stand for the address. */
export const extraHost = plainText.refine((value) => {
  const match = /^([a-z0-9_][a-z0-9_.-]*)[:=]\[?([^\]]+)\]?$/iu.exec(value);
  return match?.[2] !== undefined && (match[2] === 'host-gateway' || isIP(match[2]) !== 0);
}, 'must be HOST:IP, such as mirror.example:192.0.2.7');

/** A record whose keys have a shape. `__proto__` is refused: JavaScript would take it for something else. */
export function pairs<V extends z.ZodType<string>>(key: RegExp, expected: string, value: V) {
  return z.record(
    z.string().refine((name) => key.test(name) && name !== '__proto__', { error: `must be ${expected}` }),
    value,
  );
}

/** `127.0.0.1:8470`, `[::1]:8470`: where a server listens. */
export const listenAddress = z
  .string()
  .regex(/^(?:\[[0-9a-f:]+\]|[\d.]+):\d{1,5}$/iu, 'must be an IP address and a port, such as 127.0.0.1:8470')
  .transform((text) => {
    const at = text.lastIndexOf(':');
    return { address: text.slice(0, at).replace(/^\[|\]$/gu, ''), port: Number(text.slice(at + 1)) };
  })
  .refine(({ address, port }) => isIP(address) !== 0 && port <= 65_535, 'must be an IP address and a port');
