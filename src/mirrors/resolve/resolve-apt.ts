import { EXIT, MobyBuildError } from '../../errors.ts';
import type { EgressPoint, Note } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { badMirror } from '../catalogue/hostile.ts';
import { none, reasonOf, type Decision } from './resolve-named.ts';
import { knowsLists, listSource, LONGEST_LIST } from '../apt/apt-lists.ts';
import type { AptChoice, AptLists } from './resolutions.ts';
import { isDeb822, oneLineForm } from '../apt/deb822.ts';
import { withKnownKeys } from '../apt/signed-by.ts';
import { sourcesBySuite } from '../apt/sources-by-suite.ts';
import { checkSourcesList } from '../apt/sources-list.ts';
import { hasSuiteHole, partFor, suiteAddress, type Suite } from '../candidates/suite-places.ts';
import { SUITES, suiteFacts, type SuiteFacts } from '../catalogue/suites.ts';

export interface AptQuestion {
  /** The release whose packages the build shall use; null when the tree does not say and no flag does. */
  readonly suite: SuiteFacts | null;
  /** The release of the base image, whose apt it is; null when it cannot be known. */
  readonly release: SuiteFacts | null;
  readonly candidates: readonly Candidate[];
  readonly security: readonly Candidate[];
  /** Mirrors of single suites. */
  readonly parts: readonly Candidate[];
  /** The user's own sources, as lines or stanzas. */
  readonly text: string | undefined;
  /** What the stage will have: keys of `--apt-keyring`, and files of the user's own image. */
  readonly keyring: boolean;
  readonly ownImage: boolean;
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

/** All mirrors that have a suite, best first. */
type Bases = readonly [Base, ...Base[]];

/**
 * Where stage `base` gets its packages from.
 * @returns null when nothing is to change, or the reason why nobody carries the suite
 * Throws MobyBuildError: `unknown-suite` (2) when sources have to be written for a release that is not known.
 */
export function decideApt(question: AptQuestion, notes: Note[]): AptChoice | null | { readonly miss: string } {
  const { suite, recipe, text } = question;
  const form = recipe ? 'recipe' : 'normal';
  if (text !== undefined) {
    const lines = isDeb822(text) ? oneLineForm(text, '--sources-list') : text;
    const entries = checkSourcesList(lines);
    const expired = entries.some((entry) => suiteFacts(entry.suite)?.archived ?? false);
    return {
      via: 'mirror',
      mirror: 'flag',
      reason: "the user's sources.list",
      text: withKnownKeys(lines, question.keyring, question.ownImage),
      form,
      suite: suite?.codename ?? '',
      debian: '',
      security: '',
      lists: null,
      securitySuite: '',
      backportsSuite: null,
      expired,
    };
  }
  const apart = suite === null || recipe ? null : bySuite(suite, question);
  if (apart !== null) return apart;
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
  const all = basesFor(suite.archived, question.candidates, recipe);
  if ('miss' in all) return all;
  const [chosen] = all;
  if (chosen.base === '') {
    if (question.security.length > 0)
      throw badMirror(
        '--mirror apt-security',
        'apt-security alone leaves the other sources at the official host, which the tree does not name.',
        'Give --mirror apt=BASE too.',
      );
    return null;
  }
  const allSecurity = question.security.length === 0 ? all : basesFor(suite.archived, question.security, recipe);
  if ('miss' in allSecurity) return allSecurity;
  const [security] = allSecurity;
  const lists = recipe || !knowsLists(question.release) ? null : listsOf(all, allSecurity);
  tellOf(chosen, suite, recipe, notes);
  const { candidate } = chosen;
  return {
    via: candidate.via,
    mirror: candidate.id,
    reason: lists === null ? baseReason(chosen, suite) : `${baseReason(chosen, suite)}; ${nextWords(all)}`,
    text: null,
    form,
    suite: suite.codename,
    debian: `${chosen.base}/debian`,
    security: `${security.base}/debian-security`,
    lists,
    securitySuite: suite.security,
    backportsSuite: question.backports ? `${suite.codename}-backports` : null,
    // The recipe knows no such option: it is of a time when buster was on the mirrors.
    expired: suite.archived && !recipe,
  };
}

/** The choice where suites have repositories of their own. Throws as `sourcesBySuite`. */
function bySuite(suite: SuiteFacts, question: AptQuestion): AptChoice | null {
  const { candidates, security, parts, backports } = question;
  const baseOf = (list: readonly Candidate[]): string | null => {
    const found = list.length === 0 ? null : basesFor(suite.archived, list, false);
    return found === null || 'miss' in found || found[0].base === '' ? null : found[0].base;
  };
  const made = sourcesBySuite({
    ...{ release: suite, backports, parts, first: candidates[0] },
    base: (root) => baseOf(root === 'debian-security' && security.length > 0 ? security : candidates),
  });
  if (made === null) return null;
  const { via, id } = made.candidate;
  const reason = reasonOf(made.candidate, [], () => 'first of the profile');
  return {
    ...{ via, mirror: id, reason: `${reason}; suites have repositories of their own`, text: made.text, form: 'normal' },
    ...{ suite: suite.codename, debian: '', security: '', lists: null, securitySuite: suite.security },
    ...{ backportsSuite: null, expired: suite.archived },
  };
}

/**
 * A source that the tree adds on the way: `echo 'deb … buster-backports main' > …`.
 * @param apt what stage `base` was given, where the point's stage stands on it: a list of the same mirrors serves here too
 */
export function decideAptSource(
  point: EgressPoint,
  candidates: readonly Candidate[],
  move: { readonly from: string; readonly to: string } | null,
  apt: AptChoice | null = null,
  parts: readonly Candidate[] = [],
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
  const suite: Suite = { suite: point.suite, root: security ? 'debian-security' : 'debian' };
  const part = partFor(suite, parts);
  if (part !== undefined && part.template !== null) {
    const to = suiteAddress(suite, part.template.text, part.entry === null);
    return { via: part.via, mirror: part.id, to, reason: reasonOf(part, [], () => 'named for this suite') };
  }
  const all = basesFor(archived, candidates, false);
  if ('miss' in all) return none(all.miss);
  const [chosen] = all;
  if (hasSuiteHole(chosen.candidate.template)) {
    const to = suiteAddress(suite, chosen.base, false);
    return { via: chosen.candidate.via, mirror: chosen.candidate.id, to, reason: baseReason(chosen, facts) };
  }
  if (chosen.base === '')
    return { via: 'upstream', mirror: null, to: null, reason: 'the official host, as the profile says' };
  const root = security ? 'debian-security' : 'debian';
  const bases = listOf(all, root);
  const list = security ? 'security' : 'debian';
  const listed = bases.length > 1 && apt?.lists?.[list].join(' ') === bases.join(' ');
  return {
    via: chosen.candidate.via,
    mirror: chosen.candidate.id,
    // A folder of this machine stands in no list of servers.
    to: listed ? listSource(list) : `${chosen.base}/${root}`,
    reason: listed ? `${baseReason(chosen, facts)}; ${nextWords(all)}` : baseReason(chosen, facts),
  };
}

/** The mirrors that carry a suite, best first; the base is empty for the official host. */
function basesFor(
  archived: boolean,
  candidates: readonly Candidate[],
  recipe: boolean,
): Bases | { readonly miss: string } {
  const misses: string[] = [];
  const found: Base[] = [];
  for (const candidate of candidates) {
    const { template, entry } = candidate;
    const add = (base: string): void => {
      found.push({ candidate, base, misses: [...misses] });
    };
    if (template === null) {
      if (archived) misses.push('the official host has it no longer');
      else add('');
    } else if (entry === null || recipe) add(template.text);
    else if (archived && entry.archive !== undefined) add(entry.archive);
    else if (!archived && entry.normal !== false) add(template.text);
    else misses.push(`${entry.id} ${archived ? 'does not carry archived suites' : 'carries archived suites only'}`);
  }
  const [first, ...others] = found;
  if (first !== undefined) return [first, ...others];
  return { miss: misses.length === 0 ? 'the profile names no mirror for apt' : misses.join('; ') };
}

/** Both lists, where one of them has more than one mirror. */
function listsOf(all: Bases, security: Bases): AptLists | null {
  const lists = { debian: listOf(all, 'debian'), security: listOf(security, 'debian-security') };
  return lists.debian.length > 1 || lists.security.length > 1 ? lists : null;
}

/** The official host has no name that a list could hold. */
function listed(all: Bases): readonly Base[] {
  return all.filter(({ base }) => /^https?:/.test(base)).slice(0, LONGEST_LIST);
}

function listOf(all: Bases, root: string): readonly string[] {
  return listed(all).map(({ base }) => `${base}/${root}`);
}

function nextWords(all: Bases): string {
  const names = listed(all)
    .slice(1)
    .map(({ candidate, base }) => candidate.entry?.id ?? base);
  return names.length === 0 ? 'no other has it' : `where it fails, apt asks ${names.join(', ')}`;
}

function baseReason({ candidate, misses }: Base, { archived, codename }: SuiteFacts): string {
  return reasonOf(candidate, misses, () =>
    archived ? `carries archived suites, ${codename} among them` : 'first of the profile',
  );
}

function tellOf({ candidate, base }: Base, suite: SuiteFacts, recipe: boolean, notes: Note[]): void {
  // A folder is looked into before the build.
  if (!suite.archived || base.startsWith('file:')) return;
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
