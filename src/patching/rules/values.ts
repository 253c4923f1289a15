import { aptListText, listSource } from '../../mirrors/apt/apt-lists.ts';
import type { AptChoice, Resolutions } from '../../mirrors/resolve/resolutions.ts';
import type { RuleSet } from './rule-set.ts';
import type { ValueName } from './rule.ts';

/** The texts that rules may put, by name; absent where the plan has no such thing. */
export type Values = ReadonlyMap<ValueName, string>;

/** The values of a plan, made from its decisions and the templates. */
export function valuesOf(
  resolutions: Resolutions,
  templates: RuleSet['templates'],
  certificates: string | null,
  base: MadeBase | null,
): Values {
  const values = new Map<ValueName, string>();
  const put = (name: ValueName, value: string | null | undefined): void => {
    if (value !== null && value !== undefined) values.set(name, value);
  };
  const { apt } = resolutions;
  if (apt !== null) {
    put('sources-list', sourcesListText(apt, templates));
    put('apt-conf', aptConfText(apt, templates));
    put('apt-record', templates.get('apt-record.conf'));
    if (apt.lists !== null) {
      put('debian-mirrors', aptListText(apt.lists.debian));
      put('security-mirrors', aptListText(apt.lists.security));
    }
  }
  put('keyring', resolutions.keyring);
  put('goproxy', resolutions.goproxy);
  // Of two words the second would be a variable of its own.
  put('gosumdb', resolutions.gosumdb?.includes(' ') === true ? `"${resolutions.gosumdb}"` : resolutions.gosumdb);
  put('pip-index', resolutions.pipIndex);
  put('certificates', certificates);
  if (base !== null) put('base-stages', baseStages(base, templates));
  put('base-script', templates.get('base-install.sh'));
  put('suite-from', resolutions.suite?.from);
  put('suite-to', resolutions.suite?.to);
  return values;
}

/** What stands in place of the images of a tree: which Go, and whether xx is among them. */
export interface MadeBase {
  readonly go: string;
  readonly hasXx: boolean;
}

/** The stages with the names, paths and environment of the official golang image (docker-library/golang), so that nothing else of the tree changes. */
function baseStages({ go, hasXx }: MadeBase, templates: RuleSet['templates']): string {
  const own = templates.get('base.dockerfile') ?? '';
  return `${own.replaceAll('{go}', go)}${hasXx ? (templates.get('base-xx.dockerfile') ?? '') : ''}`;
}

/** The sources.list: the user's, or the template's lines; a line whose hole has no value (no backports) is left out. */
function sourcesListText(apt: AptChoice, templates: RuleSet['templates']): string {
  if (apt.text !== null) return apt.text;
  const template = templates.get(apt.form === 'recipe' ? 'sources-recipe.list' : 'sources.list') ?? '';
  const holes: Readonly<Record<string, string | null>> = {
    debian: apt.lists === null ? apt.debian : listSource('debian'),
    security: apt.lists === null ? apt.security : listSource('security'),
    suite: apt.suite,
    'security-suite': apt.securitySuite,
    'backports-suite': apt.backportsSuite,
  };
  return template
    .split('\n')
    .filter(
      (line) =>
        !/\{([a-z-]+)\}/g.exec(line) ||
        [...line.matchAll(/\{([a-z-]+)\}/g)].every(([, name = '']) => holes[name] !== null),
    )
    .map((line) => line.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => holes[name] ?? whole))
    .join('\n');
}

/** How apt shall ask, and for archived suites that it take a Release file past its date. */
function aptConfText({ expired, lists, debian, text }: AptChoice, templates: RuleSet['templates']): string {
  const names = [
    ...(expired ? ['apt-expired.conf'] : []),
    ...(/(?:^|\s)file:/u.test(text ?? debian) ? ['apt-bundle.conf'] : []),
    ...(lists === null ? ['apt.conf'] : ['apt-lists.conf']),
  ];
  return names.map((name) => templates.get(name) ?? '').join('');
}

/** Puts values into a text of a rule: `{name}`. Throws Error for a value that the plan does not have: a defect of the rule. */
export function fillIn(text: string, values: Values, transform: (value: string) => string = (value) => value): string {
  return text.replaceAll(/\{([a-z-]+)\}/g, (_, name: string) => {
    const value = values.get(name as ValueName);
    if (value === undefined) throw new Error(`a rewrite rule asks for {${name}}, which this plan does not have`);
    return transform(value);
  });
}
