import type { Resolution } from './resolutions.ts';
import type { EgressPoint, MirrorKind, Note } from '../../types.ts';
import { carriesImage, type Catalogue, type CatalogueEntry } from '../catalogue/catalogue.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { differsByRepository, knownTemplates } from '../candidates/repositories.ts';
import { imageName, parseImageReference } from '../../image-reference.ts';
import { originalOf } from '../catalogue/originals.ts';
import { expandImageTemplate, expandUrl, splitUrl, upstreamOf, type MirrorTemplate } from '../catalogue/template.ts';

/** What is decided for a point before it is known whether the point is rewritten at all. */
export type Decision = Omit<Resolution, 'pointId'>;

const OFFICIAL = 'the official host, as the profile says';
const FIRST = ({ seen }: CatalogueEntry): string =>
  `first of the profile that has it, seen ${seen ?? 'at no known date'}`;

/**
 * A point whose text names a place: a frontend, an image, a clone, a download. The first mirror that has it is taken.
 * @param text the address, where no text of the tree holds it
 */
export function decideNamed(
  point: EgressPoint,
  kind: MirrorKind,
  candidates: readonly Candidate[],
  catalogue: Catalogue,
  notes: Note[],
  text = point.anchor?.text,
): Decision & { readonly chosen: Candidate | null } {
  if (text === undefined && kind === 'image')
    return { via: 'mirror', mirror: 'flag', to: null, reason: 'named by a build argument', chosen: null };
  if (text === undefined) return { ...none('no text names the place, so nothing can be put there'), chosen: null };
  const original = originalOf(kind, text, catalogue, knownTemplates(candidates));
  const misses: string[] = [];
  for (const candidate of candidates) {
    const { via, id, template, entry } = candidate;
    if (via === 'dropped')
      return {
        via,
        mirror: null,
        to: null,
        reason: 'the frontend that is built into the engine is used',
        chosen: candidate,
      };
    if (template === null || via === 'upstream') {
      return {
        via: 'upstream',
        mirror: id,
        to: original === text ? null : original,
        reason: candidate.why ?? OFFICIAL,
        chosen: candidate,
      };
    }
    const made = make(kind, template, original, text, entry);
    if (typeof made === 'string') {
      if (misses.length > 0) notes.push(missed(misses, original, candidate));
      const reason = `${reasonOf(candidate, misses, FIRST)}${othersWords(candidate, candidates)}`;
      return { via: 'mirror', mirror: id, to: made, reason, chosen: candidate };
    }
    misses.push(`${entry?.id ?? id ?? kind} ${made.miss}`);
  }
  return { ...none(misses.length === 0 ? `the profile names no mirror for ${kind}` : misses.join('; ')), chosen: null };
}

/** The text that a mirror makes of the point's, or why it cannot. */
function make(
  kind: MirrorKind,
  template: MirrorTemplate,
  original: string,
  text: string,
  entry: CatalogueEntry | null,
): string | { readonly miss: string } {
  // One reference for all: `--frontend REF`.
  if (kind === 'frontend' && !template.text.includes('{')) return template.text;
  // Rewritten by this very mirror before: what stands there is right, `.git` or not.
  if (upstreamOf(template, text) !== null) return text;
  if (kind === 'image' || kind === 'frontend') {
    const parsed = parseImageReference(original);
    const made = expandImageTemplate(template, original);
    if (parsed === null || made === null) return { miss: 'cannot be put before a name that is a variable' };
    if (parsed.host !== 'docker.io' && !template.text.includes('{host}'))
      return { miss: `stands for Docker Hub, not for ${parsed.host}` };
    if (entry !== null && !carriesImage(entry, parsed.repository))
      return { miss: `does not carry ${imageName(parsed)}` };
    return made;
  }
  const upstream = splitUrl(original);
  if (upstream === null) return { miss: 'needs an http or https URL' };
  const hosts = entry === null ? null : (entry.hosts ?? (kind === 'git' ? ['github.com'] : null));
  if (hosts !== null && !hosts.includes(upstream.host)) return { miss: `does not stand for ${upstream.host}` };
  const made = expandUrl(template, upstream);
  // BuildKit takes anything else for a file (util/gitutil, ParseGitRef).
  if (/\.git[?#]/.test(original) && !/\.git[?#]/.test(made))
    return { miss: 'makes no address that ends in .git, as an ADD of a repository must' };
  return made;
}

/** Why this one is taken, and what those before it lack. @param first the words for one of the catalogue that nobody measured */
export function reasonOf(
  { byFlag, entry, id, why }: Candidate,
  misses: readonly string[],
  first: (entry: CatalogueEntry) => string,
): string {
  if (byFlag) return withMisses('given by a flag', misses);
  return withMisses(why ?? (entry === null ? `profile ${id ?? ''} says so` : first(entry)), misses);
}

/** Nobody was asked which server has the repository: which others are, by who runs the plan. */
function othersWords(candidate: Candidate, candidates: readonly Candidate[]): string {
  const others = candidates.length - 1 - candidates.indexOf(candidate);
  if (others === 0 || candidate.why !== undefined || candidate.entry !== null || !differsByRepository(candidate))
    return '';
  return `; where it lacks the repository, ${others === 1 ? 'the next one is' : `${String(others)} others are`} asked`;
}

function withMisses(why: string, misses: readonly string[]): string {
  return misses.length === 0 ? why : `${why}; ${misses.join('; ')}`;
}

function missed(misses: readonly string[], original: string, { id, entry }: Candidate): Note {
  return {
    level: 'info',
    code: 'next-mirror',
    message: `${misses.join('; ')}: ${original} is asked from ${entry?.id ?? id ?? 'the next'}.`,
  };
}

/** Nobody decided. */
export function none(reason: string): Decision {
  return { via: 'none', mirror: null, to: null, reason };
}
