import * as z from 'zod';
import type { CheckId } from '../check-codes.ts';
import type { ErrorCode, NoteCode } from '../codes.ts';
import { COMPONENT_NAMES, EGRESS_KINDS, SOURCE_NAMES, VIAS } from '../names.ts';

/**
 * The parts that the JSON documents are made of, and the types that follow from them. Fields are part of the product: other programs read them.
 */

/** What a schema gives, read-only down to its leaves. */
export type Frozen<T> = T extends readonly (infer Each)[]
  ? readonly Frozen<Each>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;
/** What a document or a part of one is in TypeScript. */
export type Of<Schema extends z.ZodType> = Frozen<z.infer<Schema>>;

/** A text that is one of ours: the compiler knows which, a reader takes what a newer version may say. */
const oneOf = <Text extends string>() => z.string() as unknown as z.ZodType<Text, Text>;
const count = z.int().min(0);
const seconds = z.number().min(0);

export const errorPart = z
  .strictObject({
    code: oneOf<ErrorCode>().describe('A stable name: wrong-commit, no-docker, …'),
    exitCode: z.int().min(1).max(143),
    message: z.string(),
    where: z.string().nullable().describe('File, URL, flag or directory that the error is about'),
    hint: z.string().nullable(),
    command: z.string().nullable().describe('The next command to run'),
  })
  .describe('Why the command failed');
export type ErrorDocument = Of<typeof errorPart>;

export const notePart = z.strictObject({
  level: z.enum(['info', 'warning']),
  code: oneOf<NoteCode>(),
  message: z.string(),
  hint: z.string().optional(),
});
/** A sentence for the user that changes nothing about success. */
export type Note = Of<typeof notePart>;

export const pointPart = z
  .strictObject({
    id: z.string().describe('Stable while URLs and lines change: STAGE/KIND, #2 and so on for further ones'),
    file: z.string(),
    line: z.int().min(1).describe('Where the text stands that an edit would change, else the line of the command'),
    netLines: z.array(z.int().min(1)).describe('Lines of the commands that reach out'),
    stage: z.string(),
    kind: z.enum(EGRESS_KINDS),
    url: z.string(),
    becomes: z
      .string()
      .nullable()
      .optional()
      .describe('What the planned tree contacts in its place; null: nothing. There where a plan was made'),
    host: z.string().describe('<debian default>, <go default> or <pip default> where the tree names none'),
    inClosure: z.boolean().describe('Whether the target reaches the stage'),
    via: z.enum(VIAS).describe('How the point is met'),
    mirror: z.string().nullable().describe('Id in the catalogue, flag, or null'),
    reason: z.string(),
    platform: z.string().optional(),
    suite: z.string().optional(),
    module: z.string().optional(),
    note: z.string().optional(),
  })
  .describe('An egress point: a place in the tree that uses the network during a build');

export const unknownPart = z
  .strictObject({
    file: z.string(),
    line: z.int().min(1),
    stage: z.string(),
    inClosure: z.boolean(),
    text: z.string(),
    reason: z.string(),
  })
  .describe('Something that looks like network use and could not be placed');
/** Something that looks like network use and could not be placed. Never passed over. */
export type UnknownPlace = Of<typeof unknownPart>;

export const totalsPart = z.strictObject({
  all: count,
  closure: count,
  covered: count,
  uncovered: count,
  unknown: count,
  byKind: z.partialRecord(z.enum(EGRESS_KINDS), z.strictObject({ all: count, closure: count })),
});
export type Totals = Of<typeof totalsPart>;

export const componentPart = z
  .strictObject({
    component: z.enum(COMPONENT_NAMES),
    version: z.string().describe('What was asked for: a tag, a branch, or a commit id'),
    by: z.enum(['build-arg', 'edit']),
    variable: z.string(),
    treePin: z.string().describe('What the tree pins by itself'),
    note: z.string().nullable().describe('The comment behind that pin'),
    file: z.string(),
    line: z.int().min(1),
  })
  .describe('A component that is built in another version than the tree says');

export const patchPart = z.strictObject({ name: z.string(), subject: z.string(), files: z.array(z.string()) });

export const commandPart = z.strictObject({
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  command: z.string().describe('The command as a person would type it'),
});

export const checkPart = z.strictObject({
  id: oneOf<CheckId>(),
  title: z.string(),
  result: z.enum(['ok', 'warning', 'failed', 'skipped']),
  seen: z.string(),
  fix: z.string().nullable(),
  seconds,
});
export type CheckResult = Of<typeof checkPart>;
export type CheckOutcome = CheckResult['result'];

export const doctorCheckPart = checkPart.extend({
  group: z.string().describe('The section of the report'),
  result: z.enum(['ok', 'warning', 'failed', 'skipped', 'unknown']).describe('unknown: it could not be looked at'),
});
export type DoctorResult = Of<typeof doctorCheckPart>;

export const checkTotalsPart = z.strictObject({ ok: count, warning: count, failed: count, skipped: count });
export type CheckTotals = Of<typeof checkTotalsPart>;

export const doctorTotalsPart = checkTotalsPart.extend({ unknown: count });

export const binaryPart = z.strictObject({
  name: z.string(),
  path: z.string(),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  machine: z.string().describe('aarch64, x86_64, …; script for a file that starts with #!'),
  static: z.boolean(),
  version: z.string().nullable().describe('First line of --version, or null where this machine cannot run it'),
});
export type BinaryFacts = Of<typeof binaryPart>;

export const stepPart = z.strictObject({
  name: z.string(),
  stage: z.string().nullable(),
  seconds: seconds.nullable(),
  cached: z.boolean(),
  failed: z.boolean(),
});
export type BuildStep = Of<typeof stepPart>;

export const matrixCellPart = z
  .strictObject({
    cell: z.string().describe('Its name, and that of its folder'),
    ref: z.string(),
    arch: z.string(),
    target: z.string(),
    series: z.string().nullable(),
    commit: z.string().nullable(),
    digest: z.string().nullable().describe('Of all that decides what is built; null: there is no plan'),
    state: z
      .enum(['planned', 'kept', 'built', 'failed', 'left'])
      .describe('kept: built by an earlier run, and unchanged; left: not begun'),
    why: z
      .string()
      .nullable()
      .describe('Why it is built: not built, its plan has changed, a file is missing or changed'),
    builder: z.string().nullable().describe('Where it was built, or would be'),
    way: z.enum(['native', 'cross', 'emulated']).nullable(),
    tries: z.array(z.strictObject({ builder: z.string(), code: z.string().nullable() })),
    seconds: seconds.nullable(),
    directory: z.string(),
    log: z.string().nullable().describe('Path: what its process said'),
    error: errorPart.nullable(),
    command: z.string().describe('The command that builds this cell alone'),
  })
  .describe('One build of a matrix');

const sourceName = z.enum(SOURCE_NAMES);

export const fetchPart = z
  .strictObject({
    component: sourceName,
    upstream: z.string().describe('What the tree names'),
    commit: z.string().nullable().describe('null: the tree pins a tag whose commit is not known here'),
    tag: z.string().nullable(),
    mirrors: z.array(z.string()).describe('In the order of trying: ids in the catalogue, flag or source'),
    stored: z.boolean().describe('It is in the store, so it is not fetched'),
    path: z.string().describe('Where it is put inside the tree'),
  })
  .describe('A repository that is fetched before the build');
export type FetchFacts = Of<typeof fetchPart>;

export const sourcePart = z.strictObject({
  component: sourceName,
  commit: z.string().regex(/^[0-9a-f]{40}$/u),
  tags: z.array(z.string()),
  history: z.enum(['commit', 'full']),
  upstream: z.string(),
  mirror: z.string().describe('Who served it, now or when it came into the store'),
  url: z.string(),
  receivedBytes: count.describe('By this run; 0: it was in the store'),
  path: z.string().describe('Inside the tree'),
});

export const imagePart = z
  .strictObject({
    kind: z.enum(['image', 'frontend']),
    name: z.string().describe('As --image and --trust-image call it'),
    reference: z.string().describe('What it is, whoever serves it'),
    platform: z.string(),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/u),
    basis: z
      .enum(['user', 'tree', 'lock', 'table', 'official', 'operators', 'documented', 'trusted'])
      .describe('Why the digest is believed'),
    mirror: z.string(),
    operators: z.array(z.strictObject({ operator: z.string(), mirror: z.string() })),
    witnesses: z.array(z.string()).describe('Public texts that name this digest for the tag'),
  })
  .describe('An image whose digest is known');

export const cachedSourcePart = z
  .strictObject({
    commit: z.string().regex(/^[0-9a-f]{40}$/u),
    dir: z.string().describe('Path of the bare repository'),
    bytes: count,
    used: z.string().nullable().describe('When a run last used it (ISO 8601)'),
    faults: z.array(z.string()).nullable().describe('verify: what is wrong with it; null: not checked'),
    chosen: z.boolean().describe('prune: whether it goes'),
    upstream: z
      .string()
      .nullable()
      .describe('What the tree names; null, as the next ones, for a record that cannot be read'),
    tags: z.array(z.string()),
    history: z.enum(['commit', 'full']).nullable(),
    mirror: z.string().nullable().describe('Who served it: id in the catalogue, flag or source'),
    url: z.string().nullable(),
    receivedBytes: count.nullable(),
    fetched: z.string().nullable().describe('ISO 8601'),
  })
  .describe('A commit in the store');

const sealedHost = z.strictObject({
  host: z.string(),
  requests: count,
  received: count.describe('Bytes that came from it, as they went over the line'),
  sent: count,
});

export const sealPart = z
  .strictObject({
    mechanism: z
      .enum(['no-network', 'proxy'])
      .describe(
        'no-network: no step had a network. proxy: the builder was in a network whose only way out was a proxy of ours.',
      ),
    canary: z.string().describe('What a step saw that was made to reach out before the build, and had to fail'),
    planned: z.array(z.string()).describe('The hosts that were let through'),
    contacted: z.array(sealedHost).describe('Every host that the builder and its steps contacted'),
    refused: z
      .array(sealedHost.pick({ host: true, requests: true }))
      .describe('Hosts that were asked for and not let through'),
  })
  .describe('With --seal: how the build was sealed, and whom it contacted');
export type SealFacts = Of<typeof sealPart>;

export const leftoverPart = z.strictObject({
  kind: z.enum(['work', 'temp', 'smoke', 'seal']),
  path: z.string(),
  bytes: count,
  usedBy: z.int().nullable().describe('The process that uses it now; it stays'),
  removed: z.boolean(),
  reason: z.string().nullable().describe('Why it could not be removed'),
});
