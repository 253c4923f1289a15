import { rangeOf, type RefRange } from '../config/ref-range.ts';
import { driftOf } from '../egress/drift.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { auditTree, hostsOf, type Audit, type AuditedTree } from '../pipeline/audit-tree.ts';
import { chooseMirrors } from '../pipeline/choose-mirrors.ts';
import { findSource } from '../pipeline/get-source.ts';
import { addNotes, newState, type RunState } from '../pipeline/state.ts';
import { findRef, isBareClone, tagsOf, type CloneRef } from '../source/clone-refs.ts';
import { GitTrees } from '../source/git-tree.ts';
import { seriesOfRef, seriesOfTree } from '../source/series.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import { MESSAGES } from '../ui/messages.ts';
import type { AuditReport, TagAudit } from './audit-report.ts';
import { driftDocument, hostsDocument, tagsDocument, treeDocument } from './audit/document.ts';
import type { CommandContext } from './context.ts';

/** `moby-build audit`: every place where a tree reaches for the network, and how it is met. Takes no engine, writes nothing. */
export async function audit(context: CommandContext): Promise<AuditReport> {
  const { options, document } = context;
  const state = newState(context);
  document['notes'] = state.notes;
  await chooseMirrors(state);
  const { invocation } = context;
  const shape = { command: 'audit', invocation, format: options.format, all: options.all, notes: state.notes } as const;
  const range = rangeOf(options.ref);
  if (options.tags !== null) {
    const tags = await auditTags(context, state, options.tags);
    const about = { target: options.target, platform: `linux/${options.arch}`, profile: state.profile?.name ?? '' };
    Object.assign(document, tagsDocument({ ...about, tags }), { notes: state.notes });
    return { ...shape, form: 'tags', ...about, tags };
  }
  if (range !== null) {
    const [from, to] = await context.wait(MESSAGES.auditing, () => auditRange(state, range));
    const drift = driftOf(from.points, to.points);
    Object.assign(document, driftDocument(from, to, drift), { notes: state.notes });
    return { ...shape, form: 'drift', from, to, drift };
  }
  const found = await context.wait(MESSAGES.auditing, async () => {
    const one = await withTree(state, options.ref, (tree) => auditTree(state, tree));
    addNotes(state, one.notes);
    return { audit: one, hosts: options.hosts ? await hostsOf(state, one) : null };
  });
  const { hosts } = found;
  if (hosts !== null) {
    Object.assign(document, hostsDocument(found.audit, hosts), { notes: state.notes });
    return { ...shape, form: 'hosts', audit: found.audit, hosts };
  }
  Object.assign(document, treeDocument(found.audit), { notes: state.notes });
  return { ...shape, form: 'tree', audit: found.audit };
}

/** Gives one tree to `use`: a clone's files (gone afterwards), the user's directory, or a ref of a bare clone. */
async function withTree<T>(state: RunState, ref: string | null, use: (tree: AuditedTree) => Promise<T>): Promise<T> {
  const { source } = state.options;
  if (source.kind === 'directory' && ref !== null && (await isBareClone(source.path)))
    return use(await treeAt(new GitTrees(source.path), await findRef(source.path, ref)));
  const temp = makeTempDir('audit');
  try {
    const { found } = await findSource(state, { dir: `${temp.path}/moby`, mode: 'files', say: () => undefined }, ref);
    return await use(found);
  } finally {
    temp.remove();
  }
}

/** Both sides, one after the other: from the objects of a local clone, else each cloned as a single ref is. */
async function auditRange(state: RunState, { from, to }: RefRange): Promise<readonly [Audit, Audit]> {
  const { source } = state.options;
  const sides: Audit[] = [];
  // Both are looked up before any is read.
  const local =
    source.kind === 'directory'
      ? [await findRef(source.path, from), await findRef(source.path, to)].map((ref) => ({ ref, dir: source.path }))
      : null;
  for (const [index, ref] of [from, to].entries()) {
    const here = local?.[index];
    const side =
      here === undefined
        ? await withTree(state, ref, (tree) => auditTree(state, tree))
        : await auditTree(state, await treeAt(new GitTrees(here.dir), here.ref));
    addNotes(state, side.notes);
    sides.push(side);
  }
  const [first, second] = sides;
  if (first === undefined || second === undefined) throw new Error('two refs, and not two audits');
  return [first, second];
}

async function auditTags(context: CommandContext, state: RunState, pattern: string): Promise<readonly TagAudit[]> {
  const { source } = state.options;
  if (source.kind === 'url') throw new Error('--tags without a directory');
  const refs = await tagsOf(source.path, pattern);
  return context.wait(MESSAGES.auditingTags(refs.length), async () => {
    const trees = new GitTrees(source.path);
    const tags: TagAudit[] = [];
    for (const ref of refs) tags.push(await auditTag(state, trees, ref));
    return tags;
  });
}

/** Only the totals are kept: memory does not grow with the number of tags. A tree that is not moby's is a row that says so. */
async function auditTag(state: RunState, trees: GitTrees, { ref, commit }: CloneRef): Promise<TagAudit> {
  const tree = await treeAt(trees, { ref, commit });
  const about = { ref, commit, series: tree.series?.name ?? null };
  try {
    const { totals, unknown } = await auditTree(state, tree);
    return { ...about, totals, unknownInside: unknown.filter(({ inClosure }) => inClosure).length, error: null };
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || cause.exitCode !== EXIT.tree) throw cause;
    return { ...about, totals: null, unknownInside: 0, error: cause };
  }
}

async function treeAt(trees: GitTrees, { ref, commit }: CloneRef): Promise<AuditedTree> {
  const files = await trees.read(commit);
  return { files, ref, commit, series: seriesOfRef(ref) ?? seriesOfTree(files) };
}
