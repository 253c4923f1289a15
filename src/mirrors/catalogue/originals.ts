import type { MirrorKind } from '../../types.ts';
import type { Catalogue } from './catalogue.ts';
import { parseTemplate, upstreamOf, type MirrorTemplate } from './template.ts';

/** A template, and whose places it stands for where it does not say so itself. */
export interface KnownTemplate {
  readonly template: MirrorTemplate;
  /** `download.docker.com`; undefined: GitHub, or Docker Hub for images. */
  readonly host?: string | undefined;
  /** git: the one repository that an address without holes stands for, `github.com/containerd/containerd`. */
  readonly part?: string | undefined;
}

/**
 * The upstream text behind one that may have been rewritten before: `https://ghfast.top/https://github.com/a/b.git` is
 * `https://github.com/a/b.git`. Texts that no known mirror makes are returned as they are.
 * @param chosen the templates that are in use now; they may be the user's own and stand in no catalogue
 */
export function originalOf(
  kind: MirrorKind,
  text: string,
  catalogue: Catalogue,
  chosen: readonly KnownTemplate[],
): string {
  for (const { template, host, part } of [...chosen, ...templatesOf(catalogue, kind)]) {
    const upstream =
      part === undefined || template.text.includes('{')
        ? upstreamOf(template, text, host)
        : upstreamOfPart(template, text, part);
    if (upstream !== null && upstream !== text) return upstream;
  }
  return text;
}

/** An address that stands for one repository; what an ADD takes of it stays. */
function upstreamOfPart(template: MirrorTemplate, text: string, part: string): string | null {
  const [, address = '', query = ''] = /^([^?#]*)(.*)$/.exec(text) ?? [];
  return address === template.text ? `https://${part}.git${query}` : null;
}

const parsed = new WeakMap<Catalogue, Map<MirrorKind, readonly KnownTemplate[]>>();

/** The catalogue's templates of one kind, parsed once. */
function templatesOf(catalogue: Catalogue, kind: MirrorKind): readonly KnownTemplate[] {
  const kinds = parsed.get(catalogue) ?? new Map<MirrorKind, readonly KnownTemplate[]>();
  parsed.set(catalogue, kinds);
  const templates =
    kinds.get(kind) ??
    catalogue.mirrors
      .filter((entry) => entry.kinds.includes(kind) && !entry.template.startsWith('<') && entry.official !== true)
      .map((entry) => ({ template: parseTemplate(kind, entry.template), host: entry.hosts?.[0] }));
  kinds.set(kind, templates);
  return templates;
}
