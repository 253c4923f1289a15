import { onLeave } from '../../system/process/supervisor.ts';
import type { Terminal } from '../renderer.ts';
import { visible } from '../visible.ts';

/** Terminals that know titles and do not print the sequence: others do, or stop at it. */
const KNOWN = /^(?:xterm|rxvt|screen|tmux|alacritty|foot|konsole|kitty|wezterm|gnome|vte|st\b|mlterm|contour)/u;

/** xterm, "Window operations" and "Set Text Parameters" (ctlseqs): title pushed on the stack, taken back, set. */
const PUSH = '\u001b[22;2t';
const POP = '\u001b[23;2t';
const set = (title: string): string => `\u001b]2;${title}\u0007`;

/** Whether the title may be set: where the list of steps is drawn, on a terminal that is known to have one. Pure. */
export function hasTitle(live: boolean, { isTTY, env }: Terminal): boolean {
  return live && isTTY && KNOWN.test(env['TERM'] ?? '');
}

/**
 * What sets the terminal's title: the earlier one is kept by the terminal and taken back when the process leaves, also by a signal. A terminal
 * without that stack is left with an empty title, which the shell or the terminal fills.
 *
 * @param write to the terminal, before it returns: the process may leave in the same moment
 */
export function titleOn(write: (text: string) => void): (title: string) => void {
  let shown: string | null = null;
  return (title) => {
    if (title === shown) return;
    if (shown === null) {
      write(PUSH);
      onLeave(() => {
        write(`${set('')}${POP}`);
      });
    }
    shown = title;
    write(set(visible(title).slice(0, 80)));
  };
}
