import type { MirrorKind } from '../../types.ts';
import type { CatalogueEntry } from '../catalogue.ts';
import { parseTemplate, type MirrorTemplate } from '../template.ts';

/**
 * The hosts that Debian's images and the go command bring themselves; the catalogue writes `<debian default>` and
 * `<go default>` for them, as a scan does. A host below these domains is the default, whichever name is used
 * (`egress/default-hosts.ts`), so the domain is what is known and the name is put before it.
 */
const DEFAULTS: Readonly<Record<string, readonly [scheme: string, name: string, domain: string]>> = {
  '<debian default>': ['http', 'deb', 'debian.org'],
  '<go default>': ['https', 'proxy', 'golang.org'],
};

/** The checksum database that the go command asks unless it is told of another (`go help module-auth`). */
export const CHECKSUM_DATABASE = ['sum', 'golang.org'].join('.');

/** The template of an official entry, ready to be asked; null where there is none to ask. */
export function officialTemplate(kind: MirrorKind, entry: CatalogueEntry): MirrorTemplate | null {
  const known = DEFAULTS[entry.template];
  if (known === undefined) return entry.template.startsWith('<') ? null : parseTemplate(kind, entry.template);
  const [scheme, ...name] = known;
  return parseTemplate(kind, `${scheme}://${name.join('.')}`);
}
