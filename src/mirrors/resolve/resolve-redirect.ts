import type { EgressPoint, Note } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { knownTemplates } from '../candidates/repositories.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { originalOf } from '../catalogue/originals.ts';
import { decideNamed, none, type Decision } from './resolve-named.ts';
import { expandUrl, splitUrl } from '../catalogue/template.ts';

/**
 * A clone that no text of the tree names: submodules, and `go get` without modules. git is told to ask a mirror in the place of the
 * host (`url.….insteadOf`), so the mirror must keep the path as it is.
 * @param point of kind git without an anchor, or one that `isImportPath` takes
 */
export function decideRedirect(
  point: EgressPoint,
  candidates: readonly Candidate[],
  catalogue: Catalogue,
  notes: Note[],
): Decision & { readonly chosen: Candidate | null } {
  const original =
    point.kind === 'gomod'
      ? `https://${point.module ?? ''}`
      : originalOf('git', point.url, catalogue, knownTemplates(candidates));
  const upstream = splitUrl(original);
  if (upstream === null) return { ...none(`${original} is not asked by http`), chosen: null };
  if (point.kind === 'gomod' && upstream.host !== 'github.com')
    return {
      ...none(`go get asks ${upstream.host} itself where the repository is, whatever GOPROXY says`),
      chosen: null,
    };
  // git is told once for all of a host's repositories, and some of them are named without .git.
  const samples = [
    upstream,
    ...['a/b', 'a/b.git'].map((path) => ({ ...upstream, path, url: original.replace(upstream.path, path) })),
  ];
  const keepsPath = candidates.filter(
    ({ template }) =>
      template === null || samples.every((sample) => expandUrl(template, sample).endsWith(`/${sample.path}`)),
  );
  if (keepsPath.length === 0 && candidates.length > 0)
    return { ...none(`no mirror of the profile can stand for all of ${upstream.host}, paths unchanged`), chosen: null };
  const decision = decideNamed(point, 'git', keepsPath, catalogue, notes, original);
  const { via, to } = decision;
  if (via === 'upstream' && point.url !== original)
    return { ...none('an earlier rewrite sends git elsewhere; take the tree as it came'), chosen: null };
  if (via !== 'mirror' || to === null) return { ...decision, to: null };
  return {
    ...decision,
    redirect: { base: to.slice(0, -upstream.path.length), prefix: original.slice(0, -upstream.path.length) },
  };
}

/**
 * An ADD of a repository brings its submodules along, fetched by the engine, which heeds no setting of git's (BuildKit,
 * util/gitutil/git_cli.go). Where git is told in that stage, the ADD leaves them to it.
 * @param decided what was decided for the points of the tree
 */
export function withoutSubmodules(
  point: EgressPoint,
  decision: Decision,
  points: readonly EgressPoint[],
  decided: ReadonlyMap<string, Decision>,
): Decision {
  const { to } = decision;
  if (point.kind !== 'git' || point.anchor?.text.includes('?') !== true || to === null || to.includes('submodules='))
    return decision;
  const told = points.some(
    ({ id, kind, stage }) => kind === 'git' && stage === point.stage && decided.get(id)?.redirect !== undefined,
  );
  return told ? { ...decision, to: `${to}&submodules=false` } : decision;
}
