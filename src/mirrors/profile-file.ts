import { LineCounter, parseDocument, type Document } from 'yaml';
import { EXIT, MobyBuildError } from '../errors.ts';
import { MIRROR_KINDS, type MirrorKind } from '../types.ts';
import { findMirror, usableIds, type Catalogue } from './catalogue.ts';
import { PROFILES, profileSchema, type Profile } from './profile.ts';
import { parseTemplate } from './template.ts';

/**
 * Reads a user's profile; JSON is YAML too.
 * @param text what the file holds
 * @param file its path, for messages
 * Throws MobyBuildError `bad-profile` (2) that lists every problem at once, each as `file:line:column path: what`.
 */
export function parseProfile(text: string, file: string, catalogue: Catalogue): Profile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = counter.linePos(offset);
    return `${file}:${String(line)}:${String(col)}`;
  };
  if (document.errors.length > 0) {
    throw badProfile(file, document.errors.map((error) => `${at(error.pos[0])} ${error.message}`));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (cause) {
    throw badProfile(file, [`${file}:1:1 ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
  const place = (path: readonly PropertyKey[]): string => at(offsetOf(document, path));
  const parsed = profileSchema.safeParse(value);
  if (!parsed.success) {
    throw badProfile(
      file,
      parsed.error.issues.map((issue) => {
        const extra = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
        return `${place(extra)} ${issue.path.length === 0 ? '(profile)' : issue.path.join('.')}: ${issue.message}`;
      }),
    );
  }
  const problems: string[] = [];
  const mirrors: Partial<Record<MirrorKind, readonly string[]>> = {};
  for (const kind of MIRROR_KINDS) {
    const given = parsed.data.mirrors[kind];
    if (given === undefined) continue;
    const list = typeof given === 'string' ? [given] : given;
    mirrors[kind] = list;
    for (const [index, entry] of list.entries()) {
      if (isName(kind, entry, catalogue)) continue;
      const path = typeof given === 'string' ? ['mirrors', kind] : ['mirrors', kind, index];
      try {
        parseTemplate(kind, entry, path.join('.'));
      } catch (cause) {
        if (!(cause instanceof MobyBuildError)) throw cause;
        const ids = /^[A-Za-z0-9-]+$/.test(entry) ? ` (catalogue ids of ${kind}: ${usableIds(catalogue, kind).join(', ')})` : '';
        problems.push(`${place(path)} ${cause.message}${ids}`);
      }
    }
  }
  if (PROFILES.some(({ name }) => name === parsed.data.name)) {
    problems.push(`${place(['name'])} name: ${parsed.data.name} is a built-in profile's; take another`);
  }
  if (problems.length > 0) throw badProfile(file, problems);
  return { name: parsed.data.name, about: parsed.data.about, style: 'chosen', mirrors };
}

function isName(kind: MirrorKind, entry: string, catalogue: Catalogue): boolean {
  return entry === 'official' || (kind === 'frontend' && entry === 'builtin') || findMirror(catalogue, kind, entry) !== undefined;
}

/** Offset of the value at a path, or of the nearest thing above it that the file holds. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}

function badProfile(file: string, problems: readonly string[]): MobyBuildError {
  const count = problems.length === 1 ? 'one problem' : `${String(problems.length)} problems`;
  return new MobyBuildError({
    code: 'bad-profile',
    exitCode: EXIT.usage,
    message: `The profile ${file} has ${count}:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    where: file,
    hint: 'A profile has a name and mirrors: for each kind a list of catalogue ids, `official`, or mirror values.',
  });
}
