import { componentArgs } from '../components/choose.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import type { Resolutions } from '../mirrors/resolve/resolutions.ts';
import type { ComponentChoice, MetPoint, Note, Plan, PlannedPatch, Scan, ScanOptions, Tree } from '../types.ts';
import { conditionsOf, type DecidedPoint } from './operations/conditions.ts';
import { makePatches, treeAfter, type ConcernRun } from './patches.ts';
import { prove } from './prove.ts';
import type { RuleRun } from './operations/rule-run.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { runRule } from './operations/run-rule.ts';
import { SOURCE_DATE, takesSourceDate } from './source-date.ts';
import { totalsOf } from './totals.ts';
import { valuesOf, type MadeBase } from './rules/values.ts';

export interface PlanInput {
  readonly tree: Tree;
  /** The patches that `tree` has already, and that belong to the plan: none unless told. */
  readonly before?: readonly PlannedPatch[] | undefined;
  /** `scan(tree, scanOptions)`, where the options hold the build arguments of `components`. */
  readonly scan: Scan;
  readonly scanOptions: ScanOptions;
  /** `resolveMirrors({ scan, … })`. */
  readonly resolutions: Resolutions;
  readonly rules: RuleSet;
  /** `chooseComponents(tree, …)`: none unless told. */
  readonly components?: readonly ComponentChoice[] | undefined;
  /** The mirrors want logins, which the steps shall see. */
  readonly logins?: boolean | undefined;
  /** Packages and modules lie in folders of the tree, which the steps shall see: neither unless told. */
  readonly mounted?: { readonly apt: boolean; readonly go: boolean } | undefined;
  /** The stages that are put above the tree's own in place of images: none unless told. */
  readonly base?: MadeBase | null | undefined;
  /** PEM text of authorities that the stages shall believe besides those of their images: none unless told. */
  readonly certificates?: string | null | undefined;
  /** What is stamped as the time of the build, seconds since 1970: the time of the build itself unless told. */
  readonly sourceDate?: string | null | undefined;
  readonly ref: string;
  readonly commit: string | null;
  /** `20.10` */
  readonly series: string;
  /** Name of the profile, for reports. */
  readonly profile: string;
}

const DOCKERFILE = 'Dockerfile';

/**
 * Makes the plan: every edit as an exact splice, grouped into one patch for each concern, proven by a fresh scan of the
 * result. Pure. The second time, over a tree that has the patches, there are none, and a note says so.
 * Throws MobyBuildError (4): `not-moby`, `rule-mismatch`, `edits-overlap`, `proof-failed`; the tree is never half changed.
 */
export function makePlan(input: PlanInput): Plan {
  const { tree, scan, resolutions, rules, components = [], certificates = null, base = null } = input;
  const text = tree.get(DOCKERFILE)?.text;
  if (text === undefined) {
    throw new MobyBuildError({
      code: 'not-moby',
      exitCode: EXIT.tree,
      message: 'The tree has no Dockerfile.',
      where: DOCKERFILE,
    });
  }
  const points = scan.points.map((point, index): DecidedPoint => {
    const resolution = resolutions.points[index];
    if (resolution?.pointId !== point.id) throw new Error(`the resolutions are not those of this scan: ${point.id}`);
    return { point, resolution };
  });
  const dockerfile = parseDockerfile(text, DOCKERFILE);
  // The recipe is its own edits, and no other.
  const date = takesSourceDate(dockerfile) && !resolutions.recipe ? (input.sourceDate ?? null) : null;
  const told = {
    logins: input.logins === true,
    certificates: certificates !== null,
    'source-date': date !== null,
    'apt-folder': input.mounted?.apt === true,
    'go-folder': input.mounted?.go === true,
    base: base !== null,
  };
  const conditions = conditionsOf(resolutions, points, dockerfile, components, told);
  const context = {
    tree,
    dockerfile,
    points,
    components,
    values: valuesOf(resolutions, rules.templates, certificates, base),
  };
  let order = 0;
  const runs = rules.concerns.map((concern): ConcernRun => ({
    concern,
    runs: concern.rules.flatMap((rule): readonly RuleRun[] => {
      order += 1;
      if (!rule.when.every((name) => conditions.has(name))) return [];
      return [runRule(rule, { ...context, order })];
    }),
  }));
  const { before = [] } = input;
  const patches = [...before, ...makePatches(tree, runs, points, before.length)];
  const after = treeAfter(patches);
  const becomes = prove(new Map([...tree, ...after]), scan, input.scanOptions, resolutions);

  const met = points.map(({ point, resolution }): MetPoint => ({
    ...point,
    via: resolution.via,
    mirror: resolution.mirror,
    reason: resolution.reason,
  }));
  return {
    ref: input.ref,
    commit: input.commit,
    series: input.series,
    target: scan.target,
    platform: scan.platform,
    profile: input.profile,
    points: met,
    becomes,
    totals: totalsOf(met, scan.unknown.length),
    patches,
    components,
    buildArgs: { ...componentArgs(components), ...(date === null ? {} : { [SOURCE_DATE]: date }) },
    notes: [
      ...resolutions.notes,
      ...alreadyNote(runs, patches.length, resolutions.held),
      ...uncoveredNote(met, input.profile),
    ],
    after,
  };
}

function alreadyNote(runs: readonly ConcernRun[], patches: number, held: readonly string[]): readonly Note[] {
  const found = runs
    .filter((item) => item.runs.some(({ already }) => already > 0))
    .map(({ concern }) => concern.concern);
  const names = [...new Set([...held, ...found])];
  if (names.length === 0) return [];
  const what = patches === 0 ? 'nothing changes' : 'only the rest changes';
  return [
    { level: 'info', code: 'already-applied', message: `The tree has this already: ${names.join(', ')}; ${what}.` },
  ];
}

function uncoveredNote(points: readonly MetPoint[], profile: string): readonly Note[] {
  const open = points.filter(({ inClosure, via }) => inClosure && via === 'none');
  if (open.length === 0) return [];
  const list = open.map(({ file, line, url, reason }) => `  ${file}:${String(line)} ${url} (${reason})`);
  const one = open.length === 1;
  return [
    {
      level: 'warning',
      code: 'uncovered',
      message: `${String(open.length)} ${one ? 'egress point in the closure is' : 'egress points in the closure are'} left unchanged:\n${list.join('\n')}`,
      hint: `Give a mirror for each with --mirror, --image or --frontend${profile === 'cn' ? '' : ', or take --profile cn'}.`,
    },
  ];
}
