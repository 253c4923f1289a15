import { originalOf } from '../catalogue/originals.ts';
import { candidatesOf, partsOf, type Candidate, type MirrorWishes } from './candidates.ts';
import type { KnownTemplate } from '../catalogue/originals.ts';

/** moby's own repository: it is cloned before there is a tree that names it. */
export const DEFAULT_PART = 'github.com/moby/moby';

/** `github.com/containerd/containerd` of a clone URL, lower case; as `MirrorKey` writes the part of a git mirror. */
export function partOfUrl(url: string): string | null {
  const [, place] = /^https?:\/\/([^?#]+)/i.exec(url) ?? [];
  if (place === undefined) return null;
  return place
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();
}

/**
 * The git mirrors that may serve one repository, in the order of preference: those that are named for it alone (`git:OWNER/REPO`), else
 * those for all. Pure. Throws as `candidatesOf`.
 * @param url its own, as upstream has it
 */
export function repositoryCandidates(url: string, wishes: MirrorWishes): readonly Candidate[] {
  const part = partOfUrl(url);
  const own = partsOf('git', wishes).filter((candidate) => candidate.part === part);
  return own.length > 0 ? own : candidatesOf('git', wishes.profile, wishes.catalogue, wishes.overrides);
}

/** The repository behind a URL of the tree, which an earlier plan may have rewritten to a mirror that is in use now. Pure. */
export function originalRepository(url: string, wishes: MirrorWishes): string {
  const { profile, catalogue, overrides } = wishes;
  const all = [...partsOf('git', wishes), ...candidatesOf('git', profile, catalogue, overrides)];
  return originalOf('git', url, catalogue, knownTemplates(all));
}

/** The templates of candidates, each with what it stands for where it does not say so itself. */
export function knownTemplates(candidates: readonly Candidate[]): readonly KnownTemplate[] {
  return candidates.flatMap(({ template, entry, part }) =>
    template === null ? [] : [{ template, host: entry?.hosts?.[0], ...(part === undefined ? {} : { part }) }],
  );
}

/**
 * Whether a server keeps each repository under a name of its own, so that it may have one and not the next. An accelerator, which takes the
 * whole URL, passes all of GitHub on; so does one of the catalogue that keeps the path.
 */
export function differsByRepository({ template, entry }: Candidate): boolean {
  if (template === null || template.text.includes('{url}')) return false;
  return entry === null || /\{(?:owner|repo)\}/.test(template.text);
}
