import { createHash } from 'node:crypto';
import type { Manifest } from '../artifacts/manifest.ts';
import { MANIFEST_NAME } from '../artifacts/manifest-name.ts';
import { INPUTS_NAME, type BuildInputs } from '../inventory/build-inputs.ts';
import { debianPurl } from '../inventory/purls.ts';
import { LOCK_FILE_NAME, type Lock } from '../lockfile/lock-file.ts';
import { parseImageReference } from '../image-reference.ts';
import { BUILD_TYPE, type DebianPackages, type Resource, type Statement } from './statement-schema.ts';

/** Where moby is published; a tag of our table is one of this repository. */
const UPSTREAM = 'https://github.com/moby/moby.git';

export interface Recorded {
  readonly manifest: Manifest;
  readonly manifestText: string;
  /** null: there is none beside the manifest. */
  readonly lock: Lock | null;
  readonly lockText: string | null;
  /** null: a build of an older moby-build kept none. */
  readonly inputs: BuildInputs | null;
  readonly inputsText: string | null;
  /** Packages that were made of the binaries. */
  readonly packages?: readonly Subject[];
}

/** A file that a statement is about. */
export interface Subject {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

/**
 * The statement of where binaries came from, of what a build recorded, and of nothing else: the same record gives the same statement. Options and
 * arguments are without secrets in the manifest already. Pure. Sources: in-toto attestation, spec/v1; SLSA provenance v1.
 */
export function makeStatement({
  manifest,
  manifestText,
  lock,
  lockText,
  inputs,
  inputsText,
  packages = [],
}: Recorded): Statement {
  const { asked, ref, target, platform, patches, build, engine, tool, stamped } = manifest;
  const kind = engine?.buildkit ?? 'unknown';
  const version = {
    [tool.name]: tool.version,
    ...{ engine: engine?.serverVersion, buildx: engine?.buildxVersion, buildkit: manifest.builder?.buildkitVersion },
  };
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      ...manifest.binaries.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
      ...packages.map(({ name, digest }) => ({ name, digest: { ...digest } })),
    ],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { ref, target, platform, options: asked },
        internalParameters: {
          planDigest: { sha256: planDigest(manifest) },
          patches: patches.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
          buildArguments: build.args,
          stamped,
        },
        resolvedDependencies: [
          mobyOf(manifest),
          ...sourcesOf(manifest),
          ...imagesOf(manifest),
          ...baseOf(manifest),
          ...suitesOf(lock),
          ...packagesOf(inputs, lock),
          ...modulesOf(lock),
        ],
      },
      runDetails: {
        builder: { id: `urn:moby-build:builder:${kind}`, version: present(version) },
        metadata: {
          ...{ startedOn: manifest.started, finishedOn: manifest.ended },
          ...((manifest.seal ?? null) === null ? {} : { seal: manifest.seal }),
          ...(inputs === null ? {} : { debianPackages: countOf(inputs) }),
        },
        byproducts: [
          { name: MANIFEST_NAME, digest: { sha256: sha256Of(manifestText) } },
          ...(lockText === null ? [] : [{ name: LOCK_FILE_NAME, digest: { sha256: sha256Of(lockText) } }]),
          ...(inputsText === null ? [] : [{ name: INPUTS_NAME, digest: { sha256: sha256Of(inputsText) } }]),
        ],
      },
    },
  };
}

/** The statement as a file has it: the same text from a build and from the command `provenance`. Pure. */
export function statementText(statement: Statement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}

/** One number for all that was decided: patches, build arguments, and how each egress point was resolved. */
export function planDigest({ ref, commit, target, platform, patches, points, build }: Manifest): string {
  const args = Object.entries(build.args).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256Of(JSON.stringify([ref, commit, target, platform, patches, points, args]));
}

/** A commit of our table or of --commit is upstream's; of any other only the server is known that gave it. */
function mobyOf({ ref, commit, pin, clonedFrom, clonedThrough, tree }: Manifest): Resource {
  const repository = pin === 'table' ? UPSTREAM : clonedFrom;
  return {
    name: 'moby',
    ...(repository === null ? {} : { uri: `git+${repository}@${ref}` }),
    ...(commit === null
      ? tree.before === null
        ? {}
        : { digest: { gitTree: tree.before } }
      : { digest: { gitCommit: commit } }),
    ...(clonedFrom === null ? {} : { downloadLocation: clonedFrom }),
    annotations: present({ mirror: clonedThrough, pin, treeBefore: tree.before, treeAfter: tree.after }),
  };
}

/** Components that this machine fetched, with their commits; then those that the build itself cloned, with what they were pinned by. */
function sourcesOf({ sources, components }: Manifest): readonly Resource[] {
  const fetched = sources.map(({ component, upstream, commit, url, mirror }) => ({
    name: component,
    uri: `git+${upstream}@${commit}`,
    digest: { gitCommit: commit },
    downloadLocation: url,
    annotations: { mirror },
  }));
  const names = new Set<string>(sources.map(({ component }) => component));
  const others = components
    .filter(({ component }) => !names.has(component))
    .map(({ component, pin }) => ({
      name: component,
      ...(/^[0-9a-f]{40}$/u.test(pin) ? { digest: { gitCommit: pin } } : {}),
      annotations: { pin, fetchedBy: 'the build' },
    }));
  return [...fetched, ...others];
}

function imagesOf({ images }: Manifest): readonly Resource[] {
  return images.map(({ kind, name, reference, platform, digest, basis, mirror, witnesses }) => ({
    name,
    uri: imageUri(reference, platform),
    digest: { sha256: digest.replace('sha256:', '') },
    annotations: { kind, mirror, basis, witnesses },
  }));
}

/** The packages that the base images were made of, and Go. */
function baseOf({ base }: Manifest): readonly Resource[] {
  if (base === undefined) return [];
  const { packages, go } = base;
  const debs = packages.map(({ name, version, architecture, sha256 }) => ({
    name,
    uri: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
    digest: { sha256 },
    annotations: { for: 'base' },
  }));
  if (go.from === 'debian') return debs;
  const annotations = present({ sum: go.sum, for: 'base' });
  return [...debs, { name: 'go', uri: `pkg:golang/golang.org/toolchain@go${go.version}`, annotations }];
}

/** A package URL of type docker; the registry stands in it where it is not Docker Hub. */
function imageUri(reference: string, platform: string): string {
  const parsed = parseImageReference(reference);
  if (parsed === null) return `docker-image://${reference}`;
  const { host, repository, suffix } = parsed;
  const path = host === 'docker.io' ? repository : `${host}/${repository}`;
  return `pkg:docker/${path}@${encodeURIComponent(suffix.replace(/^[:@]/u, ''))}?platform=${encodeURIComponent(platform)}`;
}

/** Before the name of a suite. */
export const SUITE_URI = 'pkg:deb/debian?distro=';

/** The suites that apt asked, with the date of their InRelease. */
function suitesOf(lock: Lock | null): readonly Resource[] {
  return (lock?.suites ?? []).map(({ suite, base, date, mirror }) => ({
    name: `debian suite ${suite}`,
    uri: `${SUITE_URI}${encodeURIComponent(suite)}`,
    downloadLocation: base,
    annotations: present({ mirror, date }),
  }));
}

/** The packages that steps of this build installed, of the lines of apt and dpkg. The mirror has a name where the lock file knows that archive. */
function packagesOf(inputs: BuildInputs | null, lock: Lock | null): readonly Resource[] {
  const mirrors = new Map((lock?.suites ?? []).map(({ base, mirror }) => [base, mirror]));
  return (inputs?.packages ?? []).map(({ name, arch, version, sha256, from, suite }) => ({
    name,
    uri: debianPurl(name, version, arch === 'unknown' ? null : arch, suite),
    ...(sha256 === null ? {} : { digest: { sha256 } }),
    ...(from === null ? {} : { downloadLocation: from }),
    annotations: present({ mirror: from === null ? null : mirrors.get(from.replace(/\/+$/u, '')), for: 'a step' }),
  }));
}

/** Whether these are all: a step from the cache printed nothing. */
function countOf({ packages, cachedSteps, clippedSteps }: BuildInputs): DebianPackages {
  const withoutDigest = packages.filter(({ sha256 }) => sha256 === null).length;
  return { recorded: packages.length, withoutDigest, cachedSteps, clippedSteps };
}

/** A sum of Go is the base64 of what in-toto calls dirHash, in hex (digest_set.md). */
function modulesOf(lock: Lock | null): readonly Resource[] {
  return (lock?.modules ?? []).map(({ path, version, sum, mirror }) => ({
    name: path,
    uri: `pkg:golang/${path}@${encodeURIComponent(version)}`,
    digest: { dirHash: Buffer.from(sum.replace(/^h1:/u, ''), 'base64').toString('hex') },
    annotations: { mirror },
  }));
}

function present(texts: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === null || text === undefined ? [] : [[name, text]])),
  );
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
