import { scan } from '../../egress/scan.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';
import { makePlan } from '../../patching/plan.ts';
import { loadRuleSet, type RuleSet } from '../../patching/rules/rule-set.ts';
import { totalsOf } from '../../patching/totals.ts';
import type { Resolution } from '../../mirrors/resolve/resolutions.ts';
import type { MetPoint, Note, Plan, Scan, ScanOptions, Totals, Tree } from '../../types.ts';
import type { MakeTarget } from '../../moby/make-target.ts';
import { makeTargetIn } from '../source/target-in.ts';
import { shapeNote } from '../../moby/series.ts';
import { askedHosts } from './asked-hosts.ts';
import { contactedHosts, type HostUse } from './contacted-hosts.ts';
import type { FoundSource } from '../source/get-source.ts';
import { decide } from '../plan/make-plan.ts';
import type { Io } from '../stage/io.ts';
import type { Checked } from '../stage/stages.ts';

/** Where one tree reaches for the network, and how each place is met. */
export interface Audit {
  readonly ref: string;
  /** null for a tree without git. */
  readonly commit: string | null;
  /** null: of no series that is known. */
  readonly series: string | null;
  /** The stage that was asked for. */
  readonly target: string;
  readonly platform: string;
  readonly profile: string;
  readonly points: readonly MetPoint[];
  readonly unknown: Scan['unknown'];
  readonly totals: Totals;
  /** What came up with this tree. */
  readonly notes: readonly Note[];
  /** What `hostsOf` needs: the tree rewritten, and by what. null: it is not. */
  readonly rewritten: { readonly tree: Tree; readonly resolutions: Resolutions } | null;
  readonly scan: Scan;
  readonly scanOptions: ScanOptions;
}

export type AuditedTree = Pick<FoundSource, 'files' | 'ref' | 'commit' | 'series'>;

let rules: RuleSet | null = null;

/**
 * Scans a tree of any series and says how each point is met. What is said of a rewrite is proven as in a plan: where the tree cannot be
 * rewritten so, the places that would have to change are met by nobody, and a note says why.
 *
 * @throws MobyBuildError as `scan` (4) and `resolveMirrors` (2, 3) say
 */
export async function auditTree(from: Checked, io: Io, tree: AuditedTree): Promise<Audit> {
  const { options } = from;
  const notes: Note[] = [tree.series === null ? unknownSeries(tree.ref) : shapeNote(tree.ref, tree.series)].filter(
    (note) => note !== null,
  );
  const target = stageOf(tree, options);
  notes.push(...target.notes);
  const buildArgs = { ...target.buildArgs, ...options.buildArgs };
  const scanOptions = { target: target.stage, arch: options.arch, buildArgs };
  const found = scan(tree.files, scanOptions);
  const resolutions = await decide(from, io, found);
  rules ??= loadRuleSet();
  const profile = from.profile.name;
  let plan: Plan | null = null;
  let points: readonly MetPoint[];
  try {
    plan = makePlan({
      tree: tree.files,
      scan: found,
      scanOptions,
      resolutions,
      certificates: from.network.stageCertificates,
      rules,
      ref: tree.ref,
      commit: tree.commit,
      series: tree.series?.name ?? '',
      profile,
    });
    points = plan.points;
    // Who is left to nobody stands in the table, and in the error.
    notes.push(...plan.notes.filter(({ code }) => code !== 'uncovered'));
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || cause.exitCode !== EXIT.tree) throw cause;
    points = leftToNobody(found, resolutions);
    notes.push(...resolutions.notes, notRewritten(tree, profile, cause));
  }
  return {
    ref: tree.ref,
    commit: tree.commit,
    series: tree.series?.name ?? null,
    target: found.target,
    platform: found.platform,
    profile,
    points,
    unknown: found.unknown,
    totals: totalsOf(points, found.unknown.length),
    notes,
    rewritten: plan === null ? null : { tree: new Map([...tree.files, ...plan.after]), resolutions },
    scan: found,
    scanOptions,
  };
}

/** The hosts that a build contacts, found by a scan of the tree as it would be, those that it may ask, and those that the tree names. */
export async function hostsOf(
  from: Checked,
  io: Io,
  { scan: before, rewritten, scanOptions }: Audit,
): Promise<readonly HostUse[]> {
  const asked = await askedHosts(from, io, before);
  if (rewritten === null) return contactedHosts(before, before, null, asked);
  return contactedHosts(before, scan(rewritten.tree, scanOptions), rewritten.resolutions, asked);
}

/** What is scanned for a target; a tree of no known series is taken at its word. */
function stageOf(
  { series, files }: AuditedTree,
  { target, withDeps }: Checked['options'],
): Pick<MakeTarget, 'stage' | 'buildArgs'> & { readonly notes: readonly Note[] } {
  if (series === null) return { stage: target, buildArgs: {}, notes: [] };
  const made = makeTargetIn(files, series, target, withDeps);
  const { stage, buildArgs } = made.target;
  if (series.builtBy !== 'docker-run') return { stage, buildArgs, notes: made.notes };
  const whole: Note = {
    level: 'info',
    code: 'whole-dockerfile',
    message: `make ${made.target.name} of moby ${series.name} builds the whole Dockerfile, so what its last stage, ${stage}, reaches is what counts.`,
  };
  return { stage, buildArgs, notes: [...made.notes, whole] };
}

/** Points as they are where no rule changes the tree: those that would have to change are met by nobody. */
function leftToNobody(found: Scan, resolutions: Resolutions): readonly MetPoint[] {
  return found.points.map((point, index): MetPoint => {
    const resolution = resolutions.points[index];
    if (resolution === undefined) throw new Error(`nothing was decided for ${point.id}`);
    const { via, mirror, reason } = resolution;
    if (!changes(resolution) && !(point.kind === 'apt' && resolutions.apt !== null))
      return { ...point, via, mirror, reason };
    return { ...point, via: 'none', mirror: null, reason: `the tree cannot be rewritten; it would be: ${reason}` };
  });
}

function changes({ via, to }: Resolution): boolean {
  return to !== null || via === 'mirror' || via === 'dropped';
}

function unknownSeries(ref: string): Note {
  return {
    level: 'warning',
    code: 'unknown-series',
    message: `${ref} is of no series of moby that is known here; it is scanned by the same rules.`,
    hint: 'patch and build refuse it: how it makes its binaries is not known.',
  };
}

function notRewritten({ ref, series }: AuditedTree, profile: string, cause: MobyBuildError): Note {
  const [first = '', second] = cause.message.split('\n');
  return {
    level: 'warning',
    code: 'not-rewritten',
    message:
      series === null
        ? `${ref} cannot be rewritten as profile ${profile} says.`
        : `${ref} cannot be rewritten as profile ${profile} says: ${first}${second === undefined ? '' : ` ${second.trim()}`}`,
    hint: 'Places that would have to change are shown as met by nobody. --profile direct shows the tree as it is.',
  };
}
