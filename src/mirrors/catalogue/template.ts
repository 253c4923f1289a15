import type { MirrorKey } from '../../names.ts';
import type { MirrorKind } from '../../types.ts';
import { familiarReference, parseImageReference } from '../../image-reference.ts';
import { badMirror, checkUrl, refuseHostile } from './hostile.ts';
import { checkImage, expandImage, fill, fullName } from './template-images.ts';

/** One `--mirror KEY=VALUE`, not judged yet. */
export interface MirrorOverride extends MirrorKey {
  readonly value: string;
}

/** A checked mirror value. */
export interface MirrorTemplate {
  readonly kind: MirrorKind;
  /** With its holes, in the long form: a git prefix ends in `/{url}`, an image registry in `/{image}`. */
  readonly text: string;
}

type Hole = 'url' | 'suite' | 'owner' | 'repo' | 'image' | 'short' | 'name' | 'host' | 'path';

/** Which holes make sense for which kind, and whether a value without one is completed. */
const STYLES: Readonly<Record<MirrorKind, { readonly holes: readonly Hole[]; readonly without: string }>> = {
  frontend: { holes: ['image', 'short', 'name', 'host', 'path'], without: '/{image}' },
  image: { holes: ['image', 'short', 'name', 'host', 'path'], without: '/{image}' },
  git: { holes: ['url', 'owner', 'repo', 'host', 'path'], without: '/{url}' },
  http: { holes: ['url', 'host', 'path'], without: '/{url}' },
  // A hole stands for a repository of each suite; without one the base of Debian's archive is meant.
  apt: { holes: ['suite'], without: '' },
  'apt-security': { holes: ['suite'], without: '' },
  gomod: { holes: [], without: '' },
  gosumdb: { holes: [], without: '' },
  pip: { holes: [], without: '' },
};

/** No `~`, `?`, `&`, `#`, `;`, `*`, `!`, brackets or quotes: each means something to a shell. `{}` are the holes'. */
const PLAIN = /^[A-Za-z0-9._:/@%+=,{}-]$/;
const PLAIN_LIST = /^[A-Za-z0-9._:/@%+=,|-]$/;

/**
 * Checks a mirror value and completes it.
 * @param where what the error shall name: `--mirror git`, `profile.yaml:3:8 mirrors.git`
 * @param part true: for one part of the kind, so a value without a hole is the address itself and is not completed
 * Throws MobyBuildError (2): `hostile-value` for a character that is not plain, `secret-in-url` for a user name or a
 * password in a URL, `bad-mirror` for a value that its kind cannot use.
 */
export function parseTemplate(
  kind: MirrorKind,
  value: string,
  where = `--mirror ${kind}`,
  part = false,
): MirrorTemplate {
  if (value === '') throw badMirror(where, `${where} is empty.`);
  if (kind === 'gomod') return { kind, text: checkProxyList(value, where) };
  if (kind === 'gosumdb') return { kind, text: checkSumdb(value, where) };
  refuseHostile(value, where, PLAIN);
  const { holes, without } = STYLES[kind];
  const found = checkHoles(value, holes, where);
  const text = found ? value : `${value.replace(/\/+$/, '')}${part ? '' : without}`;
  if (kind === 'image' || kind === 'frontend') checkImage(text, where);
  else checkUrl(text, where, kind);
  if (part || (found && kind.startsWith('apt'))) return { kind, text };
  if (kind === 'apt' || kind === 'apt-security') return { kind, text: aptBase(kind, text) };
  return { kind, text: kind === 'pip' ? text.replace(/\/+$/, '') : text };
}

/**
 * The base of a mirror of Debian: `/debian` and `/debian-security` are put behind it. Mirrors name themselves with that part in their own
 * pages, and a sources.list has it too, so it may stand there.
 */
function aptBase(kind: 'apt' | 'apt-security', text: string): string {
  const bare = text.replace(/\/+$/, '');
  return bare.replace(kind === 'apt' ? /\/debian$/ : /\/debian-security$/, '').replace(/\/+$/, '');
}

/** Words in the place of a value: `official`; for a frontend `builtin`; for a suite that shall be left out `none`. */
export function isMirrorWord({ kind, part }: MirrorKey, value: string): boolean {
  if (value === 'builtin') return kind === 'frontend';
  return value === 'official' || (value === 'none' && kind === 'apt' && part !== undefined);
}

/** Whether any hole is there. Throws `bad-mirror` for an unknown one, a stray brace, or a hole of another kind. */
function checkHoles(value: string, holes: readonly Hole[], where: string): boolean {
  let any = false;
  const rest = value.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    any = true;
    if (!holes.some((hole) => hole === name)) {
      const known = holes.length === 0 ? 'It takes none.' : `It takes ${holes.map((hole) => `{${hole}}`).join(' ')}.`;
      throw badMirror(where, `${where} holds {${name}}, which has no meaning there.`, known);
    }
    return '';
  });
  if (/[{}]/.test(rest)) throw badMirror(where, `${where} holds a brace that is not part of a hole such as {url}.`);
  return any;
}

/** Go knows the keys of two names only, and takes another one with its key (cmd/go, modfetch/sumdb.go, dbDial). */
function checkSumdb(value: string, where: string): string {
  // `sum.golang.google.cn https://proxy.example/sumdb/sum.golang.google.cn`: the same database, by the key of its name, at another address.
  const [name = '', url, more] = value.split(' ');
  if (url !== undefined && url !== '' && more === undefined && name !== 'off') {
    refuseHostile(url, where, PLAIN);
    checkUrl(url, where, 'gosumdb');
    return `${checkSumdb(name, where)} ${url.replace(/\/+$/, '')}`;
  }
  refuseHostile(value, where, PLAIN);
  if (/^(?:off|sum\.golang\.(?:org|google\.cn)|[A-Za-z0-9.-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)$/.test(value))
    return value;
  throw badMirror(
    where,
    `${where} is not a checksum database: ${value}`,
    'Give a name whose key Go knows (sum.golang.google.cn), another as name+hash+key, either with an address behind it ("sum.golang.google.cn https://HOST/sumdb/sum.golang.google.cn"), or off. See `go help environment`.',
  );
}

function checkProxyList(value: string, where: string): string {
  refuseHostile(value, where, PLAIN_LIST);
  const parts = value.split(/[,|]/);
  for (const part of parts) {
    if (part === 'direct' || part === 'off') continue;
    checkUrl(part, where, 'gomod');
  }
  return value;
}

/** The upstream place that a template is filled from. */
export interface UpstreamUrl {
  /** The whole URL as the tree has it, unexpanded variables and all. */
  readonly url: string;
  readonly host: string;
  /** Without its leading slash. */
  readonly path: string;
}

/** Splits `https://host/path`; null for anything else. Variables in the path stay as they are. */
export function splitUrl(url: string): UpstreamUrl | null {
  const match = /^https?:\/\/([^/]+)\/(.+)$/.exec(url);
  return match?.[1] === undefined || match[2] === undefined ? null : { url, host: match[1], path: match[2] };
}

/**
 * The URL that a git or http template makes of an upstream one. `{owner}/{repo}` are the first and last part of the path, without
 * `.git`; what stands behind it (`?ref=…&keep-git-dir=1` of an ADD) is the pin, and stays.
 */
export function expandUrl(template: MirrorTemplate, upstream: UpstreamUrl): string {
  const [path, query] = splitQuery(upstream.path);
  const parts = path.replace(/\/+$/, '').split('/');
  const made = fill(template.text, {
    url: upstream.url,
    host: upstream.host,
    path: upstream.path,
    owner: parts[0] ?? '',
    repo: (parts.at(-1) ?? '').replace(/\.git$/, ''),
  });
  return takesQuery(template) ? made : `${made}${query}`;
}

/** Whether a hole of the template takes all that stands behind the path. */
function takesQuery({ text }: MirrorTemplate): boolean {
  return /\{(?:url|path)\}/.test(text);
}

function splitQuery(text: string): readonly [before: string, query: string] {
  const at = text.search(/[?#]/);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

/**
 * The reference that an image template makes of an upstream one; Docker Hub's `library/` is written out.
 * @param reference as the tree has it, unexpanded variables in its tag and all
 * @returns null when the reference's name is itself a variable
 */
export function expandImageTemplate(template: MirrorTemplate, reference: string): string | null {
  return parseImageReference(reference) === null ? null : expandImage(template.text, reference);
}

/**
 * The upstream that a template would make `text` of, or null when it does not make such texts. It tells a tree that was
 * rewritten before from one that was not.
 * @param host whose places a template without `{host}` and `{url}` stands for
 */
export function upstreamOf(template: MirrorTemplate, text: string, host = 'github.com'): string | null {
  const { names, pattern } = readerOf(template);
  const isImage = template.kind === 'image' || template.kind === 'frontend';
  const [before, query] = isImage || takesQuery(template) ? [text, ''] : splitQuery(text);
  const match = pattern.exec(before);
  if (match === null) return null;
  const has = (name: string): boolean => names.includes(name);
  const value = (name: string): string | undefined => (has(name) ? match[names.indexOf(name) + 1] : undefined);
  if (isImage) {
    const whole = value('image') ?? value('path') ?? value('short') ?? fullName(value('name') ?? '');
    const parsed = parseImageReference(`${value('host') ?? 'docker.io'}/${whole}`);
    return parsed === null ? null : familiarReference(parsed);
  }
  if (has('url')) return /^https?:\/\//.test(value('url') ?? '') ? (value('url') ?? null) : null;
  const server = value('host') ?? host;
  if (has('path')) return `https://${server}/${value('path') ?? ''}`;
  const [owner, repo] = [value('owner'), value('repo')];
  return owner === undefined || repo === undefined ? null : `https://${server}/${owner}/${repo}.git${query}`;
}

interface Reader {
  /** The holes, in their order. */
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

const READERS = new WeakMap<MirrorTemplate, Reader>();

/** What reads the texts that a template makes, compiled once: each address of a tree is read by all templates of the catalogue. */
function readerOf(template: MirrorTemplate): Reader {
  const known = READERS.get(template);
  if (known !== undefined) return known;
  const names: string[] = [];
  const pattern = template.text.replaceAll(/\{([a-z]+)\}|[^{}]+/g, (part, name: string | undefined) => {
    if (name === undefined) return part.replaceAll(/[.*+?^$()|[\]\\-]/g, String.raw`\$&`);
    names.push(name);
    return name === 'owner' || name === 'host' || name === 'name' ? '([^/]+)' : name === 'repo' ? '([^/]+?)' : '(.+)';
  });
  const reader = { names, pattern: new RegExp(`^${pattern}$`) };
  READERS.set(template, reader);
  return reader;
}
