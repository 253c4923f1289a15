import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Note, TreeFacts } from '../../types.ts';
import { baseImageGiven, type GivenImages } from '../candidates/given-images.ts';
import { splitDigest } from '../../image-reference.ts';
import { SUITES, suiteFacts, suiteOfImage, type SuiteFacts } from '../catalogue/suites.ts';

/** Which Debian release a build uses. */
export interface SuiteDecision {
  readonly move: { readonly from: string; readonly to: string } | null;
  /** Release of the base image, or null when it cannot be known. */
  readonly release: SuiteFacts | null;
  /** Release whose packages are used. */
  readonly target: SuiteFacts | null;
}

/**
 * The release that a build uses: that of `--suite`, else of the user's own base image, else the tree's. An image whose tag
 * names another release moves the build as `--suite` does.
 * @param wanted `--suite`
 * Throws MobyBuildError `unknown-suite` (2).
 */
export function decideSuite(facts: TreeFacts, images: GivenImages, wanted: string | undefined): SuiteDecision {
  const tree = facts.suite;
  const given = baseImageGiven(images);
  const ofImage = given === undefined ? undefined : suiteOfImage(given);
  if (wanted !== undefined && suiteFacts(wanted)?.codename !== wanted) {
    throw new MobyBuildError({
      code: 'unknown-suite',
      exitCode: EXIT.usage,
      message: `--suite is not a release of Debian that is known here: ${wanted.slice(0, 40)}`,
      where: '--suite',
      hint: `Known: ${SUITES.map(({ codename }) => codename).join(', ')}.`,
    });
  }
  const to = wanted ?? ofImage?.codename ?? tree;
  const target = to === null ? null : (suiteFacts(to) ?? null);
  const release = given === undefined ? target : (ofImage ?? null);
  return { move: tree !== null && to !== null && tree !== to ? { from: tree, to } : null, release, target };
}

/** Words of names and tags that say that an image is no Debian: apt, or Debian's sources, are not there. */
const NO_DEBIAN =
  /^(?:alpine.*|nanoserver.*|windowsservercore.*|ubi\d*|ubi-?minimal|rhel\d*|fedora|fc\d+|centos.*|rocky.*|alma.*|ol\d+|oraclelinux|amazonlinux|al20\d\d|azurelinux.*|cbl|mariner.*|opensuse|leap|bci|ubuntu|trusty|xenial|bionic|focal|jammy|noble|distroless|wolfi|chainguard|scratch|busybox|photon|archlinux|void|nixos)$/u;

/**
 * Checks the user's base image before anything is fetched: Debian's sources are written into it.
 * @param asks whether sources are written at all, and no file of the user's says which
 * Throws MobyBuildError (2): `base-not-debian`; `suite-needed` where neither its tag nor `--suite` names the release.
 */
export function checkBase(images: GivenImages, wanted: string | undefined, asks: boolean): void {
  const given = baseImageGiven(images);
  if (given === undefined) return;
  const known = suiteOfImage(given) !== undefined;
  const other = wordsOf(given).find((word) => NO_DEBIAN.test(word));
  if (!known && other !== undefined) {
    throw new MobyBuildError({
      code: 'base-not-debian',
      exitCode: EXIT.usage,
      message: `The image of --image golang is no Debian, as ${other} in its name says: ${given}`,
      where: '--image golang',
      hint: 'moby installs its packages with apt from Debian: take an image whose tag names a release of Debian, such as golang:1.24-bookworm.',
    });
  }
  if (!asks || known || wanted !== undefined) return;
  throw new MobyBuildError({
    code: 'suite-needed',
    exitCode: EXIT.usage,
    message: `Nothing tells which release of Debian the image of --image golang has: ${given}`,
    where: '--image golang',
    hint: `Say it with --suite CODENAME; docker run --rm ${given} cat /etc/os-release shows it.`,
  });
}

/** The words of the last part and of the tag: whoever offers an image may be called as he likes. */
function wordsOf(reference: string): readonly string[] {
  const { plain } = splitDigest(reference);
  return plain
    .slice(plain.lastIndexOf('/') + 1)
    .toLowerCase()
    .split(/[:_-]/u);
}

/** Tells of a move, and of an image that may not exist. */
export function movedNote(
  move: { readonly from: string; readonly to: string },
  facts: TreeFacts,
  images: GivenImages,
): Note {
  const image = baseImageGiven(images);
  if (image !== undefined)
    return {
      level: 'info',
      code: 'suite-moved',
      message: `The build moves from ${move.from} to ${move.to}, on ${image}.`,
    };
  return {
    level: 'warning',
    code: 'suite-moved',
    message: `The build moves from ${move.from} to ${move.to}: its image becomes golang:${facts.goVersion ?? 'VERSION'}-${move.to}, which may not exist.`,
    hint: '--image golang=REF names one that does. Do not change the Go version lightly: moby vendors parts of the standard library.',
  };
}
