import { createHash } from 'node:crypto';
import { h, type JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { visible } from '../../ui/visible.ts';
import type { Block, Cell, Content, Section, TableBlock } from '../content/blocks.ts';
import { fill, type Sentences } from '../content/sentences.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

/** A shorter table is seen at one glance. */
const FILTERED_FROM = 8;

/**
 * A report as one HTML page that asks nobody: its policy allows its own style and script by their hashes, and nothing else. Every text of a
 * build goes through the library's escaping. The same content makes the same bytes. Pure.
 */
export function htmlReport({ title, summary, sections }: Content, say: Sentences): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = h(
    'html',
    { lang: say.language },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, title),
      h('style', { dangerouslySetInnerHTML: { __html: STYLE } }),
    ),
    h(
      'body',
      null,
      h('header', null, h('h1', null, title), h('p', { class: `summary ${summary.mark ?? ''}` }, summary.text)),
      h(
        'nav',
        { 'aria-label': say.contents },
        h(
          'ul',
          null,
          sections.map((section) => h('li', null, h('a', { href: `#${section.id}` }, section.title))),
        ),
      ),
      h(
        'main',
        null,
        sections.map((section) => sectionNode(section, say)),
      ),
      h('script', { dangerouslySetInnerHTML: { __html: SCRIPT } }),
    ),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function sectionNode({ id, title, blocks }: Section, say: Sentences): JSX.Element {
  return h(
    'section',
    { id },
    h('h2', null, title),
    blocks.map((block) => blockNode(block, say)),
  );
}

function blockNode(block: Block, say: Sentences): JSX.Element | readonly JSX.Element[] {
  switch (block.is) {
    case 'text':
      return h('p', block.mark === undefined ? null : { class: block.mark }, visible(block.text));
    case 'facts':
      return h(
        'dl',
        null,
        block.rows.map(([name, value]) => [h('dt', null, name), h('dd', null, cellContent(value))]),
      );
    case 'lines':
      return h('pre', { tabIndex: 0 }, block.text.split('\n').map(visible).join('\n'));
    case 'table':
      return tableNodes(block, say);
    case 'timeline':
      return [
        h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': say.timeline }, timeline(block)),
        legend(
          block.steps.map(({ state }) => state),
          say,
        ),
      ];
  }
}

const STATES = ['done', 'cached', 'failed', 'canceled', 'running'] as const;

function legend(seen: readonly string[], say: Sentences): JSX.Element {
  const sample = (state: string): JSX.Element =>
    h(
      'svg',
      { viewBox: '0 0 14 14', 'aria-hidden': 'true' },
      h('rect', { class: `bar ${state}`, width: 14, height: 14, rx: 2 }),
    );
  return h(
    'ul',
    { class: 'legend' },
    STATES.filter((state) => seen.includes(state)).map((state) => h('li', null, sample(state), say[`state.${state}`])),
  );
}

function tableNodes(table: TableBlock, say: Sentences): readonly JSX.Element[] {
  const { id, caption, head, rows } = table;
  const holder = h(
    'div',
    { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      { id, 'data-sortable': '' },
      h('caption', null, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          head.map((text) => h('th', { scope: 'col' }, text)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) => h('tr', null, row.map(cellNode))),
      ),
    ),
  );
  return rows.length < FILTERED_FROM ? [holder] : [filterNode(table, say), holder];
}

/** Hidden until the script shows it: without one it would do nothing. */
function filterNode({ id, caption, rows }: TableBlock, say: Sentences): JSX.Element {
  const shown = fill(say.shown, { shown: rows.length, all: rows.length });
  return h(
    'div',
    { class: 'filter', 'data-filter': id, hidden: true },
    h('label', { for: `${id}-filter` }, fill(say.filter, { table: caption })),
    h('input', { id: `${id}-filter`, type: 'search', autocomplete: 'off' }),
    h('output', { for: `${id}-filter`, 'data-words': say.shown }, shown),
  );
}

/** From here a cell wants room: a narrow column of code is hard to read. */
const LONG_CELL = 30;

function cellNode(cell: Cell): JSX.Element {
  const kind = cell.sort !== undefined ? 'number' : cell.text.length > LONG_CELL ? 'long' : undefined;
  return h('td', { class: kind, 'data-sort': cell.sort }, cellContent(cell));
}

function cellContent({ text, code, mark }: Cell): JSX.Element | string {
  const shown = visible(text);
  if (code === true) return shown === '' ? '' : h('code', null, shown);
  return mark === undefined ? shown : h('span', { class: mark }, shown);
}
