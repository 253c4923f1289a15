import { z } from 'zod';
import { MIRROR_KINDS, type MirrorKind } from '../../types.ts';
import data from './catalogue.json' with { type: 'json' };
import type { DocumentedImage } from './documented.ts';

/** How an entry stood when it was last looked at; only `alive` and `degraded` ones are ever chosen from a profile. */
export const MIRROR_STATUSES = ['alive', 'degraded', 'restricted', 'unverified', 'dead'] as const;

/** What is known of one mirror. */
export const entrySchema = z.strictObject({
  /** Unique for each kind. */
  id: z.string().regex(/^[A-Za-z0-9.-]+$/),
  kinds: z.array(z.enum(MIRROR_KINDS)).min(1),
  /** A mirror value as `template.ts` reads it; `<… default>` stands for a host that the tree or the tool brings itself. */
  template: z.string().min(1),
  /** apt: the base before `/debian` for archived suites. Absent: not carried, or nobody has seen it. */
  archive: z.string().optional(),
  /** apt: false for a host with archived suites only. */
  normal: z.boolean().optional(),
  /** git: whether `git clone` works through it (many accelerators only pass downloads). */
  clone: z.boolean().optional(),
  /** gomod: whether it passes `/sumdb/` on, so that the checksum database need not be reached. */
  sumdb: z.boolean().optional(),
  /** http: whose downloads it stands for. */
  hosts: z.array(z.string()).optional(),
  /** image: the allow-list, as globs on the repository (`library/golang`). Absent: everything. */
  carries: z.array(z.string()).optional(),
  /** image: repositories that are known to be refused. */
  misses: z.array(z.string()).optional(),
  official: z.boolean().optional(),
  region: z.enum(['cn', 'global']),
  operator: z.string(),
  status: z.enum(MIRROR_STATUSES),
  /** Date of the newest source, null when none has one. */
  seen: z.string().nullable(),
  sources: z.array(z.string()).min(1),
  caveat: z.string().optional(),
});

export const catalogueSchema = z.strictObject({
  schema: z.literal('moby-build/mirror-catalogue/v1'),
  compiled: z.string(),
  mirrors: z.array(entrySchema),
});

/** One mirror of the catalogue: where one kind of thing can be had, who runs it, and what is known of it. */
export type CatalogueEntry = z.infer<typeof entrySchema>;

export interface Catalogue {
  /** Date on which the entries were gathered. */
  readonly compiled: string;
  readonly mirrors: readonly CatalogueEntry[];
  /** Documented digests of a user's own file, before those of the package. */
  readonly digests?: readonly DocumentedImage[] | undefined;
}

/**
 * The catalogue that comes with the product. None of its hosts was contacted when it was compiled: `seen` dates a source.
 * Throws ZodError when the data file is broken, which is a defect of the package.
 */
export function loadCatalogue(): Catalogue {
  const parsed = catalogueSchema.parse(data);
  return { compiled: parsed.compiled, mirrors: parsed.mirrors };
}

/** The entry of that kind and id, or undefined. */
export function findMirror(catalogue: Catalogue, kind: MirrorKind, id: string): CatalogueEntry | undefined {
  return catalogue.mirrors.find((entry) => entry.id === id && entry.kinds.includes(kind));
}

/** The ids of one kind that may be chosen, in the catalogue's order. */
export function usableIds(catalogue: Catalogue, kind: MirrorKind): readonly string[] {
  return catalogue.mirrors
    .filter((entry) => entry.kinds.includes(kind) && (entry.status === 'alive' || entry.status === 'degraded'))
    .filter((entry) => kind !== 'git' || entry.clone !== false)
    .map((entry) => entry.id);
}

/**
 * Whether a mirror of images is known to carry a repository.
 * @param repository with `library/`: `library/golang`, `djs55/vpnkit`.
 */
export function carriesImage(entry: Pick<CatalogueEntry, 'carries' | 'misses'>, repository: string): boolean {
  if (entry.misses?.includes(repository) === true) return false;
  if (entry.carries === undefined) return true;
  return entry.carries.some((glob) =>
    glob.endsWith('/*') ? repository.startsWith(glob.slice(0, -1)) : glob === repository,
  );
}
