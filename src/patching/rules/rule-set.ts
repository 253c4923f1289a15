import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../system/package-root.ts';
import { ownRules } from './own-rules.ts';
import type { Concern } from './rule.ts';

/** The rewrite rules and the texts that are put into trees. */
export interface RuleSet {
  /** In the order of their patches. */
  readonly concerns: readonly Concern[];
  /** Those of phase `cross`. */
  readonly crossing: readonly Concern[];
  /** Those of phase `arguments`. */
  readonly handing: readonly Concern[];
  /** Those of phase `lean`. */
  readonly leaving: readonly Concern[];
  /** By file name in `templates/`. */
  readonly templates: ReadonlyMap<string, string>;
}

/** The files of `templates/` that are put into trees. */
const TEMPLATES = [
  'sources.list',
  'sources-recipe.list',
  'apt.conf',
  'apt-expired.conf',
  'apt-bundle.conf',
  'apt-lists.conf',
  'apt-record.conf',
  'base-install.sh',
  'base.dockerfile',
  'base-xx.dockerfile',
] as const;

/** The package's own rules and templates. @param root the package's directory */
export function loadRuleSet(root = packageRoot()): RuleSet {
  const templates = new Map(TEMPLATES.map((name) => [name, readFileSync(join(root, 'templates', name), 'utf8')]));
  const parsed = ownRules();
  return {
    concerns: parsed.filter(({ phase }) => phase === 'plan'),
    crossing: parsed.filter(({ phase }) => phase === 'cross'),
    handing: parsed.filter(({ phase }) => phase === 'arguments'),
    leaving: parsed.filter(({ phase }) => phase === 'lean'),
    templates,
  };
}
