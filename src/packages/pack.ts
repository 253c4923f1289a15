import { lstat, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../system/make-folders.ts';
import { archByName } from '../cpus.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { Signer } from '../signing/secret-key.ts';
import { makeTempDir } from '../system/files/temp-dir.ts';
import { toFileError } from '../system/file-error.ts';
import { packageContents } from './content/contents.ts';
import { debFile } from './content/control.ts';
import type { PackageFormat, PackedBinary } from './content/entry.ts';
import type { Metadata } from './content/metadata.ts';
import { packageVersion } from './content/package-version.ts';
import { choosePacker, makePackage, type Packer } from './packer.ts';
import { neededLibraries, readOutput, type Output } from './read-output.ts';
import { libraryDependencies, libraryRequirements, othersOf } from './content/relations.ts';
import { sourceDate } from '../artifacts/source-date.ts';
import { sealPackages, type SealRequest } from './seal-packages.ts';
import { rpmFile } from './content/spec.ts';
import { staticArchives } from './content/static-archives.ts';
import { writeTarball } from './tar.ts';
import { writeNfpm } from './write-nfpm.ts';
import { readTree, readTreeFiles, type TreeFiles } from './content/tree-files.ts';
import { dropInFor, openrcFor } from './content/units.ts';

export interface PackRequest {
  /** The out dir of a build. */
  readonly dir: string;
  readonly format: PackageFormat;
  /** Where the packages go. */
  readonly to: string;
  /** GOARCH that the user named, if any. */
  readonly arch?: string | undefined;
  /** A docker client to take along, or null. */
  readonly cli: string | null;
  /** A moby tree for units and licences, where the build kept none; null. */
  readonly tree: string | null;
  /** Which containerd dockerd uses; null: that of the package where there is one. */
  readonly containerd: 'own' | 'outside' | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Signs the checksums of the packages; null: nobody does. */
  readonly signer: Signer | null;
}

export interface Packed {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Of these, the ones beside the packages: where they came from, checksums, signature. */
  readonly beside: readonly string[];
  /** Who made them; null: we ourselves (tgz). */
  readonly packer: Packer | null;
  readonly containerd: 'own' | 'outside';
  /** Whether the docker client is in it. */
  readonly client: boolean;
}

/**
 * Makes packages of the out dir of a build. The same inputs give the same bytes (`sourceDate`); a package replaces an earlier one of its
 * name when it is whole.
 *
 * @throws MobyBuildError exit 2: `not-an-output`, `no-such-file`, `no-usable-unit`, `usage`; exit 3: `no-such-program`; exit 7: `verify-failed`
 */
export async function pack(request: PackRequest): Promise<Packed> {
  const { dir, format, cli, to } = request;
  const seconds = sourceDate(request.env);
  const packer = format === 'tgz' ? null : choosePacker(format, request.env);
  const output = await readOutput(dir, request.arch);
  const kept = request.tree === null ? await readTreeFiles(dir) : await readTree(request.tree, null);
  const binaries = [...output.binaries, ...(cli === null ? [] : [await clientOf(cli)])];
  const containerd = containerdOf(request, binaries);
  const tree = kept === null ? null : openrcFor(kept, containerd);
  await makeFolders(to).catch((cause: unknown) => {
    throw toFileError(cause, to);
  });
  const temp = makeTempDir('pack', to);
  try {
    const made =
      packer === null || format === 'tgz'
        ? await packArchives(binaries, output, tree, { seconds, to, temp: temp.path })
        : await packWith(packer, format, { request, output, binaries, tree, containerd, seconds, temp: temp.path });
    const beside = await sealPackages({ dir, to, ...made, signer: request.signer });
    return { files: [...made.files, ...beside], beside, packer, containerd, client: cli !== null };
  } finally {
    temp.remove();
  }
}

/** What was made: files, and folders of sources beside them. */
type Made = Pick<SealRequest, 'files' | 'folders'>;

async function packArchives(
  binaries: readonly PackedBinary[],
  { manifest }: Output,
  tree: TreeFiles | null,
  { seconds, to, temp }: { readonly seconds: number; readonly to: string; readonly temp: string },
): Promise<Made> {
  const files: string[] = [];
  for (const { file, entries } of staticArchives(binaries, packageVersion(manifest.ref, manifest.commit), tree)) {
    await writeTarball(join(temp, file), entries, seconds);
    files.push(await intoPlace(temp, to, file));
  }
  return { files, folders: [] };
}

interface Work {
  readonly request: PackRequest;
  readonly output: Output;
  readonly binaries: readonly PackedBinary[];
  readonly tree: TreeFiles | null;
  readonly containerd: 'own' | 'outside';
  readonly seconds: number;
  readonly temp: string;
}

async function packWith(packer: Packer, format: 'deb' | 'rpm', work: Work): Promise<Made> {
  const { request, binaries, tree, containerd, seconds, temp } = work;
  const { to } = request;
  if (tree === null) throw noUnits(request.dir, 'the folder holds no units of the tree');
  const entries = packageContents(format, binaries, tree, dropInOf(tree, containerd, request.dir));
  const metadata = await metadataOf(format, work);
  const { yaml, folder } = await writeNfpm(to, format, metadata, entries, seconds);
  const file = format === 'deb' ? debFile(metadata) : rpmFile(metadata);
  await makePackage(packer, format, { metadata, entries, seconds, temp, to: join(temp, file), nfpmYaml: yaml });
  return { files: [await intoPlace(temp, to, file), yaml], folders: [folder] };
}

async function metadataOf(format: 'deb' | 'rpm', { output, binaries, containerd }: Work): Promise<Metadata> {
  const { ref, commit, platform } = output.manifest;
  const names = binaries.map(({ name }) => name);
  const { sonames, glibc } = await neededLibraries(binaries);
  const libraries = libraryDependencies(sonames, glibc);
  if (format === 'deb' && libraries.unknown.length > 0) throw unknownLibraries(libraries.unknown);
  const outside =
    containerd === 'own'
      ? []
      : format === 'deb'
        ? ['containerd | containerd.io | moby-containerd']
        : ['(containerd or containerd.io or moby-containerd)'];
  const arch = archByName(platform.split('/')[1] ?? '') ?? 'amd64';
  // The units call /bin/kill, which Debian has in procps.
  const base = format === 'deb' ? ['iptables', 'passwd', 'procps'] : ['iptables', 'shadow-utils'];
  return {
    version: packageVersion(ref, commit),
    arch,
    depends: [...base, ...outside, ...(format === 'deb' ? libraries.depends : libraryRequirements(sonames, arch))],
    others: othersOf(names, format),
    commit,
  };
}

function dropInOf(tree: TreeFiles, containerd: 'own' | 'outside', dir: string): string | null {
  const unit = tree.files.find(({ path }) => path === 'contrib/init/systemd/docker.service');
  const socket = tree.files.some(({ path }) => path === 'contrib/init/systemd/docker.socket');
  if (unit === undefined || !socket)
    throw noUnits(dir, 'the tree has no contrib/init/systemd/docker.service and docker.socket');
  const dropIn = dropInFor(unit.text, containerd);
  if (dropIn.kind === 'impossible')
    throw new MobyBuildError({
      code: 'no-usable-unit',
      exitCode: EXIT.usage,
      message: `docker.service of this tree says ${dropIn.line}, so dockerd cannot start the containerd of its own package.`,
      hint: 'A drop-in cannot take that line away. Pack for an outside containerd: --containerd outside.',
    });
  return dropIn.kind === 'text' ? dropIn.text : null;
}

async function intoPlace(temp: string, to: string, file: string): Promise<string> {
  const path = join(to, file);
  await rename(join(temp, file), path).catch((cause: unknown) => {
    throw toFileError(cause, path);
  });
  return path;
}

async function clientOf(path: string): Promise<PackedBinary> {
  const facts = await lstat(path).catch(() => null);
  if (facts?.isFile() === true) return { name: 'docker', path };
  throw new MobyBuildError({
    code: 'no-such-file',
    exitCode: EXIT.usage,
    message: `${path} is not a file, so it cannot go into the package as the docker client.`,
    where: '--cli',
  });
}

function containerdOf({ containerd }: PackRequest, binaries: readonly PackedBinary[]): 'own' | 'outside' {
  const has = binaries.some(({ name }) => name === 'containerd');
  if (containerd === 'own' && !has)
    throw new MobyBuildError({
      code: 'usage',
      exitCode: EXIT.usage,
      message: 'The folder has no containerd, so the package cannot bring its own.',
      where: '--containerd',
      hint: 'Build with --with-deps, or pack with --containerd outside.',
      command: NEXT.help('pack'),
    });
  return containerd ?? (has ? 'own' : 'outside');
}

function noUnits(dir: string, why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-usable-unit',
    exitCode: EXIT.usage,
    message: `A package needs docker.service and docker.socket, but ${why}.`,
    where: dir,
    hint: 'Name the moby tree that was built: --tree DIR. An archive needs no units: --format tgz.',
    command: NEXT.packArchive(dir),
  });
}

function unknownLibraries(sonames: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'unknown-library',
    exitCode: EXIT.output,
    message: `The binaries need ${sonames.join(', ')}, and it is not known which package of Debian has it.`,
    hint: 'A package without that dependency would not work. Build static binaries (--target binary), or pack a tgz.',
  });
}
