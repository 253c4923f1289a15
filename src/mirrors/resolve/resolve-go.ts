import { coerce, lt } from 'semver';
import type { Note } from '../../types.ts';
import { caveatOf, type Candidate } from '../candidates/candidates.ts';
import { findMirror, usableIds, type Catalogue } from '../catalogue/catalogue.ts';
import { badMirror } from '../catalogue/hostile.ts';

/** The module proxies that a build shall ask. */
export interface GoProxyChoice {
  /** The value of GOPROXY; null for the official default. */
  readonly value: string | null;
  readonly mirror: string | null;
  readonly reason: string;
}

/**
 * Joins the proxies. From Go 1.15 `|` falls back on any error, `,` on 404 and 410 only (https://github.com/golang/go/issues/37367);
 * an older Go takes `|` for a part of the URL, so it gets commas. Before 1.13 it takes the whole value for one URL (release notes of
 * Go 1.13), so it gets the first alone.
 * @param goVersion of the tree or the image: `1.16.12`; null when unknown, which counts as old
 * @returns null when nobody decided
 */
export function decideGoProxy(
  candidates: readonly Candidate[],
  goVersion: string | null,
  notes: Note[],
): GoProxyChoice | null {
  const [first] = candidates;
  if (first === undefined) return null;
  if (first.template === null)
    return { value: null, mirror: null, reason: first.why ?? 'the official module proxy, as the profile says' };
  const version = goVersion === null ? null : coerce(goVersion);
  const old = version === null || lt(version, '1.15.0');
  const all = candidates.flatMap(({ template }) => (template === null ? [] : [template.text])).join(old ? ',' : '|');
  let value = all;
  if (version !== null && lt(version, '1.13.0')) {
    value = all.split(/[,|]/)[0] ?? all;
    if (value !== all)
      notes.push({
        level: 'info',
        code: 'goproxy-first',
        message: `Go ${goVersion ?? 'of this tree'} knows no list in GOPROXY; the first is written: ${value}.`,
      });
  } else if (old && all.includes('|')) {
    value = all.replaceAll('|', ',');
    notes.push({
      level: 'warning',
      code: 'goproxy-commas',
      message: `Go ${goVersion ?? 'of this tree'} does not know | in GOPROXY; commas are written: ${value}.`,
    });
  }
  if (/[,|]direct$/u.test(value)) notes.push(directNote(value));
  const caveat = caveatOf(first, 'gomod');
  if (caveat !== null) notes.push(caveat);
  const names = candidates.map(({ entry, id }) => entry?.id ?? id ?? '').join(', ');
  const why = first.byFlag ? 'given by a flag' : `asked in this order: ${names}`;
  return { value, mirror: first.id, reason: first.why === undefined ? why : `${why}; ${first.why}` };
}

/** What `direct` at the end means (https://go.dev/ref/mod#goproxy-protocol). */
function directNote(value: string): Note {
  const when = value.endsWith('|direct') ? 'fails' : 'answers 404 or 410';
  return {
    level: 'info',
    code: 'goproxy-direct',
    message: `Where the last proxy ${when}, Go clones a module from its own host (direct), which no mirror stands for.`,
    hint: 'Leave direct away to ask the proxies alone.',
  };
}

/**
 * The checksum database, or null to leave Go's own, which a proxy that passes `/sumdb/` on stands for. Where a probe saw that none of
 * the proxies does, go would ask the database itself; the catalogue's alias of it, which the go command knows by name and key, can be
 * reached from more networks (cmd/go, modfetch/sumdb.go). Checks are never turned off here. Throws `bad-mirror` (2) for more than one.
 * @param proxies those that are asked, none of them the official one by default
 * @param alias name of the database under which it is also reached, or null
 */
export function decideSumdb(
  candidates: readonly Candidate[],
  proxies: readonly Candidate[],
  alias: string | null,
  notes: Note[],
): string | null {
  if (candidates.length > 1) throw badMirror('gosumdb', 'There can be one checksum database only.');
  const given = candidates[0]?.template?.text;
  if (given === 'off') {
    notes.push({
      level: 'warning',
      code: 'gosumdb-off',
      message: "Go's checksum database is off: modules without a go.sum line are not verified.",
      hint: 'Leave --mirror gosumdb=off away, or give --mirror gosumdb=sum.golang.google.cn.',
    });
  }
  if (given !== undefined) return given;
  // `official`, said aloud: it is asked under its own name.
  if (candidates.length > 0) return null;
  const asked = proxies.filter(({ template }) => template !== null);
  const passedOn = proxies.length === 0 || proxies[0]?.template === null || asked.some(({ sumdb }) => sumdb !== false);
  const unasked = asked.filter(({ sumdb, entry }) => sumdb === undefined && entry === null);
  // A folder is read before the build: what is not in it is named then.
  const isServer = unasked.some(({ template }) => !/^file:[^,|]*$/u.test(template?.text ?? ''));
  if (passedOn && isServer && unasked.length === asked.length && alias !== null)
    notes.push(unknownNote(unasked, alias));
  if (passedOn || alias === null) return null;
  notes.push({
    level: 'info',
    code: 'sumdb-alias',
    message: `No module proxy that was measured passes the checksum database on, so it is asked itself, as ${alias}.`,
    hint: '--mirror gosumdb=NAME takes another name.',
  });
  return alias;
}

/** A proxy of the user's: go asks the database itself where the proxy does not pass it on (cmd/go, modfetch/sumdb.go, initBase). */
function unknownNote(proxies: readonly Candidate[], alias: string): Note {
  const names = proxies.map(({ template }) => template?.text ?? '').join(', ');
  return {
    level: 'info',
    code: 'sumdb-unknown',
    message: `Whether ${names} passes Go's checksum database on (below /sumdb/) was not asked. Where it does not, Go asks the database itself.`,
    hint: `If the steps do not reach it: --mirror gosumdb=${alias}, the same database under another name; or at an address that they reach: --mirror "gosumdb=sum.golang.google.cn https://HOST/PATH". Checks stay on.`,
  };
}

/** The first name in the catalogue under which Go's checksum database is reached, which is not its own. */
export function sumdbAlias(catalogue: Catalogue): string | null {
  const [id] = usableIds(catalogue, 'gosumdb').filter((each) => each !== 'official');
  return id === undefined ? null : (findMirror(catalogue, 'gosumdb', id)?.template ?? null);
}
