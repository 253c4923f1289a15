import type { EgressPoint, MirrorKind, Note } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { imageGiven, isLeftOut } from '../candidates/given-images.ts';
import { isImportPath } from '../candidates/import-path.ts';
import { suiteFacts } from '../catalogue/suites.ts';
import { decideAptSource } from './resolve-apt.ts';
import { aptOutside, isDebianSuite } from './resolve-apt-outside.ts';
import { decideFrozen } from './resolve-frozen.ts';
import { decideNamed, none, type Decision } from './resolve-named.ts';
import { decidePip } from './resolve-pip.ts';
import { decideRedirect } from './resolve-redirect.ts';
import type { TreeChoices } from './resolve-tree.ts';

/** What deciding the points adds up to. */
export interface Told {
  readonly notes: Note[];
  /** The mirrors that a point in use was given, each once for a kind. */
  readonly used: Map<MirrorKind, Candidate>;
}

/** How one egress point is met; adds to `told`. */
export function decidePoint(point: EgressPoint, tree: TreeChoices, told: Told): Decision {
  const pin = tree.input.pins?.get(point.id);
  if (pin !== undefined) {
    const { candidate, ...pinned } = pin;
    if (candidate !== null && tree.active(point))
      told.used.set(point.kind === 'frontend' ? 'frontend' : 'image', candidate);
    return pinned;
  }
  switch (point.kind) {
    case 'frontend':
      return named(point, 'frontend', tree.frontends, tree, told);
    case 'image':
      return decideImage(point, tree, told);
    case 'git': {
      const list = tree.repositories(point);
      if (tree.recipe && !isRecipeClone(point) && !list.some((each) => each.byFlag)) return leftByRecipe();
      return point.anchor === null ? redirect(point, tree, told) : named(point, 'git', list, tree, told);
    }
    case 'http':
      return named(point, 'http', tree.candidates('http'), tree, told);
    case 'apt':
      return decideAptPoint(point, tree);
    case 'apt-source':
      return decideAddedSource(point, tree, told);
    case 'gomod':
      return decideModules(point, tree, told);
    case 'pip':
      return decidePip(point, tree.candidates('pip'), tree.untouched, tree.inBase.has(point.stage));
    case 'frozen-image': {
      const list = tree.order('image', tree.frozen[0]?.id ?? point.id, tree.candidates('image'));
      if (tree.untouched && list.length === 0) return asItIs();
      return tree.recipe ? leftByRecipe() : decideFrozen(point, tree.frozen, list);
    }
  }
}

/** What go get without modules clones asks no proxy. */
export function asksProxy(point: EgressPoint): boolean {
  return point.kind === 'gomod' && !isImportPath(point);
}

function named(
  point: EgressPoint,
  kind: MirrorKind,
  list: readonly Candidate[],
  tree: TreeChoices,
  told: Told,
): Decision {
  if (tree.untouched && list.length === 0) return asItIs();
  const notes = tree.active(point) ? told.notes : [];
  const { chosen, ...decision } = decideNamed(
    point,
    kind,
    tree.order(kind, point.id, list),
    tree.input.catalogue,
    notes,
  );
  if (chosen !== null && tree.active(point)) told.used.set(kind, chosen);
  return decision;
}

function redirect(point: EgressPoint, tree: TreeChoices, told: Told): Decision {
  const list = tree.candidates('git');
  if (tree.untouched && list.length === 0) return asItIs();
  const notes = tree.active(point) ? told.notes : [];
  // One host is asked in the place of another for all that a stage does: what the whole tree shares.
  const { chosen, ...decision } = decideRedirect(point, tree.order('git', null, list), tree.input.catalogue, notes);
  if (chosen !== null && tree.active(point)) told.used.set('git', chosen);
  return decision;
}

function decideImage(point: EgressPoint, tree: TreeChoices, told: Told): Decision {
  const { images, without } = tree.input;
  const name = tree.names.get(point.id);
  const given = imageGiven(images, name, point.anchor?.text);
  if (given !== undefined) return { via: 'mirror', mirror: 'flag', to: given, reason: `--image ${name ?? ''}` };
  if (name !== undefined && isLeftOut(name, without)) {
    const reason = `left out by --without ${name.split('/').at(-1) ?? ''}`;
    return { via: 'dropped', mirror: null, to: null, reason };
  }
  return named(point, 'image', tree.candidates('image'), tree, told);
}

function decideAptPoint(point: EgressPoint, { leaveApt, apt, inBase, recipe }: TreeChoices): Decision {
  if (leaveApt) return asItIs();
  if (apt !== null && 'miss' in apt) return none(apt.miss);
  if (apt === null || !inBase.has(point.stage)) return aptOutside(point, apt, recipe);
  return { via: apt.via, mirror: apt.mirror, to: null, reason: apt.reason };
}

function decideAddedSource(point: EgressPoint, tree: TreeChoices, told: Told): Decision {
  const { move, apt } = tree;
  if (move !== null && point.suite !== undefined && suiteFacts(point.suite)?.codename === move.from)
    return decideAptSource(point, tree.aptCandidates, move);
  const bySuite = tree.aptParts.length > 0;
  if (tree.untouched && !tree.byFlag('apt') && !bySuite) return asItIs();
  if (tree.recipe && !tree.byFlag('apt') && !bySuite) return leftByRecipe();
  // A source of somebody else's is a download like any other.
  if (!isDebianSuite(point)) return named(point, 'http', tree.candidates('http'), tree, told);
  const inBase = apt !== null && !('miss' in apt) && tree.inBase.has(point.stage) ? apt : null;
  return decideAptSource(point, tree.order('apt', point.id, tree.candidates('apt')), move, inBase, tree.aptParts);
}

function decideModules(point: EgressPoint, tree: TreeChoices, told: Told): Decision {
  const { go } = tree;
  if (!asksProxy(point)) return tree.recipe ? leftByRecipe() : redirect(point, tree, told);
  if (tree.untouched && !tree.byFlag('gomod')) return asItIs();
  if (go === null) return none('the profile names no mirror for gomod');
  if (go.value === null) return { via: 'upstream', mirror: null, to: null, reason: go.reason };
  if (point.anchor === null && !tree.inBase.has(point.stage))
    return none('its stage does not stand on base, where GOPROXY is set');
  return { via: 'mirror', mirror: go.mirror, to: go.value, reason: go.reason };
}

/** The four clones of the recipe: those in the installers of containerd, proxy, runc and tini. */
function isRecipeClone(point: EgressPoint): boolean {
  return point.inClosure && /(?:^|\/)(?:containerd|proxy|runc|tini)\.installer$/.test(point.file);
}

function asItIs(): Decision {
  return { via: 'upstream', mirror: null, to: null, reason: 'left as the tree has it' };
}

function leftByRecipe(): Decision {
  return none('the recipe leaves it');
}
