import type { MirrorKind } from '../types.ts';
import type { Catalogue } from './catalogue.ts';
import { parseTemplate, upstreamOf, type MirrorTemplate } from './template.ts';

/**
 * The upstream text behind one that may have been rewritten before: `https://ghfast.top/https://github.com/a/b.git` is
 * `https://github.com/a/b.git`. Texts that no known mirror makes are returned as they are.
 * @param chosen the templates that are in use now; they may be the user's own and stand in no catalogue
 */
export function originalOf(kind: MirrorKind, text: string, catalogue: Catalogue, chosen: readonly MirrorTemplate[]): string {
  for (const template of [...chosen, ...templatesOf(catalogue, kind)]) {
    const upstream = upstreamOf(template, text);
    if (upstream !== null && upstream !== text) return upstream;
  }
  return text;
}

const parsed = new WeakMap<Catalogue, Map<MirrorKind, readonly MirrorTemplate[]>>();

/** The catalogue's templates of one kind, parsed once. */
function templatesOf(catalogue: Catalogue, kind: MirrorKind): readonly MirrorTemplate[] {
  const kinds = parsed.get(catalogue) ?? new Map<MirrorKind, readonly MirrorTemplate[]>();
  parsed.set(catalogue, kinds);
  const templates =
    kinds.get(kind) ??
    catalogue.mirrors
      .filter((entry) => entry.kinds.includes(kind) && !entry.template.startsWith('<') && entry.official !== true)
      .map((entry) => parseTemplate(kind, entry.template));
  kinds.set(kind, templates);
  return templates;
}
