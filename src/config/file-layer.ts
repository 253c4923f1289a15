import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Layer, Problem, RawValue } from './layer.ts';
import { suggestion } from './nearest.ts';
import type { PathBase } from './option.ts';
import { OPTION_NAMES, specOf, type OptionName } from './options.ts';
import { BOOLEAN_EXPECTED, readBoolean } from './words.ts';

const FILE_OPTIONS = OPTION_NAMES.filter((name) => specOf(name).inFile);

/**
 * What a config file says. YAML, of which JSON is a part; read with YAML's failsafe schema, so that `163` and `1.20` stay the text
 * they are.
 *
 * @param text the file's text
 * @param shown the file's name in messages: `moby-build.yaml`
 */
export function fileLayer(text: string, shown: string, base: PathBase): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${shown}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    return {
      origin: 'file',
      base,
      values: [],
      problems: document.errors.map((e) => ({ where: at(e.pos[0]), message: e.message })),
    };
  }
  const root = document.contents;
  if (root === null) return { origin: 'file', base, values: [], problems: [] };
  if (!isMap(root)) {
    return {
      origin: 'file',
      base,
      values: [],
      problems: [{ where: shown, message: 'must be a mapping of option names to values' }],
    };
  }
  const values: RawValue[] = [];
  const problems: Problem[] = [];
  for (const pair of root.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const where = (path: readonly PropertyKey[]) => {
      const full = [key, ...path.map(String)];
      return `${at(offsetOf(document, full) ?? startOf(pair.key) ?? 0)} ${full.join('.')}`;
    };
    // `$schema` is how editors find the JSON Schema.
    if (key === '$schema') continue;
    const option = FILE_OPTIONS.find((name) => name === key);
    if (option === undefined) problems.push({ where: where([]), message: unknownName(key) });
    else readEntry(option, document.toJS() as Record<string, unknown>, where, values, problems);
  }
  return { origin: 'file', base, values, problems };
}

function readEntry(
  option: OptionName,
  whole: Record<string, unknown>,
  where: RawValue['where'],
  values: RawValue[],
  problems: Problem[],
): void {
  const value = whole[option];
  if (specOf(option).form !== 'boolean') {
    values.push({ option, value, where });
    return;
  }
  const read = typeof value === 'string' ? readBoolean(value) : null;
  if (read === null) problems.push({ where: where([]), message: BOOLEAN_EXPECTED });
  else values.push({ option, value: read, where });
}

function unknownName(key: string): string {
  const name = OPTION_NAMES.find((entry) => entry === key);
  if (name !== undefined) return `can only be given on the line, as --${specOf(name).flag}`;
  const byFlag = FILE_OPTIONS.find((entry) => specOf(entry).flag === key.replace(/^--/u, ''));
  if (byFlag !== undefined) return `is no option here; write ${byFlag}`;
  return `is no option${suggestion(key, FILE_OPTIONS)}`;
}

/** Offset of the value under a path, or of the deepest part of the path that exists; undefined where nothing does. */
function offsetOf(document: Document, path: readonly string[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const offset = startOf(document.getIn(path.slice(0, length), true));
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : undefined;
}
