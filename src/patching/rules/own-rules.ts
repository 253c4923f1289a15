import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../system/package-root.ts';
import { readYamlFile } from '../../system/yaml-file.ts';
import { concernSchema, type Concern } from './rule.ts';

/**
 * The rules of `patches/*.yaml`, in the order of their patches. The bundler puts what this returns in the place of this module
 * (scripts/rules-as-data.ts): to read YAML takes longer than to plan.
 *
 * @throws Error as `parseRules` says
 */
export function ownRules(): readonly Concern[] {
  const directory = join(packageRoot(), 'patches');
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return parseRules(new Map(names.map((name) => [`patches/${name}`, readFileSync(join(directory, name), 'utf8')])));
}

/**
 * Reads rules from the texts of `patches/*.yaml`.
 * @param files path → text
 * Throws Error that names the file and the place when one does not fit the schema: a defect of the package.
 */
export function parseRules(files: ReadonlyMap<string, string>): readonly Concern[] {
  const concerns = [...files].map(([path, text]) => {
    const { value, problems, place } = readYamlFile(text, path);
    const parsed = concernSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map((issue) => `${place(issue.path)} ${issue.path.join('.')}: ${issue.message}`);
    const words = problems.length > 0 ? problems.map(({ where, message }) => `${where} ${message}`) : issues;
    throw new Error(`${path} does not hold rewrite rules: ${words.join('; ')}`);
  });
  const ids = concerns.flatMap(({ rules }) => rules.map(({ id }) => id));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`two rewrite rules are named ${twice}`);
  return concerns.sort((a, b) => a.order - b.order);
}
