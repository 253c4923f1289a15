import { EXIT, MobyBuildError } from '../../errors.ts';
import { quoteWord } from '../command-line.ts';

/** One login of a netrc file. */
export interface Login {
  /** The host's name, in lower case, without a port. */
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

/** What curl, git and Go take for a machine alike; apt's `host:port` and `https://host` are heard by apt alone. */
const HOST = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/iu;

interface Token {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * Reads a netrc file (netrc(5)): `machine HOST login NAME password WORD`, on one line or several, and lines that begin with `#`.
 *
 * What curl, git, Go and apt do not all read alike is refused, so that no program sees another login than the others: `macdef`,
 * quotes, ports. `default` is refused because it gives a login to whatever host is asked, and mirrors belong to strangers.
 *
 * @param file for messages, which never hold a name or a password of the file
 * @throws MobyBuildError `bad-netrc` (2) with the line
 */
export function parseNetrc(text: string, file: string): readonly Login[] {
  const tokens = tokensOf(text);
  const logins: Login[] = [];
  let at = 0;
  while (at < tokens.length) {
    const start = tokens[at];
    if (start === undefined) break;
    if (start.text !== 'machine') throw refused(file, start.line, whyNot(start.text));
    const machine = valueAt(tokens, at + 1, start, file);
    if (!HOST.test(machine.text))
      throw refused(file, machine.line, 'after machine must stand the name of a host, without port, path or quotes');
    const found = new Map<string, string>();
    at += 2;
    for (let word = tokens[at]; word !== undefined && word.text !== 'machine'; word = tokens[at]) {
      if (!['login', 'password', 'account'].includes(word.text)) throw refused(file, word.line, whyNot(word.text));
      if (found.has(word.text)) throw refused(file, word.line, `${word.text} stands twice for one machine`);
      const value = valueAt(tokens, at + 1, word, file);
      if (/["\\]/u.test(value.text))
        throw refused(file, value.line, 'quotes and backslashes are read differently by curl, Go and apt');
      found.set(word.text, value.text);
      at += 2;
    }
    const login = found.get('login');
    const password = found.get('password');
    if (login === undefined || password === undefined)
      throw refused(file, start.line, 'a machine needs a login and a password');
    // Basic authentication ends the name at the first colon (RFC 7617, 2).
    if (login.includes(':')) throw refused(file, start.line, 'a login cannot hold a colon');
    const host = machine.text.toLowerCase();
    if (logins.some((other) => other.machine === host))
      throw refused(file, machine.line, 'this machine stands there twice');
    logins.push({ machine: host, login, password });
  }
  if (logins.length === 0) throw refused(file, null, 'it holds no login');
  return logins;
}

function tokensOf(text: string): readonly Token[] {
  return text.split('\n').flatMap((line, index) =>
    /^\s*#/u.test(line)
      ? []
      : line
          .split(/[ \t\r]+/u)
          .filter((word) => word !== '')
          .map((word) => ({ text: word, line: index + 1 })),
  );
}

function valueAt(tokens: readonly Token[], at: number, before: Token, file: string): Token {
  const token = tokens[at];
  if (token === undefined) throw refused(file, before.line, `nothing stands after ${before.text}`);
  // A NUL or an escape would reach a header, or the screen.
  if (/\p{Cc}/u.test(token.text)) throw refused(file, token.line, 'there is a control character');
  return token;
}

function whyNot(word: string): string {
  if (word === 'default') return 'default would give the login to every host that is asked, strangers among them';
  if (word === 'macdef') return 'macdef is for ftp, and Go and apt do not read what follows it';
  return 'there must stand machine, login, password or account';
}

function refused(file: string, line: number | null, why: string): MobyBuildError {
  const where = line === null ? file : `${file}:${String(line)}`;
  return new MobyBuildError({
    code: 'bad-netrc',
    exitCode: EXIT.usage,
    message: `--netrc ${where}: ${why}.`,
    where,
    hint: 'Each login is: machine HOST login NAME password WORD',
    command: `less ${line === null ? '' : `+${String(line)} `}${quoteWord(file)}`,
  });
}
