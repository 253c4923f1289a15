import type { MirrorKind } from '../types.ts';
import type { Catalogue } from './catalogue.ts';
import { parseTemplate, upstreamOf, type MirrorTemplate } from './template.ts';

/**
 * The upstream text behind one that may have been rewritten before: `https://ghfast.top/https://github.com/a/b.git` is
 * `https://github.com/a/b.git`. Texts that no known mirror makes are returned as they are.
 * @param chosen the templates that are in use now; they may be the user's own and stand in no catalogue
 */
export function originalOf(kind: MirrorKind, text: string, catalogue: Catalogue, chosen: readonly MirrorTemplate[]): string {
  const known = catalogue.mirrors
    .filter((entry) => entry.kinds.includes(kind) && !entry.template.startsWith('<') && entry.official !== true)
    .map((entry) => parseTemplate(kind, entry.template));
  for (const template of [...chosen, ...known]) {
    const upstream = upstreamOf(template, text);
    if (upstream !== null && upstream !== text) return upstream;
  }
  return text;
}
