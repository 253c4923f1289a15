import { badMirror } from '../catalogue/hostile.ts';

/**
 * The fields of a deb822 stanza that a line of a sources.list can say too, with the name of its option there (sources.list(5)); null: no
 * option, it stands at its own place in the line.
 */
const FIELDS: Readonly<Record<string, string | null>> = {
  types: null,
  uris: null,
  suites: null,
  components: null,
  enabled: null,
  'signed-by': 'signed-by',
  architectures: 'arch',
  languages: 'lang',
  targets: 'target',
  pdiffs: 'pdiffs',
  'by-hash': 'by-hash',
  trusted: 'trusted',
  'allow-insecure': 'allow-insecure',
  'allow-weak': 'allow-weak',
  'allow-downgrade-to-insecure': 'allow-downgrade-to-insecure',
  'check-valid-until': 'check-valid-until',
  'valid-until-min': 'valid-until-min',
  'valid-until-max': 'valid-until-max',
};

/** Whether a text lists its sources in stanzas (`Types: deb`). */
export function isDeb822(text: string): boolean {
  return /^\s*Types\s*:/im.test(text);
}

/**
 * The same sources as lines, which every apt reads, whatever the release of the stage that gets them. Throws `bad-mirror` (2) for a stanza
 * that lines cannot say: a key in its text, or a field that is not known.
 */
export function oneLineForm(text: string, where: string): string {
  const plain = text.replaceAll(/^#.*(?:\r?\n|$)/gm, '').replaceAll('\r', '');
  const lines = plain.split(/\n(?:[ \t]*\n)+/).flatMap((stanza) => linesOf(stanza, where));
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(stanza: string, where: string): readonly string[] {
  if (stanza.trim() === '') return [];
  const fields = fieldsOf(stanza, where);
  const words = (name: string): readonly string[] =>
    (fields.get(name) ?? '').split(/[\s,]+/).filter((word) => word !== '');
  if (/^(?:no|false|0|off|without|disable)$/i.test(words('enabled')[0] ?? '')) return [];
  for (const name of ['types', 'uris', 'suites'])
    if (words(name).length === 0) throw badMirror(where, `${where} has a stanza without ${name}.`);
  const options = [...fields].flatMap(([name]) => {
    const option = FIELDS[name];
    return option === null || option === undefined ? [] : [`${option}=${words(name).join(',')}`];
  });
  const inBrackets = options.length === 0 ? '' : `[${options.join(' ')}] `;
  return words('types').flatMap((type) =>
    words('uris').flatMap((uri) =>
      words('suites').map((suite) => [`${type} ${inBrackets}${uri}`, suite, ...words('components')].join(' ')),
    ),
  );
}

function fieldsOf(stanza: string, where: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  // A line that begins with a space goes on with the field before it.
  for (const line of stanza
    .trim()
    .replaceAll(/\n[ \t]+/g, ' ')
    .split('\n')) {
    const [, name, value = ''] = /^([A-Za-z][A-Za-z-]*)\s*:\s*(.*)$/.exec(line) ?? [];
    const key = name?.toLowerCase() ?? '';
    // `X-…` is for other programs (deb822(5)).
    if (key.startsWith('x-')) continue;
    if (!Object.hasOwn(FIELDS, key))
      throw badMirror(
        where,
        `${where} has something else than a field of a source: ${line.slice(0, 80)}`,
        `The fields are ${Object.keys(FIELDS).join(', ')}.`,
      );
    if (value.includes('-----BEGIN'))
      throw badMirror(
        where,
        `${where} has a key in its Signed-By.`,
        'Write the key into a file of its own, give it with --apt-keyring FILE, and leave Signed-By away.',
      );
    fields.set(key, value);
  }
  return fields;
}
