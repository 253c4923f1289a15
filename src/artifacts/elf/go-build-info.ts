import { PT_LOAD, type ElfHeader, type Section } from './elf-header.ts';
import { view, word, type ReadAt } from './elf-words.ts';

/** A module that a binary was built from. */
export interface GoModule {
  readonly path: string;
  /** `v1.2.3`, `(devel)`; empty where a replacement is a folder. */
  readonly version: string;
  /** `h1:…`, as go.sum has it; null where the build did not know it (vendored modules). */
  readonly sum: string | null;
  readonly replacedBy: { readonly path: string; readonly version: string; readonly sum: string | null } | null;
}

/** What the go command wrote into a binary: `go version -m` shows the same. */
export interface GoBuildInfo {
  /** `go1.20.13` */
  readonly goVersion: string;
  /** The import path of the main package; null where there is none (GOPATH mode before Go 1.18). */
  readonly path: string | null;
  readonly main: GoModule | null;
  /** Empty for a binary of GOPATH mode, which has no modules. */
  readonly dependencies: readonly GoModule[];
  /** `-ldflags`, `CGO_ENABLED`, `GOARCH`, `vcs.revision` …; from Go 1.18. */
  readonly settings: Readonly<Record<string, string>>;
}

const MAGIC = Buffer.from('\u00ff Go buildinf:', 'latin1');
const ALIGN = 16;
const HEADER = 32;
const BIG_ENDIAN = 1;
const INLINE = 2;
/** No text of a build is longer; a damaged file may claim it. */
const LONGEST = 16 * 1024 * 1024;
/** The module text stands between two marks of 16 bytes (Go, cmd/go/internal/modload/build.go). */
const MARK = 16;

/**
 * Reads the build information of a Go program; null for a file that has none. Both forms: up to Go 1.17 the header points at two strings of Go in
 * memory, from 1.18 the strings stand behind the header, each after its length. Source: Go, debug/buildinfo/buildinfo.go.
 *
 * @throws Damaged where the header points beyond the file
 */
export function readGoBuildInfo(read: ReadAt, header: ElfHeader, sections: readonly Section[]): GoBuildInfo | null {
  const at = findHeader(read, header, sections);
  if (at === null) return null;
  const head = Buffer.from(read(at, HEADER));
  const flags = head[15] ?? 0;
  const texts = (flags & INLINE) !== 0 ? inlineTexts(read, at + HEADER) : pointedTexts(read, head, header);
  if (texts === null || texts.version === '') return null;
  return { goVersion: texts.version, ...parseModuleText(unmarked(texts.modules)) };
}

/** The section of that name, else the first writable segment: there the linker puts it (a stripped file may have no sections). */
function findHeader(read: ReadAt, { segments }: ElfHeader, sections: readonly Section[]): number | null {
  const named = sections.find(({ name }) => name === '.go.buildinfo');
  const place = named ?? segments.find(({ type, writable }) => type === PT_LOAD && writable);
  if (place === undefined) return null;
  const bytes = Buffer.from(read(place.offset, Math.min(place.fileSize, LONGEST)));
  for (let from = 0; ;) {
    const found = bytes.indexOf(MAGIC, from);
    if (found < 0 || found + HEADER > bytes.length) return null;
    if (found % ALIGN === 0) return place.offset + found;
    from = found + 1;
  }
}

interface Texts {
  readonly version: string;
  readonly modules: Buffer;
}

function inlineTexts(read: ReadAt, at: number): Texts | null {
  const version = inlineText(read, at);
  const modules = version === null ? null : inlineText(read, version.end);
  return version === null || modules === null
    ? null
    : { version: version.bytes.toString('utf8'), modules: modules.bytes };
}

function inlineText(read: ReadAt, at: number): { readonly bytes: Buffer; readonly end: number } | null {
  const head = read(at, 10);
  let length = 0;
  for (const [n, byte] of head.entries()) {
    length += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) {
      if (length > LONGEST) return null;
      const bytes = Buffer.from(read(at + n + 1, length));
      return bytes.length < length ? null : { bytes, end: at + n + 1 + length };
    }
  }
  return null;
}

function pointedTexts(read: ReadAt, head: Buffer, { segments, layout }: ElfHeader): Texts | null {
  const size = head[14] ?? 0;
  if (size !== 4 && size !== 8) return null;
  const form = { bits: size === 8 ? 64 : 32, little: ((head[15] ?? 0) & BIG_ENDIAN) === 0 } as const;
  if (form.little !== layout.little) return null;
  const offsetOf = (address: number): number | null => {
    const holder = segments.find(
      (part) => part.type === PT_LOAD && address >= part.address && address < part.address + part.fileSize,
    );
    return holder === undefined ? null : holder.offset + (address - holder.address);
  };
  const pointers = new DataView(head.buffer, head.byteOffset, head.length);
  const textAt = (address: number): Buffer | null => {
    const at = offsetOf(address);
    if (at === null) return null;
    const fields = view(read, at, 2 * size);
    const [data, length] = [word(fields, 0, form), word(fields, size, form)];
    if (length === 0) return Buffer.alloc(0);
    const from = offsetOf(data);
    if (from === null || length > LONGEST) return null;
    const bytes = Buffer.from(read(from, length));
    return bytes.length < length ? null : bytes;
  };
  const version = textAt(word(pointers, 16, form));
  const modulesAt = word(pointers, 16 + size, form);
  return version === null
    ? null
    : {
        version: version.toString('utf8'),
        modules: (modulesAt === 0 ? null : textAt(modulesAt)) ?? Buffer.alloc(0),
      };
}

function unmarked(text: Buffer): string {
  const whole = text.length > 2 * MARK && text[text.length - MARK - 1] === 0x0a;
  return whole ? text.toString('utf8', MARK, text.length - MARK) : '';
}

type Read = Omit<GoBuildInfo, 'goVersion'>;

/** Reads the text that runtime/debug.ReadBuildInfo has: `path`, `mod`, `dep`, `=>` and `build` lines. What it does not know it passes over. Pure. */
export function parseModuleText(text: string): Read {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const path = lines.find(([kind]) => kind === 'path')?.[1] ?? null;
  const modules = lines.flatMap(
    ([kind = '', ...fields], index): { readonly kind: string; readonly module: GoModule }[] => {
      if (kind !== 'mod' && kind !== 'dep') return [];
      const [next = '', ...replacement] = lines[index + 1] ?? [];
      return [{ kind, module: { ...moduleOf(fields), replacedBy: next === '=>' ? moduleOf(replacement) : null } }];
    },
  );
  const settings = lines.flatMap(([kind, ...fields]) => (kind === 'build' ? readSetting(fields.join('\t')) : []));
  return {
    path,
    main: modules.find(({ kind }) => kind === 'mod')?.module ?? null,
    dependencies: modules.filter(({ kind }) => kind === 'dep').map(({ module }) => module),
    settings: Object.fromEntries(settings),
  };
}

function moduleOf([path = '', version = '', sum = '']: readonly string[]): Omit<GoModule, 'replacedBy'> {
  return { path, version, sum: sum === '' ? null : sum };
}

/** `KEY=VALUE`, each of them in quotes of Go where it holds white space, quotes or `=`. */
function readSetting(text: string): readonly (readonly [name: string, value: string])[] {
  const match = /^("(?:[^"\\]|\\.)*"|`[^`]*`|[^=]+)=(.*)$/su.exec(text);
  return match === null ? [] : [[unquoted(match[1] ?? ''), unquoted(match[2] ?? '')]];
}

function unquoted(text: string): string {
  if (/^`.*`$/su.test(text)) return text.slice(1, -1);
  if (!/^".*"$/su.test(text)) return text;
  const plain: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return text.slice(1, -1).replace(/\\(.)/gsu, (_, each: string) => plain[each] ?? each);
}
