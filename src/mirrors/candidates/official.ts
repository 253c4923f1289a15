import type { MirrorKind } from '../../types.ts';
import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import { parseTemplate, type MirrorTemplate } from '../catalogue/template.ts';

/** The official hosts that no file of ours names, as this machine's configuration does; null where it does not. */
export interface Officials {
  readonly apt: string | null;
  readonly gomod: string | null;
  /** The name of Go's checksum database. */
  readonly checksumDatabase: string | null;
}

/** The template of an official entry, ready to be asked; null where nobody says where it is. */
export function officialTemplate(kind: MirrorKind, entry: CatalogueEntry, officials: Officials): MirrorTemplate | null {
  if (!entry.template.startsWith('<')) return parseTemplate(kind, entry.template);
  const own =
    entry.template === '<debian default>' ? officials.apt : entry.template === '<go default>' ? officials.gomod : null;
  return own === null ? null : parseTemplate(kind, own);
}
