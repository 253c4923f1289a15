import type { Problem } from './layer.ts';
import type { Options } from '../options/options.ts';
import { rangeOf } from '../ref-range.ts';

type Asked = Pick<Options, 'ref' | 'commit' | 'source' | 'tags' | 'hosts' | 'json' | 'format'>;

/** What cannot be asked of one audit: its forms (a tree, `--hosts`, `A..B`, `--tags`) do not mix. Each value is valid by itself. */
export function auditContradictions(asked: Asked): Problem[] {
  const { ref, commit, source, tags, hosts, json, format } = asked;
  const range = rangeOf(ref) !== null;
  const problems: Problem[] = [];
  const refuse = (where: string, message: string) => problems.push({ where, message });
  if (tags !== null) {
    if (source.kind === 'url') refuse('--tags', 'needs --source DIR: a clone of moby with its tags');
    if (ref !== null) refuse('--tags', 'says which refs to look at, and so does --ref');
  }
  if (commit !== null && (range || tags !== null)) refuse('--commit', 'is one commit, and this looks at several');
  if (hosts && (range || tags !== null)) refuse('--hosts', 'is for one tree');
  if (format !== null && format !== 'table' && format !== 'markdown')
    refuse('--format', 'of an audit is table or markdown');
  if (json && format === 'markdown') refuse('--format', 'is for people, and --json is for programs');
  return problems;
}
