import { EXIT, MobyBuildError } from '../../errors.ts';
import type { MirrorKind } from '../../types.ts';

/** No mirror's address comes near it; longer ones are refused before anything else looks at them. */
export const MAX_VALUE_CHARACTERS = 1024;

/** How a character is shown to a person: itself in quotes when it can be seen, its code point otherwise. */
export function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code > 0x20 && code < 0x7f ? `"${character}"` : hex;
}

/**
 * Refuses a value of the user's that holds anything but plain characters, for it will stand in a Dockerfile and in shell scripts.
 * @param where the flag or the place in a file that gave the value
 * @param allowed one character class, such as `/[a-z]/`
 * Throws MobyBuildError `hostile-value` (2) that names the character and its place (1-based).
 */
export function refuseHostile(value: string, where: string, allowed: RegExp): void {
  if (value.length > MAX_VALUE_CHARACTERS) {
    throw hostile(where, `is ${String(value.length)} characters long; ${String(MAX_VALUE_CHARACTERS)} are allowed`);
  }
  let position = 0;
  for (const character of value) {
    position += 1;
    if (!allowed.test(character)) {
      throw hostile(
        where,
        `holds ${showCharacter(character)} at character ${String(position)}, which a shell or a Dockerfile could read as more than text`,
      );
    }
  }
}

function hostile(where: string, what: string): MobyBuildError {
  return new MobyBuildError({
    code: 'hostile-value',
    exitCode: EXIT.usage,
    message: `The value of ${where} ${what}.`,
    where,
    hint: 'Only letters, digits and the marks of a plain address are taken: . _ - : / % + = , @ and holes such as {url}. A space in the path of a file: URL is written %20.',
  });
}

/** A value that is plain but is not what its kind needs. */
export function badMirror(where: string, message: string, hint?: string): MobyBuildError {
  return new MobyBuildError({ code: 'bad-mirror', exitCode: EXIT.usage, message, where, hint });
}

/** Besides http and https: what is read of this machine, and put into the tree for the steps; git also by ssh (git-clone(1), GIT URLS). */
const MORE_SCHEMES: Readonly<Partial<Record<MirrorKind, readonly string[]>>> = {
  git: ['file', 'ssh'],
  gomod: ['file'],
  apt: ['file'],
  'apt-security': ['file'],
};

/**
 * Checks the URL of a mirror, holes and all.
 * @param where what the error shall name
 * Throws MobyBuildError (2): `bad-mirror`, `secret-in-url`.
 */
export function checkUrl(text: string, where: string, kind: MirrorKind): void {
  // What stands in a hole is a host, a path or a whole URL: a letter stands for each of them here.
  const sample = text.replaceAll(/\{[^{}]*\}/g, 'x');
  const scheme = /^([a-z]+):\/\//.exec(sample)?.[1] ?? '';
  if (!/^http/.test(scheme) && text.includes('{url}'))
    throw badMirror(where, `${where} puts a whole URL behind ${scheme}://: ${text}`, 'Use {owner} {repo} or {path}.');
  if (/^file:/i.test(sample)) {
    checkFileUrl(sample, where, kind);
    return;
  }
  const url = URL.canParse(sample) ? new URL(sample) : null;
  const known = ['http', 'https', ...(MORE_SCHEMES[kind] ?? [])].includes(scheme);
  // `new URL` forgives `https:/host`; git and apt do not.
  if (url === null || url.hostname === '' || !known || !/^[a-z]+:\/\/[^/]/.test(sample)) {
    throw badMirror(where, `${where} is not an http or https URL: ${text}`, adviceOf(text, kind));
  }
  // `new URL` takes the colon away, and the text in the tree would keep it.
  if (/^[a-z]+:\/\/[^/]*:(?:\/|$)/.test(sample))
    throw badMirror(where, `${where} has a colon behind its host and no port: ${text}`);
  if (/^[a-z]+:\/\/[^/]*\{(?:url|path)\}/.test(text)) {
    throw badMirror(where, `${where} has a hole where the host must stand: ${text}`);
  }
  refuseSecret(url, where);
}

/** Kinds that are read of folders of this machine, each with what such a folder is. */
const FOLDER_EXAMPLES: Readonly<Partial<Record<MirrorKind, string>>> = {
  git: 'file:///srv/git/{repo}.git',
  gomod: 'file:///srv/goproxy',
  apt: 'file:///srv/debian',
  'apt-security': 'file:///srv/debian-security',
};

/** How an address is written: a path of this machine has a scheme, too, and a comma or a space in it has a code. */
function adviceOf(text: string, kind: MirrorKind): string {
  const example = FOLDER_EXAMPLES[kind];
  if (example === undefined || /^[a-z]+:/iu.test(text)) return 'Write it with its scheme: https://host/path';
  if (text.startsWith('/')) return `A folder of this machine is written as a URL: file://${text}`;
  return `Write it with its scheme: https://host/path; a folder of this machine with its absolute path: ${example}${
    kind === 'gomod' ? ' (a comma in a path is written %2C)' : ''
  }`;
}

/** A folder of this machine: what git, Go and apt take can be put into the tree. Anything else would be looked for in the image, so it is refused. */
function checkFileUrl(sample: string, where: string, kind: MirrorKind): void {
  const example = FOLDER_EXAMPLES[kind];
  if (example !== undefined) {
    if (!/^file:\/\/\/[^/]/.test(sample))
      throw badMirror(where, `${where} names no absolute path: ${sample}`, `Three slashes: ${example}`);
    if (pathOfFileUrl(sample) === null)
      throw badMirror(
        where,
        `${where} has a % that is no code of a character: ${sample}`,
        'A % itself is written %25.',
      );
    return;
  }
  throw badMirror(
    where,
    `${where} is a folder of this machine, and a step of the build sees the files of its image only: ${sample}`,
    `Serve the folder by http: python3 -m http.server --directory DIR 8080, then --mirror ${kind}=http://ADDRESS:8080 with an address that containers reach.`,
  );
}

/** The path of `file:///PATH`; null where a code in it is none, or it holds a control character. Pure. */
export function pathOfFileUrl(url: string): string | null {
  try {
    const path = decodeURIComponent(url.replace(/^file:\/\//iu, ''));
    return /\p{Cc}/u.test(path) ? null : path;
  } catch {
    return null;
  }
}

/** Whether a value is read from this machine's files, or with this machine's ssh keys: a step of the build has neither. */
export function isOfThisMachine(text: string): boolean {
  return /(?:^|[,|])(?:file|ssh):/.test(text);
}

/** Whether a value, or a part of a list, is asked over a network; the id of a mirror of the catalogue is one. A path is none: it is refused as such. Pure. */
export function isServer(text: string): boolean {
  const [first = '', ...more] = text.split(/[,|]/u);
  const isAlone = !/^(?:file:.*|\.{0,2}\/.*|off|none|builtin)$/u.test(first);
  return isAlone || more.some((part) => /^(?!file:)[a-z+]+:|^direct$/u.test(part));
}

function refuseSecret(url: URL, where: string): void {
  if (url.username === '' && url.password === '' && !url.host.includes('@')) return;
  // ssh asks this machine's keys for the secret; the user name is part of the address.
  if (url.protocol === 'ssh:' && url.password === '') return;
  throw new MobyBuildError({
    code: 'secret-in-url',
    exitCode: EXIT.usage,
    message: `The URL of ${where} holds a user name or a password; it would stand in the tree, in the patches and in the log.`,
    where,
    hint: 'Use a mirror that needs no login, or put one on this machine that logs in for you.',
  });
}
