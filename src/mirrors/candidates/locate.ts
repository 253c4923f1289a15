import type { MirrorKind } from '../../types.ts';
import { findMirror, type Catalogue } from '../catalogue/catalogue.ts';
import type { Candidate } from './candidates.ts';
import { parseImageReference } from '../../image-reference.ts';
import { expandImageTemplate, expandUrl, splitUrl, type MirrorTemplate } from '../catalogue/template.ts';
import { suiteAddress } from './suite-places.ts';
import { officialTemplate, type Officials } from './official.ts';
import type { Need, WantedSuite } from './need.ts';

/** A candidate as reports and kept choices name it: its id in the catalogue, `official`, or the value itself. */
export function nameOf(candidate: Candidate): string {
  if (candidate.via === 'dropped') return 'builtin';
  return candidate.entry?.id ?? candidate.template?.text ?? 'official';
}

/** Where one object is at one mirror: URLs to ask, in the terms of its kind. */
export type Place =
  | { readonly is: 'suites'; readonly bases: readonly (readonly [WantedSuite, base: string])[]; readonly arch: string }
  | { readonly is: 'repository'; readonly url: string; readonly ref: string | null }
  | { readonly is: 'module'; readonly proxy: string; readonly path: string; readonly version: string }
  | { readonly is: 'image'; readonly reference: string; readonly platform: string }
  | { readonly is: 'file'; readonly url: string };

/** Finds the object at the mirror, by the same rules as the rewriting, or says why nobody can be asked. Pure. */
export function locate(
  candidate: Candidate,
  need: Need,
  catalogue: Catalogue,
  officials: Officials,
): { readonly base: string; readonly place: Place } | { readonly base: string; readonly miss: string } {
  const official = candidate.template === null;
  const entry = candidate.entry ?? (official ? (findMirror(catalogue, need.kind, 'official') ?? null) : null);
  const template = official
    ? entry === null
      ? null
      : officialTemplate(need.kind, entry, officials)
    : templateOf(candidate, need.kind, officials);
  const base = template?.text ?? 'official';
  const { wanted } = need;
  if (template === null && entry?.template.startsWith('<') === true)
    return { base, miss: "this machine's configuration does not name it; --profile upstream takes it unmeasured" };
  switch (wanted.is) {
    case 'suites': {
      const bases = wanted.suites.map((suite): readonly [WantedSuite, string | null] => [
        suite,
        suiteBase(suite, template, entry),
      ]);
      const [missing] = bases.find(([, at]) => at === null) ?? [];
      if (missing !== undefined) {
        const what = missing.archived ? 'no archived suites' : 'archived suites only';
        return { base, miss: `it has ${what} as far as is known` };
      }
      const isPart = candidate.part !== undefined && candidate.entry === null;
      const known = bases.map(([suite, at]): readonly [WantedSuite, string] => [
        suite,
        suiteAddress(suite, at ?? '', isPart).replace(/\/+$/u, ''),
      ]);
      return { base, place: { is: 'suites', bases: known, arch: wanted.arch } };
    }
    case 'repository':
    case 'file': {
      const upstream = splitUrl(wanted.url);
      const hosts = entry?.hosts ?? (need.kind === 'git' && entry !== null ? ['github.com'] : null);
      if (upstream === null) return { base, miss: 'it needs an http or https URL' };
      if (hosts !== null && !official && !hosts.includes(upstream.host))
        return { base, miss: `it does not stand for ${upstream.host}` };
      // The official host of a clone or a download is the one that the tree names, unless the catalogue says where it is.
      const url = template === null || (official && need.kind === 'http') ? wanted.url : expandUrl(template, upstream);
      return { base, place: wanted.is === 'file' ? { is: 'file', url } : { is: 'repository', url, ref: wanted.ref } };
    }
    case 'module': {
      if (template === null) return { base, miss: 'no catalogue entry says where it is' };
      const [proxy = ''] = template.text.split(/[,|]/u);
      if (!/^https?:/u.test(proxy)) return { base, miss: `${proxy} is no proxy that can be asked` };
      return {
        base,
        place: { is: 'module', proxy: proxy.replace(/\/+$/u, ''), path: wanted.path, version: wanted.version },
      };
    }
    case 'image': {
      const parsed = parseImageReference(wanted.reference);
      if (official && entry === null) return { base, place: { ...wanted, is: 'image' } };
      if (parsed !== null && parsed.host !== 'docker.io' && !(template?.text.includes('{host}') ?? false))
        return official
          ? { base, place: { ...wanted, is: 'image' } }
          : { base, miss: `it stands for Docker Hub, not for ${parsed.host}` };
      const reference = template === null ? null : expandImageTemplate(template, wanted.reference);
      if (reference === null) return { base, miss: 'the name of the image is a variable' };
      return { base, place: { is: 'image', reference, platform: wanted.platform } };
    }
  }
}

/** An entry of the catalogue that is official may write its host as a default of the tool's. */
function templateOf({ template, entry }: Candidate, kind: MirrorKind, officials: Officials): MirrorTemplate | null {
  return entry?.official === true ? officialTemplate(kind, entry, officials) : template;
}

/** The base before `/debian` for a suite; null where the mirror is not known to have it. */
function suiteBase(
  { archived }: WantedSuite,
  template: MirrorTemplate | null,
  entry: Candidate['entry'],
): string | null {
  if (entry === null) return template?.text ?? null;
  if (archived) return entry.archive ?? null;
  return entry.normal === false ? null : (template?.text ?? null);
}
