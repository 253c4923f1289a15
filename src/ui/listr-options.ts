import { stripVTControlCharacters } from 'node:util';
import {
  DefaultRenderer,
  ListrLogger,
  ListrLogLevels,
  ProcessOutput,
  SilentRenderer,
  SimpleRenderer,
  type ListrBaseClassOptions,
} from 'listr2';
import type { RendererChoice } from './renderer.ts';
import { spoken } from './speech/speech.ts';
import { GROUP_ENDS, groupBegins } from './workflow/commands.ts';

/** listr2 asks whether stdout is a terminal; our lists go to stderr, and `chooseRenderer` has already asked the right one. */
class TerminalRenderer extends DefaultRenderer {
  static override readonly nonTTY = true;
}

/** listr2 says the whole error beside the task that failed; ours is said once, at the end, with what to do about it. */
class ListLogger extends ListrLogger<ListrLogLevels> {
  /** `[SKIPPED: why]` is in the language of the run, too. */
  override suffix(...[message, ...fields]: Parameters<ListrLogger<ListrLogLevels>['suffix']>): string {
    const told = fields.map((field) =>
      typeof field === 'object' && typeof field.field === 'string'
        ? { ...field, field: field.field.replace(/^SKIPPED/u, () => spoken('SKIPPED')) }
        : field,
    );
    return super.suffix(message, ...told);
  }

  override log(...[level, message, options]: Parameters<ListrLogger<ListrLogLevels>['log']>): void {
    super.log(level, message, level === ListrLogLevels.FAILED ? undefined : options);
  }
}

/** In a workflow of GitHub what a step says is a group, shown folded; its result stands below. */
class GroupLogger extends ListLogger {
  private open = false;

  override log(...[level, message, options]: Parameters<ListrLogger<ListrLogLevels>['log']>): void {
    if (level === ListrLogLevels.STARTED) {
      this.open = true;
      this.process.toStdout(groupBegins(String(message)));
      return;
    }
    if (level !== ListrLogLevels.OUTPUT && this.open) {
      this.open = false;
      this.process.toStdout(GROUP_ENDS);
    }
    super.log(level, message, options);
  }
}

/** Colour codes only: moving the cursor is how a list is drawn again. */
const COLOUR = /\u001b\[[0-9;]*m/gu;

/**
 * Options for `new Listr<Context, 'default', 'simple'>(tasks, listrOptions(…))`.
 *
 * Three habits of listr2 9 are put right: its lists go to stderr (it writes to stdout), signals stay ours (it would leave with 127),
 * and no escape code reaches a pipe (it decides on colours by itself, and in CI it likes them).
 *
 * @param grouped whether a runner of GitHub reads along: lines of a step are a group then
 * @param stream where the list goes: `process.stderr`
 */
export function listrOptions<Context = unknown>(
  choice: RendererChoice,
  colours: boolean,
  grouped = false,
  stream: NodeJS.WriteStream = process.stderr,
): ListrBaseClassOptions<Context> {
  const target =
    choice === 'default'
      ? colours
        ? stream
        : filtered(stream, (text) => text.replace(COLOUR, ''))
      : plain(stream, colours);
  const Logger = grouped && choice === 'simple-lines' ? GroupLogger : ListLogger;
  const logger = new Logger({ useIcons: true, processOutput: new ProcessOutput(target, target) });
  const renderer = { default: TerminalRenderer, 'simple-lines': SimpleRenderer, silent: SilentRenderer }[choice];
  return {
    concurrent: false,
    exitOnError: true,
    registerSignalListeners: false,
    collectErrors: false,
    // The renderer is given as a class, so that nothing of listr2's own choosing is left; its type knows names only.
    renderer: renderer as unknown as 'default',
    rendererOptions: {
      logger: logger as never,
      collapseErrors: false,
      showErrorMessage: false,
      collapseSkips: false,
      suffixSkips: true,
    },
    fallbackRendererCondition: false,
  };
}

function plain(stream: NodeJS.WriteStream, colours: boolean): NodeJS.WriteStream {
  return colours ? stream : filtered(stream, stripVTControlCharacters);
}

/** A stream like the given one, whose text goes through a filter first. */
function filtered(stream: NodeJS.WriteStream, filter: (text: string) => string): NodeJS.WriteStream {
  const write = (chunk: unknown, ...rest: unknown[]) =>
    (stream.write as (...args: unknown[]) => boolean)(typeof chunk === 'string' ? filter(chunk) : chunk, ...rest);
  return Object.create(stream, {
    write: { value: write, writable: true, enumerable: true },
    // Own members: listr2 copies streams member by member.
    columns: { value: stream.columns, enumerable: true },
    rows: { value: stream.rows, enumerable: true },
    isTTY: { value: stream.isTTY, enumerable: true },
  }) as NodeJS.WriteStream;
}
