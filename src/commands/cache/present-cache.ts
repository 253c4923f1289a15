import { NEXT } from '../../next-command.ts';
import type { CachedSource, CacheReport } from './document.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { size } from '../../ui/amounts.ts';
import type { Colours } from '../../ui/colours.ts';
import { formatOwnError } from '../../ui/errors.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import { textTable } from '../../ui/table.ts';

/** The store for people: a table on stdout for `ls`, which asks for it; words for `verify` and `prune`. */
export function presentCache(report: CacheReport, colours: Colours, quiet: boolean): Presentation {
  switch (report.action) {
    case 'ls':
      return presentList(report, quiet);
    case 'verify':
      return presentChecked(report, colours, quiet);
    case 'prune':
      return presentPruned(report, quiet);
  }
}

function presentList({ store, entries, parts }: CacheReport, quiet: boolean): Presentation {
  const table = entries.length === 0 ? '' : `${sourceTable(entries)}\n`;
  const last = entries.length === 0 ? MESSAGES.storeEmpty(store) : MESSAGES.storeHolds(size(bytesOf(entries)), store);
  const more = parts.files === 0 ? '' : `${MESSAGES.baseParts(parts.files, size(parts.bytes))}\n`;
  return { stdout: table, isText: true, stderr: '', closing: quiet ? '' : `${last}\n${more}`, ...done };
}

function presentChecked({ store, entries, remains }: CacheReport, colours: Colours, quiet: boolean): Presentation {
  const damaged = entries.filter(({ faults }) => faults !== null && faults.length > 0);
  if (damaged.length === 0) {
    const words = entries.length === 0 ? MESSAGES.storeEmpty(store) : MESSAGES.storeSound(entries.length);
    return { stdout: '', stderr: quiet ? '' : `${words}\n`, ...done };
  }
  const lines = damaged.map(
    ({ record, commit, faults }) => `  ${record?.upstream ?? commit}: ${(faults ?? []).join('; ')}`,
  );
  const error = new MobyBuildError({
    code: 'store-damaged',
    exitCode: EXIT.failed,
    message: `${String(damaged.length)} of ${String(entries.length)} stored sources are damaged and were moved away:\n${lines.join('\n')}`,
    where: remains.at(-1) ?? store,
    hint: 'The next build fetches them anew. If it happens again, look at the disk.',
    command: NEXT.pruneDamaged(),
  });
  return { stdout: '', stderr: formatOwnError(error, colours, []), exitCode: EXIT.failed, error };
}

function presentPruned({ store, entries, parts, remains, removed }: CacheReport, quiet: boolean): Presentation {
  const chosen = entries.filter((entry) => entry.chosen);
  if (quiet || (chosen.length === 0 && parts.chosen === 0 && remains.length === 0 && !removed)) {
    const words = entries.length === 0 ? MESSAGES.storeEmpty(store) : MESSAGES.nothingOld;
    return { stdout: '', stderr: quiet ? '' : `${words}\n`, ...done };
  }
  const table = chosen.length === 0 ? '' : `${sourceTable(chosen)}\n\n`;
  const left = remains.map((path) => `${MESSAGES.remains(path)}\n`).join('');
  const old = parts.chosen === 0 ? '' : `${MESSAGES.baseParts(parts.chosen, size(parts.chosenBytes))}\n`;
  const freed = bytesOf(chosen) + parts.chosenBytes;
  const last = removed ? MESSAGES.freed(size(freed)) : MESSAGES.cleanNeedsYes;
  return { stdout: '', stderr: `${table}${old}${left}${last}\n`, ...done };
}

function sourceTable(entries: readonly CachedSource[]): string {
  return textTable(
    ['source', 'tag', 'commit', 'size', 'used'],
    entries.map(({ record, commit, bytes, used }) => [
      nameOf(record?.upstream ?? '?'),
      record?.tags[0] ?? '-',
      commit.slice(0, 12),
      size(bytes),
      used?.slice(0, 10) ?? '-',
    ]),
  );
}

/** `https://github.com/moby/moby.git` → `moby/moby`. */
function nameOf(url: string): string {
  return url
    .replace(/\.git$/, '')
    .split('/')
    .slice(-2)
    .join('/');
}

function bytesOf(entries: readonly CachedSource[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

const done = { exitCode: EXIT.done, error: null } as const;
