import { parseShell } from '../../../src/shell/parse.ts';
import { fileSource } from '../../../src/shell/source.ts';
import type { Node, Part, Redirect, Script, Span, Word } from '../../../src/shell/syntax.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import type { OracleAnswer } from '../../support/oracle/oracle.ts';
import { CARRIAGE_RETURN } from '../../support/oracle/oracle.ts';
import { attempt } from './compare-dockerfile.ts';
import type { Difference } from './difference.ts';
import { Comparison } from './difference.ts';

interface Flat {
  commands: { assignments: unknown[]; words: unknown[]; start: number }[];
  functions: string[];
  heredocs: (Span | null)[];
  others: Span[];
}

/** On which points our reading of a script is another than mvdan.cc/sh's. */
export function compareShell(text: string, answer: OracleAnswer): Difference[] {
  const comparison = new Comparison();
  const ours = attempt(() => parseShell(fileSource('script', text)));
  const theirs = answer.shell;
  if (ours instanceof MobyBuildError || theirs === undefined) {
    const refused = ours instanceof MobyBuildError;
    comparison.compare(
      'refusal',
      answer.error?.line ?? 0,
      refused ? ours.message : null,
      theirs === undefined ? (refused ? ours.message : answer.error?.message) : null,
    );
    return comparison.differences;
  }
  const flat: Flat = { commands: [], functions: [], heredocs: [], others: [] };
  flattenScript(ours, text, flat);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const cut = (span: Span): string => text.slice(span.start, span.end);

  const theirCommands = theirs.commands.map(({ assignments, words }) => ({
    assignments: assignments.map(({ start, end, name }) => [start, end, name]),
    words: words.map(({ start, end, literal }) => [
      start,
      // A continuation right behind a word is none of it; mvdan.cc/sh counts it in for a bare word, not for a quoted one.
      start + cut({ start, end }).replace(/(\\\n)+$/, '').length,
      literal === null || NOT_PLAIN.test(literal)
        ? null
        : literal.replaceAll('\\\n', '').replaceAll(CARRIAGE_RETURN, '\r'),
    ]),
    start: assignments[0]?.start ?? words[0]?.start ?? 0,
  }));
  const [left, right] = onlyHere(flat.commands, theirCommands);
  [...left.map((item) => ({ item, ours: true })), ...right.map((item) => ({ item, ours: false }))].forEach(
    ({ item, ours: mine }) => {
      const partner = mine
        ? right.find((other) => other.start === item.start)
        : left.find((other) => other.start === item.start);
      if (!mine && partner !== undefined) return;
      const show = (command: Flat['commands'][number] | undefined): unknown =>
        command && {
          at: command.start,
          ...command,
          text: command.words.map((word) => (Array.isArray(word) ? text.slice(Number(word[0]), Number(word[1])) : '')),
        };
      comparison.compare(
        'commands',
        lineAt(item.start),
        show(mine ? item : partner) ?? null,
        show(mine ? partner : item) ?? null,
      );
    },
  );
  comparison.compare(
    'functions',
    0,
    [...flat.functions].sort(),
    theirs.functions.map((name) => cut(name).replaceAll(/\\\n|\\/g, '')).sort(),
  );
  const bodies = (spans: readonly (Span | null)[]): string[] =>
    spans.map((span) => (span === null || span.start === span.end ? '' : `${String(span.start)} ${cut(span)}`)).sort();
  comparison.compare('heredocs', 0, bodies(flat.heredocs), bodies(theirs.heredocs.map((item) => item.body)));
  const [mine, others] = onlyHere(
    flat.others.map(({ start, end }) => ({ start, end })),
    theirs.others.map(({ start, end }) => ({ start, end })),
  );
  const place = (spans: readonly Span[]): unknown => spans.map((span) => [span.start, cut(span)]);
  comparison.compare('other words', lineAt((mine[0] ?? others[0])?.start ?? 0), place(mine), place(others));
  return comparison.differences;
}

/** What stands in one list and not in the other, as JSON. */
function onlyHere<T>(left: readonly T[], right: readonly T[]): [T[], T[]] {
  const count = new Map<string, number>();
  for (const item of right) count.set(JSON.stringify(item), (count.get(JSON.stringify(item)) ?? 0) + 1);
  const mine = left.filter((item) => {
    const key = JSON.stringify(item);
    const rest = count.get(key) ?? 0;
    count.set(key, rest - 1);
    return rest <= 0;
  });
  const theirs = right.filter((item) => {
    const key = JSON.stringify(item);
    const rest = count.get(key) ?? 0;
    count.set(key, rest - 1);
    return rest > 0;
  });
  return [mine, theirs];
}

function flattenScript(script: Script, text: string, flat: Flat): void {
  flattenNode(script.body, text, flat);
}

function flattenNode(node: Node, text: string, flat: Flat): void {
  const inside = (child: Node): void => {
    flattenNode(child, text, flat);
  };
  const other = (word: Word): void => {
    flat.others.push({ start: word.start, end: word.end });
    flattenWord(word, text, flat);
  };
  const redirects = (list: readonly Redirect[]): void => {
    for (const item of list) {
      if (item.operator === '<<' || item.operator === '<<-') flat.heredocs.push(item.body);
      if (item.target !== null) other(item.target);
      for (const part of item.parts) flattenPart(part, text, flat);
    }
  };
  switch (node.kind) {
    case 'command': {
      const assignments = node.assignments.map(({ start, end, name }) => [start, end, name]);
      const words = node.words.map((word) => [word.start, word.end, 'parts' in word ? literalOf(word) : null]);
      if (words.length + assignments.length > 0)
        flat.commands.push({ assignments, words, start: node.assignments[0]?.start ?? node.words[0]?.start ?? 0 });
      for (const item of [...node.assignments, ...node.words]) {
        if ('index' in item) for (const part of item.index) flattenPart(part, text, flat);
        for (const word of 'parts' in item ? [item] : 'parts' in item.value ? [item.value] : item.value)
          flattenWord(word, text, flat);
      }
      redirects(node.redirects);
      return;
    }
    case 'sequence':
    case 'and-or':
    case 'pipeline':
      node.nodes.forEach(inside);
      return;
    case 'subshell':
      inside(node.body);
      return;
    case 'if':
      for (const branch of node.branches) [branch.test, branch.body].forEach(inside);
      if (node.otherwise !== null) inside(node.otherwise);
      return;
    case 'case':
      other(node.word);
      for (const item of node.items) {
        item.patterns.forEach(other);
        inside(item.body);
      }
      return;
    case 'for':
      node.words?.forEach(other);
      inside(node.body);
      return;
    case 'while':
      [node.test, node.body].forEach(inside);
      return;
    case 'function':
      flat.functions.push(node.name);
      inside(node.body);
      return;
    case 'test':
      node.words.forEach(other);
      return;
    case 'arithmetic':
      for (const part of node.parts) flattenPart(part, text, flat);
      return;
    case 'redirected':
      inside(node.body);
      redirects(node.redirects);
      return;
  }
}

function flattenWord(word: Word, text: string, flat: Flat): void {
  for (const part of word.parts) flattenPart(part, text, flat);
}

function flattenPart(part: Part, text: string, flat: Flat): void {
  if (part.kind === 'command') flattenScript(part.body, text, flat);
  if (part.kind === 'other' && part.body !== null) flattenScript(part.body, text, flat);
  if (part.kind === 'other') for (const inside of part.inside) flattenPart(inside, text, flat);
  if (part.kind !== 'parameter') return;
  const { operand = null, others = [] } = part.operation ?? {};
  for (const word of [...part.inside, ...(operand === null ? [] : [operand]), ...others]) flattenWord(word, text, flat);
}

/** What looks like an assignment, a lone `$` or `[`, braces: the parsers cut such words into parts each in its own way, with one range. */
const NOT_PLAIN = /^\w+\+?=|[$[{]/;

/** The text of a word without quotes and variables, as mvdan.cc/sh's one literal: backslashes stay, continuations go. */
function literalOf(word: Word): string | null {
  if (word.parts.some((part) => part.kind !== 'literal' || part.quote !== 'none')) return null;
  if (NOT_PLAIN.test(word.text) || /["'`]/.test(word.text.replaceAll(/\\[\s\S]/g, ''))) return null;
  return word.text.replaceAll('\\\n', '');
}
