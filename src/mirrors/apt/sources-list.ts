import { EXIT, MobyBuildError } from '../../errors.ts';
import { badMirror } from '../catalogue/hostile.ts';
import { suiteFacts, type SuiteFacts } from '../catalogue/suites.ts';

/** One line of a sources.list. */
export interface SourceLine {
  readonly type: 'deb' | 'deb-src';
  readonly options: string;
  readonly url: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** The entries of a sources.list in the one-line form (sources.list(5)); comments, blank lines and what is none are passed over. */
export function parseSourcesList(text: string): readonly SourceLine[] {
  return text.split('\n').flatMap((line) => sourceOf(line) ?? []);
}

function sourceOf(line: string): SourceLine | null {
  // apt wants no space behind the bracket (apt-pkg/sourcelist.cc, ParseLine).
  const match = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s*)?([^\s[]\S*)\s+(\S+)\s*([^#]*)/.exec(line);
  if (match === null) return null;
  const [, type, options = '', url = '', suite = '', components = ''] = match;
  return { type: type === 'deb' ? 'deb' : 'deb-src', options, url, suite, components: components.trim().split(/\s+/) };
}

/**
 * An option that is not plainly kept at `no`: apt takes `01` for yes too. It also decodes `%74rusted`, and what is in quotes
 * (apt-pkg/contrib/strutl.cc, ParseQuoteWord, StringToBool), which no option needs.
 */
const TURNS_CHECKS_OFF =
  /\b(?:trusted|allow-insecure|allow-weak|allow-downgrade-to-insecure)\s*=(?!\s*(?:no|false|0|off|without|disable)(?:\s|$))|[%"]/i;

/**
 * Checks a sources.list of the user's, in the one-line form (`oneLineForm` makes it of stanzas).
 * Throws MobyBuildError (2): `bad-mirror` for another format or no entry, `unsigned-source` for an option that turns
 * signatures off, `secret-in-url` for a URL that holds a user name or a password.
 */
export function checkSourcesList(text: string, where = '--sources-list'): readonly SourceLine[] {
  const control = /[^\t\n\r\u0020-\u007e]/u.exec(text);
  if (control !== null) {
    throw badMirror(
      where,
      `${where} holds a character that is not plain text, in line ${String(text.slice(0, control.index).split('\n').length)}.`,
    );
  }
  const unread = text.split('\n').findIndex((line) => /^\s*[^\s#]/.test(line) && sourceOf(line) === null);
  if (unread !== -1)
    throw badMirror(
      where,
      `${where} has something else than a source in line ${String(unread + 1)}.`,
      'A source is one line: deb [OPTION=VALUE] URL SUITE COMPONENT...; a comment starts with #.',
    );
  const entries = parseSourcesList(text);
  if (!entries.some(({ type }) => type === 'deb')) throw badMirror(where, `${where} has no line that starts with deb.`);
  for (const { options, url } of entries) {
    if (TURNS_CHECKS_OFF.test(options)) {
      throw new MobyBuildError({
        code: 'unsigned-source',
        exitCode: EXIT.usage,
        message: `${where} turns signatures off for ${url}.`,
        where,
        hint: 'Signatures stay on: leave the option away, and give the keys of that repository with --apt-keyring FILE.',
      });
    }
    if (/^[a-z+]+:\/\/[^/]*@/i.test(url)) {
      throw new MobyBuildError({
        code: 'secret-in-url',
        exitCode: EXIT.usage,
        message: `${where} has a URL that holds a user name or a password; it would stand in the tree, in the patches and in the log.`,
        where,
      });
    }
  }
  return entries;
}

/** The newest Debian release that the entries name, or null when none is known. */
export function newestSuite(entries: readonly SourceLine[]): SuiteFacts | null {
  let newest: SuiteFacts | null = null;
  for (const { suite } of entries) {
    const facts = suiteFacts(suite);
    if (facts !== undefined && (newest === null || facts.version > newest.version)) newest = facts;
  }
  return newest;
}
