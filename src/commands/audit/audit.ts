import { rangeOf, type RefRange } from '../../config/ref-range.ts';
import { driftOf } from '../../egress/drift.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { auditTree, hostsOf, type Audit, type AuditedTree } from '../../run/audit/audit-tree.ts';
import { findSource } from '../../run/source/get-source.ts';
import { begin } from '../../run/begin.ts';
import { runChain } from '../../run/stage/chain.ts';
import type { Io } from '../../run/stage/io.ts';
import type { Checked } from '../../run/stage/stages.ts';
import { CHECKING } from '../../run/steps.ts';
import { findRef, isBareClone, tagsOf, type CloneRef } from '../../source/clone-refs.ts';
import { GitTrees } from '../../source/git-tree.ts';
import { seriesOfSource } from '../../moby/series.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { AuditReport, TagAudit } from './audit-report.ts';
import { driftDocument, hostsDocument, tagsDocument, treeDocument } from './document.ts';
import type { CommandContext } from '../context/context.ts';
import { offlineOptions } from '../context/offline-options.ts';

/** `moby-build audit`: every place where a tree reaches for the network, and how it is met. Takes no engine, writes nothing. */
export async function audit(given: CommandContext): Promise<AuditReport> {
  const context = { ...given, options: offlineOptions(given.options, given.isGiven) };
  const { options, document } = context;
  const { from: requested, io, notes } = begin('audit', context);
  document['notes'] = notes;
  const checked = await runChain(CHECKING, requested, io);
  const shape = {
    command: 'audit',
    format: options.format === 'markdown' ? 'markdown' : 'table',
    all: options.all,
    notes,
  } as const;
  const range = rangeOf(options.ref);
  if (options.tags !== null) {
    const tags = await auditTags(context, checked, io, options.tags);
    const about = { target: options.target, platform: `linux/${options.arch}`, profile: checked.profile.name };
    Object.assign(document, tagsDocument({ ...about, tags }), { notes });
    return { ...shape, form: 'tags', ...about, tags };
  }
  if (range !== null) {
    const [from, to] = await context.wait(MESSAGES.auditing, () => auditRange(checked, io, range));
    const drift = driftOf(from.points, to.points);
    Object.assign(document, driftDocument(from, to, drift), { notes });
    return { ...shape, form: 'drift', from, to, drift };
  }
  const found = await context.wait(MESSAGES.auditing, async () => {
    const one = await withTree(checked, io, options.ref, (tree) => auditTree(checked, io, tree));
    io.note(...one.notes);
    return { audit: one, hosts: options.hosts ? await hostsOf(checked, io, one) : null };
  });
  const { hosts } = found;
  if (hosts !== null) {
    Object.assign(document, hostsDocument(found.audit, hosts), { notes });
    return { ...shape, form: 'hosts', audit: found.audit, hosts };
  }
  Object.assign(document, treeDocument(found.audit), { notes });
  return { ...shape, form: 'tree', audit: found.audit };
}

/** Gives one tree to `use`: a clone's files (gone afterwards), the user's directory, or a ref of a bare clone. */
async function withTree<T>(
  checked: Checked,
  io: Io,
  ref: string | null,
  use: (tree: AuditedTree) => Promise<T>,
): Promise<T> {
  const { source } = checked.options;
  if (source.kind === 'directory' && ref !== null && (await isBareClone(source.path)))
    return use(await treeAt(new GitTrees(source.path), await findRef(source.path, ref)));
  const temp = makeTempDir('audit');
  try {
    const { found } = await findSource(checked, io, { dir: `${temp.path}/moby`, mode: 'files' }, ref);
    return await use(found);
  } finally {
    temp.remove();
  }
}

/** Both sides, one after the other: from the objects of a local clone, else each cloned as a single ref is. */
async function auditRange(checked: Checked, io: Io, { from, to }: RefRange): Promise<readonly [Audit, Audit]> {
  const { source } = checked.options;
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
        ? await withTree(checked, io, ref, (tree) => auditTree(checked, io, tree))
        : await auditTree(checked, io, await treeAt(new GitTrees(here.dir), here.ref));
    io.note(...side.notes);
    sides.push(side);
  }
  const [first, second] = sides;
  if (first === undefined || second === undefined) throw new Error('two refs, and not two audits');
  return [first, second];
}

async function auditTags(
  context: CommandContext,
  checked: Checked,
  io: Io,
  pattern: string,
): Promise<readonly TagAudit[]> {
  const { source } = checked.options;
  if (source.kind === 'url') throw new Error('--tags without a directory');
  const refs = await tagsOf(source.path, pattern);
  return context.wait(MESSAGES.auditingTags(refs.length), async () => {
    const trees = new GitTrees(source.path);
    const tags: TagAudit[] = [];
    for (const ref of refs) tags.push(await auditTag(checked, io, trees, ref));
    return tags;
  });
}

/** Only the totals are kept: memory does not grow with the number of tags. A tree that is not moby's is a row that says so. */
async function auditTag(checked: Checked, io: Io, trees: GitTrees, { ref, commit }: CloneRef): Promise<TagAudit> {
  const tree = await treeAt(trees, { ref, commit });
  const about = { ref, commit, series: tree.series?.name ?? null };
  try {
    const { totals, unknown } = await auditTree(checked, io, tree);
    return { ...about, totals, unknownInside: unknown.filter(({ inClosure }) => inClosure).length, error: null };
  } catch (cause) {
    if (!(cause instanceof MobyBuildError) || cause.exitCode !== EXIT.tree) throw cause;
    return { ...about, totals: null, unknownInside: 0, error: cause };
  }
}

async function treeAt(trees: GitTrees, { ref, commit }: CloneRef): Promise<AuditedTree> {
  const files = await trees.read(commit);
  return { files, ref, commit, series: seriesOfSource(ref, commit, files) };
}
