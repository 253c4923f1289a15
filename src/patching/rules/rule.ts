import { z } from 'zod';
import { EGRESS_KINDS } from '../../types.ts';

/** The facts of a plan that a rule may depend on; `conditions.ts` says when each holds. */
export const CONDITIONS = [
  'recipe',
  'not-recipe',
  'sources',
  'apt-lists',
  'apt-conf',
  'keyring',
  'deb822',
  'goproxy-env',
  'gosumdb-env',
  'suite-moves',
  'backports-dropped',
  'vpnkit-dropped',
  'vpnkit-copied',
  'sources-list-edited',
  'components-edited',
  'pip-env',
  'frozen-mirrored',
  'logins',
  'certificates',
  'source-date',
  'apt-folder',
  'go-folder',
  'base',
] as const;

/** The values that may be put into a text, as `{name}`. */
export const VALUES = [
  'to',
  'host-path',
  'host-at',
  'destination',
  'ref',
  'sources-list',
  'apt-conf',
  'apt-record',
  'debian-mirrors',
  'security-mirrors',
  'keyring',
  'goproxy',
  'gosumdb',
  'pip-index',
  'certificates',
  'redirect-base',
  'redirect-prefix',
  'suite-from',
  'suite-to',
  'goarch',
  'uname',
  'debian-arch',
  'triple',
  'compiler',
  'arguments',
  'base-stages',
  'base-script',
] as const;

/** Values of YAML files are texts (system/yaml-file.ts). */
const positive = z
  .string()
  .regex(/^[1-9]\d*$/)
  .transform(Number);

const pattern = z.string().refine(isPattern, 'is not a regular expression');

/** Where in the Dockerfile: the instructions of a stage that look so. */
const placeSchema = z.strictObject({
  /** `*`: any stage. */
  stage: z.string(),
  instruction: z.string().regex(/^[A-Z]+$/),
  /** What the text after keyword and flags must match. */
  text: pattern.optional(),
  /** What the value of `--from=` must match. */
  from: pattern.optional(),
});

const common = {
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** All of them must hold. */
  when: z.array(z.enum(CONDITIONS)).default([]),
  /** A number: exactly so often. `per-point`: once for each point that it is for. `any`: also never. */
  times: z.union([positive, z.literal('at-least-once'), z.literal('per-point'), z.literal('any')]),
};

const points = z.strictObject({
  kinds: z.array(z.enum(EGRESS_KINDS)).min(1),
  /**
   * `put`: another host shall stand at the anchor. `host`: what this machine fetched. `dropped`: the point shall go. `redirected`: git is
   * told to ask a mirror. `own-sources`: its stage gets apt's sources itself. `reached`: in the closure, and the build itself goes there.
   * `apart`: needed or rewritten, in a stage that does not stand on base.
   */
  decided: z.enum(['put', 'host', 'dropped', 'redirected', 'own-sources', 'reached', 'apart']),
  /** `host`: only those that are handed in so (docs/sources.md). */
  handed: z.array(z.enum(['folder', 'mount', 'add'])).optional(),
  /** Only those whose text stands in a Dockerfile, or in a script. */
  in: z.enum(['dockerfile', 'script']).optional(),
});

const line = z
  .string()
  .min(1)
  .regex(/^[^\n\r]+$/);

/** One edit as data. The operations are a closed set: a new kind of edit is new code. */
export const ruleSchema = z.discriminatedUnion('operation', [
  /** The text at the points' anchors becomes `put`. */
  z.strictObject({ ...common, operation: z.literal('replace-anchor'), points, put: line }),
  /** The lines in which the points' anchors stand go. */
  z.strictObject({ ...common, operation: z.literal('delete-line'), points }),
  /** The RUN instructions that do nothing but make the points go. `text`: what such an instruction must look like. */
  z.strictObject({ ...common, operation: z.literal('delete-point-instruction'), points, text: pattern }),
  /** A new line before the `for` loop over these words, in the files of the points, as far in as the loop. */
  z.strictObject({
    ...common,
    operation: z.literal('insert-before-loop'),
    points,
    words: z.array(z.string()).min(1),
    put: line,
  }),
  /**
   * A new instruction beside the one instruction at `at`. `same`: what an instruction of that stage looks like that does
   * this already; such a one is replaced when it differs.
   */
  z.strictObject({
    ...common,
    operation: z.literal('insert-before'),
    /** `base-settings`: where stage `base` has run nothing yet that uses its apt sources or its Go environment. */
    at: z.union([placeSchema, z.literal('base-settings')]),
    same: pattern,
    put: line,
  }),
  z.strictObject({ ...common, operation: z.literal('insert-after'), at: placeSchema, same: pattern, put: line }),
  z.strictObject({ ...common, operation: z.literal('delete-instruction'), at: placeSchema }),
  /** A new instruction in each stage of the points: as its first one, or before its first RUN that calls apt. `same`: as above. */
  z.strictObject({
    ...common,
    operation: z.literal('insert-into-stages'),
    points,
    at: z.enum(['start', 'first-apt']),
    same: pattern,
    put: line,
  }),
  /** Every match of `find` in the scripts in which the points' anchors stand; `$<name>` in `put` is a group of it. `same`: what is done already. */
  z.strictObject({
    ...common,
    operation: z.literal('replace-in-scripts'),
    points,
    find: pattern,
    same: pattern,
    put: z.string().min(1),
  }),
  /** The RUN instructions that make the points get this `--mount`. */
  z.strictObject({ ...common, operation: z.literal('add-mount'), points, put: line }),
  /** Every match of `find` inside the instructions at `at` becomes `put`; values in `find` are taken literally. */
  z.strictObject({
    ...common,
    operation: z.literal('replace-text'),
    at: placeSchema,
    find: z.string().min(1),
    put: z.string(),
  }),
  /** The default of an ARG before the first FROM. */
  z.strictObject({
    ...common,
    operation: z.literal('replace-arg-default'),
    arg: z.string().regex(/^[A-Z_]+$/),
    put: line,
  }),
  /** The pins of components that were chosen with `--component` and are chosen by an edit. */
  z.strictObject({ ...common, operation: z.literal('replace-pin') }),
  /** A flag in front of the others of the RUN instructions that reach out to the points. `{host-path}`, `{host-at}`: the repository. */
  z.strictObject({ ...common, operation: z.literal('add-run-flag'), points, put: line }),
  /** The ADD instructions that fetch the points become `put`. `{destination}`, `{ref}`: as the ADD has them. */
  z.strictObject({ ...common, operation: z.literal('replace-add'), points, put: z.string().min(1) }),
  /**
   * Every match of `find` in the file, or in that stage of the Dockerfile, becomes `put`; `$<name>` in it is a group of the match. `same`:
   * what is done already. Where `about` matches nowhere, there is nothing to change.
   */
  z.strictObject({
    ...common,
    operation: z.literal('replace-in-file'),
    path: z.string(),
    stage: z.string().optional(),
    /** Only in trees that have this file too. */
    beside: z.string().optional(),
    /** What the rule is about: an error names its line. */
    about: pattern,
    find: pattern,
    same: pattern.optional(),
    put: z.string(),
  }),
  /** A new file; `owner` is the rule whose instruction brings it into the image. */
  z.strictObject({
    ...common,
    operation: z.literal('add-file'),
    path: z.string().regex(/^(?:[a-z]+\/)*[A-Za-z0-9._-]+$/),
    put: z.string(),
  }),
]);

export const concernSchema = z.strictObject({
  /**
   * Before the tree is scanned: `cross`, where it is compiled for another architecture than the engine's; `arguments`, where its Dockerfile does
   * not name a build argument that its scripts read; `lean`, where less shall be fetched.
   */
  phase: z.enum(['cross', 'arguments', 'lean', 'plan']).default('plan'),
  /** `apt-sources`. */
  concern: z.string().regex(/^[a-z0-9-]+$/),
  /** The order of the patches; a patch's lines stand above those of a later one at the same place. */
  order: positive,
  /** The file's name after its number. */
  slug: z.string().regex(/^[a-z0-9-]+$/),
  /** First line of the commit message. */
  subject: z
    .string()
    .max(72)
    .regex(/^[ -~]+$/),
  /** Why: the body of the commit message. */
  reason: z.string().regex(/^[ -~\n]+$/),
  rules: z.array(ruleSchema).min(1),
});

export type Rule = z.infer<typeof ruleSchema>;
export type RuleOf<Name extends Rule['operation']> = Extract<Rule, { operation: Name }>;
export type Place = z.infer<typeof placeSchema>;
export type Concern = z.infer<typeof concernSchema>;
export type Condition = (typeof CONDITIONS)[number];
export type ValueName = (typeof VALUES)[number];

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch (cause) {
    if (cause instanceof SyntaxError) return false;
    throw cause;
  }
}
