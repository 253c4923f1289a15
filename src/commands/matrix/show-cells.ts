import { Listr } from 'listr2';
import type { CellEvent } from '../../matrix/run-cells.ts';
import { duration } from '../../ui/amounts.ts';
import { spoken } from '../../ui/speech/speech.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import type { CommandContext } from '../context/context.ts';

/** How the run of the cells is shown while it goes on. */
export interface CellDisplay {
  readonly told: (event: CellEvent) => void;
  /** What a cell says of its own progress. */
  readonly said: (id: string, line: string) => void;
  /** Waits until all is drawn; to be called once every cell has ended or is left. */
  readonly close: () => Promise<void>;
}

/** A list that is drawn anew on a terminal, with a line for each cell; elsewhere a line for each event. */
export function showCells(
  context: CommandContext,
  ids: readonly string[],
  wayOf: (id: string, builder: string) => string,
): CellDisplay {
  const began = new Map<string, number>();
  const words = (event: CellEvent): string => {
    switch (event.is) {
      case 'started':
        began.set(event.id, performance.now());
        return `${event.id}: ${spoken(`building on ${event.builder}`)} (${tableWord(wayOf(event.id, event.builder))})`;
      case 'moved':
        return `${event.id}: ${spoken(`${event.builder} was lost; it is built elsewhere`)} (${spoken(firstLine(event.error.message))})`;
      case 'dead':
        return `${event.builder}: ${spoken('does not answer, and gets no more')}`;
      case 'ended': {
        const from = began.get(event.id);
        const time = from === undefined ? '' : ` (${duration((performance.now() - from) / 1000)})`;
        const { is, error } = event.end;
        return is === 'failed'
          ? `${event.id}: ${tableWord('failed')}${time}: ${spoken(firstLine(error?.message ?? ''))}`
          : `${event.id}: ${is === 'left' ? spoken('not begun') : tableWord(is)}${time}`;
      }
    }
  };
  if (context.display.live) return liveList(context, ids, words);
  return {
    told: (event) => {
      context.progress(words(event));
    },
    said: () => undefined,
    close: () => Promise.resolve(),
  };
}

interface LiveCell {
  readonly settle: { resolve: () => void; reject: (cause: Error) => void };
  task: { title: string; output: string } | null;
  say: (text: string) => void;
}

function liveList(context: CommandContext, ids: readonly string[], words: (event: CellEvent) => string): CellDisplay {
  const cells = new Map<string, LiveCell>();
  const tasks = ids.map((id) => ({
    title: `${id}: ${spoken('waiting')}`,
    task: (_context: unknown, task: { title: string; output: string }): Promise<void> => {
      const ended = new Promise<void>((resolve, reject) => {
        cells.set(id, {
          settle: { resolve, reject },
          task,
          say: context.display.throttle((text) => (task.output = text)),
        });
      });
      return ended;
    },
  }));
  const list = new Listr(tasks, { ...context.display.list, concurrent: true, exitOnError: false });
  const drawn = list.run();
  return {
    told: (event) => {
      if (event.is === 'dead') return;
      const cell = cells.get(event.id);
      if (cell?.task === undefined || cell.task === null) return;
      cell.task.title = words(event);
      if (event.is !== 'ended') return;
      if (event.end.is === 'failed') cell.settle.reject(new Error(words(event)));
      else cell.settle.resolve();
    },
    said: (id, line) => {
      cells.get(id)?.say(line);
    },
    close: async () => {
      for (const { settle } of cells.values()) settle.resolve();
      await drawn;
    },
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
