import { machine } from 'node:os';
import type { VERIFY_CHECKS } from '../check-codes.ts';
import type { BinaryFacts, CheckResult } from '../types.ts';
import { askVersion, type VersionAnswer } from './ask-version.ts';
import { canRunHere } from './elf/binfmt.ts';
import { checkSums, hashFile } from './checksums.ts';
import { componentChecks, type PinnedComponent } from './component-versions.ts';
import type { ElfFacts } from './elf/elf-format.ts';
import { fileFormat } from './elf/elf.ts';
import { judgeBinary, type BinaryDemands, type SeenBinary } from './judge-binary.ts';
import { listBinaries, type ListedBinary, type Listing } from './list-binaries.ts';
import { readManifestIn, type Manifest } from './manifest.ts';
import { askedFirst, versionQuestion, type VersionQuestion } from './version-options.ts';

export interface Expected {
  /** GOARCH; without it the manifest's, and without one all ELF files must at least be of one machine. */
  readonly arch?: string | undefined;
  /** What dockerd must say; without it the manifest's. */
  readonly version?: string | undefined;
  readonly gitCommit?: string | undefined;
  /** Names that must be there (`dockerd`, …); without it the manifest's. */
  readonly names?: readonly string[] | undefined;
  /** `binary` asks for a static dockerd; without it the manifest's target. */
  readonly target?: string | undefined;
  /** true: the build itself looks, before it writes its manifest. */
  readonly inBuild?: boolean | undefined;
  /** The components that were asked for by name; without it the manifest's. */
  readonly components?: readonly PinnedComponent[] | undefined;
}

export interface Verified {
  readonly checks: readonly CheckResult[];
  readonly binaries: readonly BinaryFacts[];
  /** All that each binary prints of its version, by name; those that were not run here are left out. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Whether somebody vouches for a file of this name in a folder, with these bytes. */
export type Vouching = (file: string, sha256: string) => boolean;

/** For whom nothing has to be vouched for: who made it, or has no key to check it with. */
export const anything: Vouching = () => true;

/**
 * Holds what lies in a directory against what was asked for, and against the manifest beside it when there is one; what
 * `expected` says wins over the manifest. Each finding is a check; a failed one is exit 7 for the command.
 *
 * @param mayRun which programs may be started to ask for their version
 * @throws MobyBuildError `no-such-directory` (exit 2); what the file system refuses (3); never for what is in the files
 */
export async function verifyDirectory(dir: string, expected: Expected, mayRun: Vouching = anything): Promise<Verified> {
  const manifest = await readManifestIn(dir);
  const listing = await listBinaries(dir);
  const recorded = manifest.kind === 'read' ? manifest.manifest : null;
  const seen = await seeAll(listing.binaries, mayRun);
  const names = expected.names ?? recorded?.binaries.map(({ name }) => name);
  const demands = demandsOf(expected, recorded);
  const texts = textsOf(seen);
  return {
    checks: [
      namesCheck(listing, names ?? null),
      ...seen.map((binary) => judgeBinary(binary, demands)),
      ...componentChecks(expected.components ?? recorded?.components.filter(({ asked }) => asked) ?? [], texts),
      ...oneMachineCheck(seen, demands.arch),
      await sumsCheck(dir),
      manifestCheck(manifest, expected.inBuild ?? false),
    ],
    binaries: seen.map(({ facts }) => facts),
    texts,
  };
}

/** true when a check failed: the command ends with exit 7. */
export function hasFailed(checks: readonly CheckResult[]): boolean {
  return checks.some(({ result }) => result === 'failed');
}

function demandsOf(expected: Expected, recorded: Manifest | null): BinaryDemands {
  const target = expected.target ?? recorded?.target;
  return {
    arch: expected.arch ?? recorded?.platform.split('/')[1],
    version: expected.version ?? recorded?.stamped.version,
    gitCommit: expected.gitCommit ?? recorded?.stamped.gitCommit,
    sha256:
      recorded === null ? undefined : Object.fromEntries(recorded.binaries.map(({ name, sha256 }) => [name, sha256])),
    dockerd: target === undefined ? undefined : target === 'dynbinary' ? 'dynamic' : 'static',
  };
}

/** Looks at each, in the order of the list. Those whose option depends on the version of another one are asked after it. */
async function seeAll(listed: readonly ListedBinary[], mayRun: Vouching): Promise<readonly SeenBinary[]> {
  const seen = new Map<ListedBinary, SeenBinary>();
  for (const first of [true, false]) {
    const texts = textsOf([...seen.values()]);
    for (const binary of listed.filter(({ name }) => askedFirst(name) === first)) {
      seen.set(binary, await see(binary, versionQuestion(binary.name, texts), mayRun));
    }
  }
  return listed.flatMap((binary) => seen.get(binary) ?? []);
}

function textsOf(seen: readonly SeenBinary[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    seen.flatMap(({ facts, answer }) => (answer.kind === 'said' ? [[facts.name, answer.text]] : [])),
  );
}

async function see(
  { name, file, path, bytes, mode }: ListedBinary,
  question: VersionQuestion | null,
  mayRun: Vouching,
): Promise<SeenBinary> {
  const started = performance.now();
  const format = fileFormat(path);
  const sha256 = await hashFile(path);
  const executable = (mode & 0o111) !== 0;
  const asked = format.kind === 'elf' && executable ? question : null;
  const answer: VersionAnswer =
    format.kind !== 'elf' || asked === null
      ? { kind: 'not-asked' }
      : mayRun(file, sha256)
        ? await askHere(path, format, asked)
        : { kind: 'not-run' };
  return {
    facts: {
      name,
      path,
      bytes,
      sha256,
      machine: format.kind === 'elf' ? format.machine : format.kind === 'script' ? 'script' : 'unknown',
      static: format.kind === 'elf' && format.static,
      version: answer.kind === 'said' ? answer.line : null,
    },
    format,
    answer,
    executable,
    seconds: (performance.now() - started) / 1000,
  };
}

/** A static program of this very machine that does not start is no program, whatever its headers say. */
async function askHere(path: string, format: ElfFacts, question: VersionQuestion): Promise<VersionAnswer> {
  if (!canRunHere(format, path)) return { kind: 'cannot-run' };
  const emulated = format.machine !== machine();
  const answer = await askVersion(path, question, emulated);
  if (answer.kind !== 'cannot-run' || !format.static || emulated) return answer;
  return { kind: 'failed', of: 'program', how: 'this machine does not take it for a program' };
}

function namesCheck({ binaries, dangling, odd }: Listing, names: readonly string[] | null): CheckResult {
  const there = binaries.map(({ name }) => name);
  const missing =
    names === null ? (there.includes('dockerd') ? [] : ['dockerd']) : names.filter((name) => !there.includes(name));
  const more = names === null ? [] : there.filter((name) => !names.includes(name));
  const failed = missing.length + dangling.length + odd.length > 0;
  const words = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(dangling.length > 0 ? [`links to nothing: ${dangling.join(', ')}`] : []),
    ...(odd.length > 0 ? [`neither file nor link: ${odd.join(', ')}`] : []),
    ...(more.length > 0 ? [`not expected: ${more.join(', ')}`] : []),
    `${String(there.length)} binaries found`,
  ];
  return check(
    'names',
    'everything that the target makes is there',
    failed ? 'failed' : more.length > 0 ? 'warning' : 'ok',
    words.join('; '),
  );
}

/** Without an architecture to hold them against, files of two machines are still wrong. */
function oneMachineCheck(seen: readonly SeenBinary[], arch: string | undefined): CheckResult[] {
  if (arch !== undefined) return [];
  const machines = [...new Set(seen.flatMap(({ format }) => (format.kind === 'elf' ? [format.machine] : [])))];
  return [
    check(
      'one-machine',
      'all binaries are for one machine',
      machines.length > 1 ? 'failed' : 'ok',
      machines.join(', ') || 'none is ELF',
    ),
  ];
}

async function sumsCheck(dir: string): Promise<CheckResult> {
  const started = performance.now();
  const { checked, bad } = await checkSums(dir);
  const seconds = (performance.now() - started) / 1000;
  const title = "moby's checksum files hold";
  if (bad.length > 0)
    return check(
      'checksums',
      title,
      'failed',
      bad.map(({ sumFile, reason }) => `${sumFile}: ${reason}`).join(', '),
      seconds,
    );
  if (checked === 0) return check('checksums', title, 'skipped', 'there are none', seconds);
  return check('checksums', title, 'ok', `${String(checked)} sums match`, seconds);
}

function manifestCheck(read: Awaited<ReturnType<typeof readManifestIn>>, inBuild: boolean): CheckResult {
  const title = 'the manifest beside them is whole';
  if (read.kind === 'none') return check('manifest', title, 'skipped', 'there is none');
  if (read.kind === 'unfinished')
    return check(
      'manifest',
      title,
      'skipped',
      inBuild ? 'it is written next' : 'the build that wrote it has not come to its end',
    );
  if (read.kind === 'broken') return check('manifest', title, 'failed', read.reason);
  return check('manifest', title, 'ok', `${read.manifest.ref}, ${read.manifest.ended}`);
}

function check(
  id: keyof typeof VERIFY_CHECKS,
  title: string,
  result: CheckResult['result'],
  seen: string,
  seconds: number = 0,
): CheckResult {
  return { id, title, result, seen, fix: null, seconds };
}
