import * as z from 'zod';
import {
  digestTableSchema,
  imageDigest,
  type DigestTable,
  type DocumentedDigest,
} from '../src/mirrors/catalogue/documented.ts';

const sourceSchema = z.union([
  z.object({
    repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/u),
    path: z.string(),
    commit: z.string().regex(/^[0-9a-f]{7,40}$/u),
    copy_of: z.string().optional(),
  }),
  z.object({ address: z.string().min(1) }),
]);

/** One row of a file of facts (`digests/v1`): one digest that public texts give to a tag. What stands in it besides is for people. */
const rowSchema = z.object({
  reference: z
    .string()
    .regex(/^[a-z0-9.-]+(?::\d+)?\/[a-z0-9._/-]+:[\w][\w.-]*$/u, 'is no reference with registry and tag'),
  digest: imageDigest,
  kind: z.enum(['index', 'manifest', 'unknown']),
  seen: z
    .string()
    .regex(/^\d{4}(?:-\d\d){0,2}$/u, 'is no day')
    .nullable(),
  sources: z.array(sourceSchema).min(1, 'has no source'),
  standing: z.string(),
  prefer: z.boolean(),
});

const fileSchema = z.object({ schema: z.literal('digests/v1'), gathered: z.iso.date(), images: z.array(z.unknown()) });

export interface Merged {
  readonly table: DigestTable;
  /** Everything that is wrong, each with its place; where there is any, the table is the one that was. */
  readonly problems: readonly string[];
  /** Rows that are left out: digests of one platform are not what a tag is. */
  readonly leftOut: readonly string[];
}

/**
 * Merges a file of documented digests into the table. Nothing is taken of a file that has a mistake. Pure.
 *
 * @param file its name, for the problems
 */
export function mergeDigests(table: DigestTable, text: string, file: string): Merged {
  const refused = (...problems: string[]): Merged => ({ table, problems, leftOut: [] });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refused(`${file}: is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const whole = fileSchema.safeParse(value);
  if (!whole.success) return refused(...told(whole.error, file));
  const problems: string[] = [];
  const leftOut: string[] = [];
  const seen = new Map<string, number>();
  const images = new Map(table.images.map(({ reference, digests }) => [reference, [...digests]]));
  for (const [index, row] of whole.data.images.entries()) {
    const place = `${file}: images.${String(index)}`;
    const parsed = rowSchema.safeParse(row);
    if (!parsed.success) {
      problems.push(...told(parsed.error, place));
      continue;
    }
    const { reference, digest, standing } = parsed.data;
    const before = seen.get(`${reference} ${digest}`);
    if (before !== undefined)
      problems.push(`${place}: ${reference} has ${digest} already, in images.${String(before)}`);
    seen.set(`${reference} ${digest}`, index);
    if (standing === 'platform') {
      leftOut.push(`${place}: ${reference} ${digest} is of one platform`);
      continue;
    }
    const digests = images.get(reference) ?? [];
    images.set(reference, digests);
    const mine = documentedBy(parsed.data);
    const at = digests.findIndex((each) => each.digest === digest);
    problems.push(...contradictions(mine, digests, reference).map((problem) => `${place}: ${problem}`));
    const old = digests[at];
    if (old === undefined) digests.push(mine);
    else digests[at] = together(old, mine);
  }
  if (problems.length > 0) return refused(...problems);
  const merged = {
    ...{ schema: table.schema, gathered: whole.data.gathered > table.gathered ? whole.data.gathered : table.gathered },
    images: [...images]
      .map(([reference, digests]) => ({ reference, digests }))
      .sort((a, b) => (a.reference < b.reference ? -1 : 1)),
  };
  return { table: digestTableSchema.parse(merged), problems: [], leftOut };
}

/** The table's text: one digest a line. */
export function tableText({ schema, gathered, images }: DigestTable): string {
  const blocks = images.map(
    ({ reference, digests }) =>
      `    {"reference": ${JSON.stringify(reference)}, "digests": [\n${digests.map((each) => `      ${JSON.stringify(each)}`).join(',\n')}\n    ]}`,
  );
  return `{\n  "schema": ${JSON.stringify(schema)},\n  "gathered": ${JSON.stringify(gathered)},\n  "images": [\n${blocks.join(',\n')}\n  ]\n}\n`;
}

function documentedBy({ digest, kind, seen, sources, standing, prefer }: z.infer<typeof rowSchema>): DocumentedDigest {
  const named = sources.flatMap((source): { at: string; copyOf?: string }[] => {
    if ('repo' in source)
      return [
        {
          at: `https://github.com/${source.repo}/blob/${source.commit}/${source.path.split('/').map(encodeURIComponent).join('/')}`,
          ...(source.copy_of === undefined ? {} : { copyOf: source.copy_of }),
        },
      ];
    return URL.canParse(source.address) ? [{ at: source.address }] : [];
  });
  return {
    ...{ digest, kind: kind === 'unknown' ? null : kind, seen, last: standing === 'last' && prefer, preferred: prefer },
    sources: named,
    unnamed: sources.length - named.length,
  };
}

/** What cannot be true beside what is there already. */
function contradictions(mine: DocumentedDigest, others: readonly DocumentedDigest[], reference: string): string[] {
  return others.flatMap((other) => {
    if (other.digest === mine.digest)
      return other.kind !== null && mine.kind !== null && other.kind !== mine.kind
        ? [`${reference} ${mine.digest} is both ${other.kind} and ${mine.kind}`]
        : [];
    if (mine.last && other.last) return [`${reference} was last both ${other.digest} and ${mine.digest}`];
    if (mine.preferred && other.preferred)
      return [`${reference}: both ${other.digest} and ${mine.digest} are preferred`];
    return [];
  });
}

/** One digest of one tag, as two files have it. Unnamed texts of both may be the same ones. */
function together(a: DocumentedDigest, b: DocumentedDigest): DocumentedDigest {
  const sources = [...a.sources, ...b.sources.filter(({ at }) => !a.sources.some((each) => each.at === at))];
  const seen = [a.seen, b.seen].filter((day) => day !== null).sort();
  return {
    ...{ digest: a.digest, kind: a.kind ?? b.kind, seen: seen.at(-1) ?? null },
    ...{ last: a.last || b.last, preferred: a.preferred || b.preferred, sources },
    unnamed: Math.max(a.unnamed, b.unnamed),
  };
}

function told(error: z.ZodError, place: string): string[] {
  return error.issues.map(
    ({ path, message }) => `${place}${path.map((part) => `.${String(part)}`).join('')}: ${message}`,
  );
}
