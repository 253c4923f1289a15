/** How progress is shown: a live task list, one plain line for each event, or not at all. */
export type RendererChoice = 'default' | 'simple-lines' | 'silent';

export interface Terminal {
  /** Whether stderr, where progress goes, is a terminal. */
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/**
 * Quiet says nothing. A terminal gets the list, unless something else reads along (CI, `--json`) or it cannot move its cursor
 * (TERM=dumb). Everything else gets lines.
 */
export function chooseRenderer(options: Pick<OutputOptions, 'json' | 'quiet'>, terminal: Terminal): RendererChoice {
  if (options.quiet) return 'silent';
  const live = terminal.isTTY && !options.json && !inCI(terminal.env) && terminal.env['TERM'] !== 'dumb';
  return live ? 'default' : 'simple-lines';
}

/**
 * Whether to colour what goes to a stream. `--color` wins; then NO_COLOR when it is not empty (https://no-color.org); then colours
 * are for terminals only.
 */
export function wantsColours(color: OutputOptions['color'], terminal: Terminal): boolean {
  if (color !== 'auto') return color === 'always';
  if ((terminal.env['NO_COLOR'] ?? '') !== '') return false;
  return terminal.isTTY && terminal.env['TERM'] !== 'dumb';
}

/** CI is set by every CI service that we know of; `false` and `0` are how people take it back. */
function inCI(env: Terminal['env']): boolean {
  const value = (env['CI'] ?? '').toLowerCase();
  return value !== '' && value !== 'false' && value !== '0';
}
