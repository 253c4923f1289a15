import { EXIT, MobyBuildError } from '../errors.ts';
import type { EgressPoint, Note } from '../types.ts';
import type { Candidate } from './candidates.ts';
import { badMirror } from './hostile.ts';
import { none, type Decision } from './resolve-named.ts';
import type { AptChoice } from './resolutions.ts';
import { checkSourcesList } from './sources-list.ts';
import { SUITES, suiteFacts, type SuiteFacts } from './suites.ts';

export interface AptQuestion {
  /** The release whose packages the build shall use; null when the tree does not say and no flag does. */
  readonly suite: SuiteFacts | null;
  readonly candidates: readonly Candidate[];
  readonly security: readonly Candidate[];
  /** The user's own sources.list. */
  readonly text: string | undefined;
  readonly recipe: boolean;
  /** Whether the tree, once moved, still asks for backports. */
  readonly backports: boolean;
}

/** The mirror that was chosen for a suite: the base before `/debian`. */
interface Base {
  readonly candidate: Candidate;
  readonly base: string;
  readonly misses: readonly string[];
}

/**
 * Where stage `base` gets its packages from.
 * @returns null when nothing is to change, or the reason why nobody carries the suite
 * Throws MobyBuildError: `unknown-suite` (2) when sources have to be written for a release that is not known.
 */
export function decideApt(question: AptQuestion, notes: Note[]): AptChoice | null | { readonly miss: string } {
  const { suite, recipe, text } = question;
  const form = recipe ? 'recipe' : 'normal';
  if (text !== undefined) {
    const entries = checkSourcesList(text);
    const expired = entries.some((entry) => suiteFacts(entry.suite)?.archived ?? false);
    return {
      via: 'mirror',
      mirror: 'flag',
      reason: "the user's sources.list",
      text,
      form,
      suite: suite?.codename ?? '',
      debian: '',
      security: '',
      securitySuite: '',
      backportsSuite: null,
      expired,
    };
  }
  const [first] = question.candidates;
  if (first === undefined) return { miss: 'the profile names no mirror for apt' };
  if (suite === null) {
    if (first.template === null) return null;
    throw new MobyBuildError({
      code: 'unknown-suite',
      exitCode: EXIT.usage,
      message: 'The Debian release of stage base is not known, so no sources can be written for it.',
      where: 'Dockerfile',
      hint: `Say it with --suite (${SUITES.map(({ codename }) => codename).join(', ')}), or give a --sources-list.`,
    });
  }
  const chosen = baseFor(suite.archived, question.candidates, recipe);
  if ('miss' in chosen) return chosen;
  if (chosen.base === '') {
    if (question.security.length > 0)
      throw badMirror(
        '--mirror apt-security',
        'apt-security alone leaves the other sources at the official host, which the tree does not name.',
        'Give --mirror apt=BASE too.',
      );
    return null;
  }
  const security = question.security.length === 0 ? chosen : baseFor(suite.archived, question.security, recipe);
  if ('miss' in security) return security;
  tellOf(chosen, suite, recipe, notes);
  const { candidate } = chosen;
  return {
    via: candidate.via,
    mirror: candidate.id,
    reason: reasonOf(chosen, suite),
    text: null,
    form,
    suite: suite.codename,
    debian: `${chosen.base}/debian`,
    security: `${security.base}/debian-security`,
    securitySuite: suite.security,
    backportsSuite: question.backports ? `${suite.codename}-backports` : null,
    // The recipe knows no such option: it is of a time when buster was on the mirrors.
    expired: suite.archived && !recipe,
  };
}

/** A source that the tree adds on the way: `echo 'deb … buster-backports main' > …`. */
export function decideAptSource(
  point: EgressPoint,
  candidates: readonly Candidate[],
  move: { readonly from: string; readonly to: string } | null,
): Decision {
  const facts = point.suite === undefined ? undefined : suiteFacts(point.suite);
  if (facts === undefined || point.suite === undefined)
    return none(`${point.suite ?? 'its suite'} is not a suite of Debian`);
  if (move !== null && facts.codename === move.from) {
    return {
      via: 'dropped',
      mirror: null,
      to: null,
      reason: `the build moves to ${move.to}, which needs no ${point.suite}`,
    };
  }
  if (point.anchor === null) return none('no text names the place, so nothing can be put there');
  const archived = point.suite.includes('backports') ? facts.backportsArchived : facts.archived;
  const security = point.suite === facts.security || point.suite.endsWith('-security');
  const chosen = baseFor(archived, candidates, false);
  if ('miss' in chosen) return none(chosen.miss);
  if (chosen.base === '')
    return { via: 'upstream', mirror: null, to: null, reason: 'the official host, as the profile says' };
  return {
    via: chosen.candidate.via,
    mirror: chosen.candidate.id,
    to: `${chosen.base}/${security ? 'debian-security' : 'debian'}`,
    reason: reasonOf(chosen, facts),
  };
}

/** The first mirror that carries a suite; its base is empty for the official host. */
function baseFor(
  archived: boolean,
  candidates: readonly Candidate[],
  recipe: boolean,
): Base | { readonly miss: string } {
  const misses: string[] = [];
  for (const candidate of candidates) {
    const { template, entry } = candidate;
    if (template === null) {
      if (!archived) return { candidate, base: '', misses };
      misses.push('the official host has it no longer');
    } else if (entry === null || recipe) return { candidate, base: template.text, misses };
    else if (archived && entry.archive !== undefined) return { candidate, base: entry.archive, misses };
    else if (!archived && entry.normal !== false) return { candidate, base: template.text, misses };
    else misses.push(`${entry.id} ${archived ? 'does not carry archived suites' : 'carries archived suites only'}`);
  }
  return { miss: misses.length === 0 ? 'the profile names no mirror for apt' : misses.join('; ') };
}

function reasonOf({ candidate, misses }: Base, suite: SuiteFacts): string {
  const { byFlag, entry, id, why: measured } = candidate;
  const why = byFlag
    ? 'given by a flag'
    : measured !== undefined
      ? measured
      : entry === null
        ? `profile ${id ?? ''} says so`
        : suite.archived
          ? `carries archived suites, ${suite.codename} among them`
          : 'first of the profile';
  return misses.length === 0 ? why : `${why}; ${misses.join('; ')}`;
}

function tellOf({ candidate, base }: Base, suite: SuiteFacts, recipe: boolean, notes: Note[]): void {
  if (!suite.archived) return;
  if (candidate.entry === null) {
    notes.push({
      level: 'info',
      code: 'archived-suite-path',
      message: `${suite.codename} is archived; it is looked for at ${base}/debian and ${base}/debian-security.`,
      hint: `Where the mirror keeps archived suites apart, give that base: --mirror apt=${base}/debian-archive`,
    });
  } else if (recipe) {
    notes.push({
      level: 'warning',
      code: 'archived-suite',
      message: `${suite.codename} left ${base}/debian in 2025; the recipe still names it there, so apt-get update will fail.`,
      hint: 'Use --profile cn, or --mirror apt=BASE with a base that has it.',
    });
  }
}
