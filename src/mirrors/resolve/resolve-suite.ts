import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Note, TreeFacts } from '../../types.ts';
import { baseImageGiven, type GivenImages } from '../candidates/given-images.ts';
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
