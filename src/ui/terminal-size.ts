/** What a terminal has that does not say how wide it is: a bare pseudo-terminal or a serial console says 0. */
export const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** Narrower than this the list of steps cannot be drawn: the library that wraps its lines never ends where indentation takes all columns. */
const LEAST_COLUMNS = 20;

type SizedStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows' | 'on'>;

/**
 * Gives a terminal a size that everything can be drawn in, now and after each change. Written into the stream itself, because libraries read
 * `process.stdout.columns` on their own.
 */
export function assumeSize(stream: SizedStream): void {
  // Node's types say true always; for a file or a pipe there is no such member.
  if ((stream.isTTY as boolean | undefined) !== true) return;
  const assume = (): void => {
    if (!(stream.columns > 0)) stream.columns = DEFAULT_COLUMNS;
    stream.columns = Math.max(LEAST_COLUMNS, stream.columns);
    if (!(stream.rows > 0)) stream.rows = DEFAULT_ROWS;
  };
  assume();
  // Node writes the new size into the stream and says so at once, to the first listener first.
  stream.on('resize', assume);
}

/** How wide a table may be: as the terminal; where the text goes into a file or a pipe nothing is cut. */
export function tableWidth({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return isTTY === true ? (columns ?? DEFAULT_COLUMNS) : Infinity;
}
