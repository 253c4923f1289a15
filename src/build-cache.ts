/** Where BuildKit keeps the results of steps beyond the builder (moby/buildkit README, "Export cache"). `inline` stands in an image, and a build of moby makes none. */
export const CACHE_TYPES = ['registry', 'local', 'gha', 's3', 'azblob'] as const;
export type CacheType = (typeof CACHE_TYPES)[number];

/** One cache, as `--cache-from` or `--cache-to` names it. */
export interface BuildCache {
  readonly type: CacheType;
  /** The other fields, in their order: `ref`, `src`, `mode`, … */
  readonly fields: Readonly<Record<string, string>>;
}

export type CacheDirection = 'from' | 'to';

/** What a cache of a type cannot be found without. */
const NEEDED: Readonly<Record<CacheType, Readonly<Record<CacheDirection, readonly string[]>>>> = {
  registry: { from: ['ref'], to: ['ref'] },
  local: { from: ['src'], to: ['dest'] },
  gha: { from: [], to: [] },
  s3: { from: ['bucket', 'region'], to: ['bucket', 'region'] },
  azblob: { from: ['account_url'], to: ['account_url'] },
};

/** Fields that hold a password, and how the builder is told of it without the command line (docker/buildx, util/buildflags/cache.go). */
const SECRETS: Readonly<Record<string, string>> = {
  secret_access_key: 'Give the builder its own login; for s3 also set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  session_token: 'Set AWS_SESSION_TOKEN.',
  token: 'Set ACTIONS_RUNTIME_TOKEN.',
  ghtoken: 'Leave it out: it only makes the question for what is there quicker.',
};

/** The field that names a directory of this machine. */
export const DIRECTORY_FIELD: Readonly<Record<CacheDirection, string>> = { from: 'src', to: 'dest' };

/** The field by which caches of one place are told apart; a registry has the tag of `ref` for that. */
const SCOPE_FIELD: Readonly<Partial<Record<CacheType, string>>> = {
  local: 'tag',
  gha: 'scope',
  s3: 'name',
  azblob: 'name',
};

/**
 * Reads one value: `type=TYPE,FIELD=VALUE,…`, a line of CSV as docker buildx takes it, or the reference of an image alone, which is a
 * registry's. Pure.
 *
 * @returns the cache, or what is wrong with the value as the end of a sentence
 */
export function readCache(text: string, direction: CacheDirection): BuildCache | string {
  const parts = csvFields(text);
  if (parts === null) return 'has a quotation mark that does not end';
  if (parts.length === 1 && !text.includes('=')) return { type: 'registry', fields: { ref: text } };
  const fields: Record<string, string> = {};
  for (const part of parts) {
    const [, name, value] = /^([a-z][a-z0-9_-]*)=(.*)$/su.exec(part) ?? [];
    if (name === undefined || value === undefined) return `has ${JSON.stringify(part)}, which is not NAME=VALUE`;
    if (Object.hasOwn(fields, name)) return `has ${name} twice`;
    const instead = SECRETS[name];
    if (instead !== undefined) return `holds ${name}, which everybody would see who lists processes. ${instead}`;
    fields[name] = value;
  }
  const { type: said, ...rest } = fields;
  if (said === 'inline') return 'has type=inline: such a cache is part of an image, and this build makes files';
  const type = CACHE_TYPES.find((each) => each === said);
  if (type === undefined) return `needs type=… with one of ${CACHE_TYPES.join(', ')}`;
  const lacking = NEEDED[type][direction].filter((name) => (rest[name] ?? '') === '');
  if (lacking.length > 0) return `of type ${type} needs ${lacking.map((name) => `${name}=…`).join(' and ')}`;
  return { type, fields: rest };
}

/** Those of several values that can be read: the options let no other through. Pure. */
export function readCaches(values: readonly string[], direction: CacheDirection): readonly BuildCache[] {
  return values.map((value) => readCache(value, direction)).filter((cache) => typeof cache !== 'string');
}

/** The value that `readCache` reads as this cache. Pure. */
export function cacheText({ type, fields }: BuildCache): string {
  return [`type=${type}`, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)]
    .map((field) => (/[",]/u.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

/**
 * The cache with a scope of its own, where its value names none: what another series or architecture keeps in the same place stays.
 * One that is written to takes the results of all steps (of files alone BuildKit would keep hardly any), and a place that cannot be
 * written fails no build. Pure.
 *
 * @param scope a tag of an image: `moby-20.10-arm64`
 */
export function scopedCache(cache: BuildCache, direction: CacheDirection, scope: string): BuildCache {
  const writing = direction === 'to' ? { mode: 'max', 'ignore-error': 'true' } : {};
  const fields = { ...writing, ...cache.fields };
  const field = SCOPE_FIELD[cache.type];
  if (field !== undefined) return { ...cache, fields: { [field]: scope, ...fields } };
  const { ref = '' } = fields as { readonly ref?: string };
  return { ...cache, fields: { ...fields, ref: /@|:[^/]*$/u.test(ref) ? ref : `${ref}:${scope}` } };
}

/** The fields of one line of CSV (RFC 4180); null where a quotation mark does not end. */
function csvFields(line: string): readonly string[] | null {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/uy;
  for (;;) {
    const match = field.exec(line);
    if (match === null) return null;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return fields;
  }
}
