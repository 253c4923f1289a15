import type { PROVENANCE_CHECKS } from '../check-codes.ts';
import type { BinaryFacts, CheckResult } from '../types.ts';
import type { Manifest } from '../artifacts/manifest.ts';
import { planDigest, SUITE_URI } from './make-statement.ts';
import { statementSchema, type Statement } from './statement-schema.ts';

/** What a statement is held against. */
export interface Evidence {
  /** The binaries of the folder; `file` is their own name there. */
  readonly binaries: readonly (Pick<BinaryFacts, 'name' | 'sha256'> & { readonly file: string })[];
  readonly manifest: Manifest | null;
  /** The commit that a tag of moby is known to be; null: it is not known here. */
  readonly commitOf: (ref: string) => string | null;
  /** The number of the key that signed the statement, or a list of checksums with it; null: nobody is known to have done. */
  readonly signedBy: string | null;
  /** The packages that are looked at in place of a folder of binaries; null: it is such a folder. */
  readonly packages: readonly PackageEvidence[] | null;
}

export interface PackageEvidence {
  readonly file: string;
  readonly sha256: string;
  /** The programs in it, by their names there; null: nobody looked. */
  readonly programs: Evidence['binaries'] | null;
}

/**
 * Holds a statement against files, the manifest and our table of tags; asks nobody. Each check says what can be vouched for: what only the statement
 * says of itself is `skipped`, for a statement without a signature proves nothing of who made it. A signature vouches for all that the statement says, in the name of
 * its key. Pure.
 */
export function checkStatement(text: string, evidence: Evidence): readonly CheckResult[] {
  const read = readStatement(text);
  if (typeof read === 'string') return [check('provenance', 'failed', read)];
  return [
    check('provenance', 'ok', `${read.predicate.buildDefinition.externalParameters.ref}, SLSA provenance v1`),
    subjects(read, evidence),
    upstream(read, evidence),
    mirrors(read),
    plan(read, evidence),
    builder(read, evidence),
  ];
}

function readStatement(text: string): Statement | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return `it is no JSON: ${cause.message}`;
    throw cause;
  }
  const result = statementSchema.safeParse(document);
  if (result.success) return result.data;
  return `it is no provenance of moby-build: ${result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ')}`;
}

function subjects(statement: Statement, { binaries, packages }: Evidence): CheckResult {
  if (packages !== null) return packageSubjects(statement, packages);
  const { subject } = statement;
  const found = new Map(binaries.map(({ file, sha256 }) => [file, sha256]));
  const missing = subject.filter(({ name }) => !found.has(name)).map(({ name }) => `missing: ${name}`);
  const changed = subject
    .filter(({ name, digest }) => found.has(name) && digest['sha256'] !== found.get(name))
    .map(({ name }) => `other bytes: ${name}`);
  const named = new Set(subject.map(({ name }) => name));
  const more = binaries.filter(({ file }) => !named.has(file)).map(({ file }) => `not in the statement: ${file}`);
  const wrong = [...missing, ...changed, ...more];
  return wrong.length > 0
    ? check('provenance-subjects', 'failed', wrong.join(', '))
    : check('provenance-subjects', 'ok', `${String(subject.length)} files have the digests of the statement`);
}

/** A package is a subject itself; else each program in it has to be one, by its digest, for a package has names of its own. */
function packageSubjects({ subject }: Statement, packages: readonly PackageEvidence[]): CheckResult {
  const digests = new Map(subject.map(({ name, digest }) => [name, digest['sha256']]));
  const known = new Set(digests.values());
  const wrong = packages.flatMap(({ file, sha256, programs }) => {
    if (digests.has(file)) return digests.get(file) === sha256 ? [] : [`other bytes: ${file}`];
    if (programs === null) return [`not in the statement: ${file}`];
    return programs
      .filter((program) => !known.has(program.sha256))
      .map((program) => `not in the statement: ${program.file} of ${file}`);
  });
  if (wrong.length > 0) return check('provenance-subjects', 'failed', wrong.join(', '));
  // Scripts, units and licences: texts of the tree, which the statement of a build does not name one by one.
  const texts = packages.filter(({ file, programs }) => !digests.has(file) && programs?.length === 0);
  if (texts.length > 0) {
    const names = texts.map(({ file }) => file).join(', ');
    return check('provenance-subjects', 'warning', `not in the statement, and without programs: ${names}`);
  }
  return check('provenance-subjects', 'ok', `${packages.map(({ file }) => file).join(', ')}: as the statement has it`);
}

function upstream({ predicate }: Statement, { manifest, commitOf, signedBy }: Evidence): CheckResult {
  const { externalParameters, resolvedDependencies } = predicate.buildDefinition;
  const moby = resolvedDependencies.find(({ name }) => name === 'moby');
  const commit = moby?.digest?.['gitCommit'] ?? null;
  const known = commitOf(externalParameters.ref);
  if (manifest !== null && manifest.commit !== commit)
    return check(
      'provenance-upstream',
      'failed',
      `it says ${commit ?? 'no commit'}, the manifest ${manifest.commit ?? 'none'}`,
    );
  if (commit === null) return check('provenance-upstream', 'warning', 'it names no commit of moby');
  if (known === null)
    return check(
      'provenance-upstream',
      'warning',
      `that ${externalParameters.ref} is ${commit} is not known here${signedBy === null ? '' : `; key ${signedBy} says so`}`,
    );
  return known === commit
    ? check('provenance-upstream', 'ok', `${externalParameters.ref} is ${commit}, as our table of tags has it`)
    : check('provenance-upstream', 'failed', `${externalParameters.ref} is ${known}, not ${commit}`);
}

/** More are counted. */
const MOST_NAMES = 8;

/** A digest fixes the bytes, whoever served them; without one the mirror had to be believed. */
function mirrors({ predicate }: Statement): CheckResult {
  const packages = predicate.runDetails.metadata.debianPackages;
  const unseen = (packages?.cachedSteps ?? 0) + (packages?.clippedSteps ?? 0);
  // A suite is a list: where each package that came of it is fixed, there is nothing left to believe.
  const listsCount = packages === undefined || unseen > 0 || packages.recorded === 0;
  const all = predicate.buildDefinition.resolvedDependencies.filter(
    ({ uri }) => listsCount || uri?.startsWith(SUITE_URI) !== true,
  );
  const names = all.filter(({ digest = {} }) => Object.keys(digest).length === 0).map(({ name }) => name ?? '?');
  const open =
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${String(names.length - MOST_NAMES)} more`] : names;
  return open.length === 0
    ? check(
        'provenance-mirrors',
        'ok',
        `${String(all.length)} dependencies, each with a digest, so no mirror had to be believed`,
      )
    : check(
        'provenance-mirrors',
        'warning',
        `without a digest, so their mirrors had to be believed: ${open.join(', ')}`,
      );
}

function plan({ predicate }: Statement, { manifest, signedBy }: Evidence): CheckResult {
  const { planDigest: said, patches } = predicate.buildDefinition.internalParameters;
  if (manifest === null)
    return signedBy === null
      ? check('provenance-plan', 'skipped', 'there is no manifest to hold patches and plan against')
      : check('provenance-plan', 'ok', `${String(patches.length)} patches, as key ${signedBy} vouches`);
  const own = manifest.patches.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n');
  const told = patches.map(({ name, digest }) => `${name} ${digest['sha256'] ?? ''}`).join('\n');
  return own === told && said['sha256'] === planDigest(manifest)
    ? check('provenance-plan', 'ok', `${String(patches.length)} patches and the plan are those of the manifest`)
    : check('provenance-plan', 'failed', 'its patches or its plan are not those of the manifest');
}

function builder({ predicate }: Statement, { signedBy }: Evidence): CheckResult {
  const { id } = predicate.runDetails.builder;
  if (signedBy !== null) return check('provenance-builder', 'ok', `${id}, as key ${signedBy} vouches`);
  return check(
    'provenance-builder',
    'skipped',
    `${id}, as it says of itself; only a signature can vouch for a builder`,
  );
}

const TITLES: Readonly<Record<keyof typeof PROVENANCE_CHECKS, string>> = {
  provenance: 'the statement of provenance is whole',
  'provenance-subjects': 'it is about these files',
  'provenance-upstream': "its source is upstream's",
  'provenance-mirrors': 'its dependencies are fixed by digests',
  'provenance-plan': 'its patches and plan are those of the build',
  'provenance-builder': 'its builder is known',
};

function check(id: keyof typeof PROVENANCE_CHECKS, result: CheckResult['result'], seen: string): CheckResult {
  return { id, title: TITLES[id], result, seen, fix: null, seconds: 0 };
}
