import { EXIT, MobyBuildError } from '../../errors.ts';
import { readMirrorKey, type MirrorKey } from '../../names.ts';
import type { MirrorKind } from '../../types.ts';
import { readYamlFile } from '../../system/yaml-file.ts';
import { findMirror, usableIds, type Catalogue } from './catalogue.ts';
import { problemText, schemaProblems, type FileProblem } from './file-problems.ts';
import { PROFILES, profileSchema, type Profile, type ProfilePart } from './profile.ts';
import { isMirrorWord, parseTemplate } from './template.ts';

/**
 * Reads a user's profile; JSON is YAML too.
 * @param text what the file holds
 * @param file its path, for messages
 * Throws MobyBuildError `bad-profile` (2) that lists every problem at once, each as `file:line:column path: what`.
 */
export function parseProfile(text: string | Uint8Array, file: string, catalogue: Catalogue): Profile {
  const { value, problems: unreadable, place } = readYamlFile(text, file);
  if (unreadable.length > 0)
    throw badProfile(
      file,
      unreadable.map(({ where, message }) => `${where} ${message}`),
    );
  const parsed = profileSchema.safeParse(value);
  // What has the right shape is judged even where something else has not: all problems are told at once.
  const problems = [...schemaProblems(parsed.error, 'profile'), ...valueProblems(value, catalogue)];
  if (problems.length > 0 || !parsed.success)
    throw badProfile(
      file,
      problems.map(({ path, message }) => `${place(path)} ${message}`),
    );
  const mirrors: Partial<Record<MirrorKind, readonly string[]>> = {};
  const parts: ProfilePart[] = [];
  for (const [text, given] of Object.entries(parsed.data.mirrors)) {
    const key = readMirrorKey(text);
    if (key === null || given === undefined) continue;
    const values = typeof given === 'string' ? [given] : given;
    if (key.part === undefined) mirrors[key.kind] = values;
    else parts.push({ kind: key.kind, part: key.part, values });
  }
  const { name, about } = parsed.data;
  return { name, about, style: 'chosen', mirrors, ...(parts.length === 0 ? {} : { parts }) };
}

/** Mirror values that cannot be used, and a name that is taken. */
function valueProblems(value: unknown, catalogue: Catalogue): readonly FileProblem[] {
  const problems: FileProblem[] = [];
  const name = member(value, 'name');
  if (PROFILES.some((profile) => profile.name === name)) {
    problems.push({ path: ['name'], message: `name: ${String(name)} is a built-in profile's; take another` });
  }
  const mirrors = member(value, 'mirrors');
  for (const text of typeof mirrors === 'object' && mirrors !== null ? Object.keys(mirrors) : []) {
    const key = readMirrorKey(text);
    if (key === null) continue;
    const { kind } = key;
    const given = member(mirrors, text);
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    for (const [index, entry] of list.entries()) {
      if (typeof entry !== 'string' || entry === '' || isName(key, entry, catalogue)) continue;
      const path = Array.isArray(given) ? ['mirrors', text, index] : ['mirrors', text];
      try {
        parseTemplate(kind, entry, path.join('.'), key.part !== undefined);
      } catch (cause) {
        if (!(cause instanceof MobyBuildError)) throw cause;
        const ids = /^[A-Za-z0-9-]+$/.test(entry)
          ? ` (catalogue ids of ${kind}: ${usableIds(catalogue, kind).join(', ')})`
          : '';
        problems.push({ path, message: `${cause.message}${ids}` });
      }
    }
  }
  return problems;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function isName(key: MirrorKey, entry: string, catalogue: Catalogue): boolean {
  return isMirrorWord(key, entry) || findMirror(catalogue, key.kind, entry) !== undefined;
}

function badProfile(file: string, problems: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-profile',
    exitCode: EXIT.usage,
    message: `The profile ${file} has ${problemText(problems)}`,
    where: file,
    hint: 'A profile has a name and mirrors: for each kind a list of catalogue ids, `official`, or mirror values.',
  });
}
