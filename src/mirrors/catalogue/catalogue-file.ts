import { NEXT } from '../../next-command.ts';
import * as z from 'zod';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { readYamlFile } from '../../system/yaml-file.ts';
import { catalogueSchema, entrySchema, type Catalogue, type CatalogueEntry } from './catalogue.ts';
import { problemText, schemaProblems, type FileProblem } from './file-problems.ts';
import { documentedImagesSchema } from './documented.ts';
import { parseTemplate } from './template.ts';

/** Values of a file are texts. */
const yesOrNo = z
  .preprocess(
    (value) => (value === 'true' ? true : value === 'false' ? false : value),
    z.boolean('must be true or false'),
  )
  .optional();

/** What a file of `--catalogue` holds: entries as the built-in catalogue has them. */
export const catalogueFileSchema = catalogueSchema.partial({ schema: true, compiled: true }).extend({
  mirrors: z.array(
    entrySchema.extend({
      normal: yesOrNo,
      clone: yesOrNo,
      sumdb: yesOrNo,
      official: yesOrNo,
      seen: z.preprocess((value) => (['null', '~', ''].includes(String(value)) ? null : value), z.string().nullable()),
    }),
  ),
  extends: z
    .literal('builtin', { error: 'may be builtin only' })
    .optional()
    .describe('builtin: the entries are added to the built-in ones, and replace those of the same kind and id.'),
  digests: documentedImagesSchema
    .optional()
    .describe(
      'Documented digests of your own, as src/mirrors/catalogue/digests.json has them; each replaces what the package has of its tag.',
    ),
});

/**
 * Reads a user's catalogue, which extends the built-in one (`extends: builtin`) or replaces it.
 *
 * @param file its path, for messages
 * @throws MobyBuildError `bad-catalogue` (2) that lists every problem at once, each as `file:line:column path: what`
 */
export function parseCatalogue(text: string | Uint8Array, file: string, builtin: Catalogue): Catalogue {
  const { value, problems: unreadable, place } = readYamlFile(text, file);
  if (unreadable.length > 0)
    throw badCatalogue(
      file,
      unreadable.map(({ where, message }) => `${where} ${message}`),
    );
  const parsed = catalogueFileSchema.safeParse(value);
  const problems = parsed.success ? entryProblems(parsed.data.mirrors) : schemaProblems(parsed.error, 'catalogue');
  if (problems.length > 0 || !parsed.success)
    throw badCatalogue(
      file,
      problems.map(({ path, message }) => `${place(path)} ${message}`),
    );
  const { mirrors, compiled } = parsed.data;
  const kept = parsed.data.extends === 'builtin' ? builtin.mirrors.flatMap((entry) => remaining(entry, mirrors)) : [];
  return { compiled: compiled ?? builtin.compiled, mirrors: [...mirrors, ...kept], digests: parsed.data.digests };
}

/** An entry for the kinds that the user's file says nothing of. */
function remaining(entry: CatalogueEntry, own: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const kinds = entry.kinds.filter(
    (kind) => !own.some(({ id, kinds: taken }) => id === entry.id && taken.includes(kind)),
  );
  return kinds.length === 0 ? [] : [{ ...entry, kinds }];
}

/** What the schema cannot see: templates that their kind cannot use, and two entries of one name. */
function entryProblems(mirrors: readonly CatalogueEntry[]): readonly FileProblem[] {
  const problems: FileProblem[] = [];
  const seen = new Set<string>();
  for (const [index, { id, kinds, template, archive }] of mirrors.entries()) {
    for (const kind of kinds) {
      const path = ['mirrors', index];
      if (seen.has(`${kind} ${id}`))
        problems.push({ path, message: `mirrors.${String(index)}: ${id} is there twice for ${kind}` });
      seen.add(`${kind} ${id}`);
      for (const [field, text] of [
        ['template', template],
        ['archive', archive],
      ] as const) {
        if (text === undefined || /^<[a-z ]+ default>$/u.test(text)) continue;
        try {
          parseTemplate(kind, text, `mirrors.${String(index)}.${field}`);
        } catch (cause) {
          if (!(cause instanceof MobyBuildError)) throw cause;
          problems.push({ path: [...path, field], message: cause.message });
        }
      }
    }
  }
  return problems;
}

function badCatalogue(file: string, problems: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-catalogue',
    exitCode: EXIT.usage,
    message: `The catalogue ${file} has ${problemText(problems)}`,
    where: file,
    hint: 'An entry has id, kinds, template, region, operator, status, seen and sources, as `moby-build mirrors list --json` shows them.',
    command: NEXT.mirrorsList(),
  });
}
