import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../system/package-root.ts';
import { readYamlFile } from '../../system/yaml-file.ts';
import { concernSchema, type Concern } from './rule.ts';

/** The rewrite rules and the texts that are put into trees. */
export interface RuleSet {
  /** In the order of their patches. */
  readonly concerns: readonly Concern[];
  /** Those of phase `cross`. */
  readonly crossing: readonly Concern[];
  /** Those of phase `arguments`. */
  readonly handing: readonly Concern[];
  /** By file name in `templates/`. */
  readonly templates: ReadonlyMap<string, string>;
}

/** The files of `templates/` that are put into trees. */
const TEMPLATES = ['sources.list', 'sources-recipe.list', 'apt.conf', 'apt-expired.conf', 'apt-lists.conf'] as const;

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

/** Reads the package's own rules and templates. @param root the package's directory */
export function loadRuleSet(root = packageRoot()): RuleSet {
  const directory = join(root, 'patches');
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const files = new Map(names.map((name) => [`patches/${name}`, readFileSync(join(directory, name), 'utf8')]));
  const templates = new Map(TEMPLATES.map((name) => [name, readFileSync(join(root, 'templates', name), 'utf8')]));
  const parsed = parseRules(files);
  return {
    concerns: parsed.filter(({ phase }) => phase === 'plan'),
    crossing: parsed.filter(({ phase }) => phase === 'cross'),
    handing: parsed.filter(({ phase }) => phase === 'arguments'),
    templates,
  };
}
