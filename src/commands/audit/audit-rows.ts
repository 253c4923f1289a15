import type { TreeAuditReport } from './audit-report.ts';
import { EGRESS_KINDS, type EgressPoint, type MetPoint } from '../../types.ts';
import { visible } from '../../ui/visible.ts';

type Audit = TreeAuditReport['audit'];

/** `hack/dockerfile/install/runc.installer` → `runc.installer:19`: file names in these trees are enough. */
export function shortPlace({ file, line }: Pick<EgressPoint, 'file' | 'line'>): string {
  return visible(`${file.slice(file.lastIndexOf('/') + 1)}:${line}`);
}

/**
 * What a point contacts, without what everybody reads into it: the scheme, Docker Hub's full name, git's ending, Debian's one folder.
 *
 * @param wide there is room for the Go module too
 */
export function shortUrl({ url, host, kind, module, platform, suite }: EgressPoint, wide: boolean): string {
  const text = host.startsWith('<') ? host : shortLocation(url);
  if (kind === 'gomod') return visible(wide && module !== undefined ? `${text} ${module}` : text);
  if (kind === 'apt-source') return visible(suite === undefined ? text : `${text} ${suite}`);
  // A variable of the builder's says nothing.
  return visible(platform === undefined || platform.startsWith('$') ? text : `${text} (${platform})`);
}

/** Where there is room for more than the names. */
export const WIDE_COLUMNS = 110;

/** A URL or image reference without what everybody reads into it. */
export function shortLocation(url: string): string {
  return url
    .replace(/^https?:\/\//u, '')
    .replace(/^docker\.io\/(?:library\/)?/u, '')
    .replace(/\.git(?=$|\?)/u, '');
}

/** Points by kind or host. */
export interface Count {
  readonly name: string;
  readonly closure: number;
  readonly outside: number;
  /** In the closure, and not resolved. */
  readonly unmet: number;
}

/** In the order of the kinds. */
export function countsByKind({ points }: Audit): readonly Count[] {
  return EGRESS_KINDS.map((kind) =>
    countOf(
      kind,
      points.filter((point) => point.kind === kind),
    ),
  ).filter(({ closure, outside }) => closure + outside > 0);
}

/** Those that the closure needs most first, then by name. */
export function countsByHost({ points }: Audit): readonly Count[] {
  const hosts = [...new Set(points.map(({ host }) => host))];
  return hosts
    .map((host) =>
      countOf(
        visible(host),
        points.filter((point) => point.host === host),
      ),
    )
    .sort((a, b) => b.closure - a.closure || b.outside - a.outside || (a.name < b.name ? -1 : 1));
}

function countOf(name: string, points: readonly MetPoint[]): Count {
  const inside = points.filter(({ inClosure }) => inClosure);
  return {
    name,
    closure: inside.length,
    outside: points.length - inside.length,
    unmet: inside.filter(({ via }) => via === 'none').length,
  };
}
