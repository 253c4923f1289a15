// @ts-check

/**
 * Counts the bytes of one response's body that have left this process. The socket's own count is of all responses on it: clients
 * ask for more before they have the first.
 * @param {import('node:http').ServerResponse} response
 * @returns {() => number} so far
 */
export function countBytes(response) {
  let bytes = 0;
  const { write, end } = response;
  response.write = (/** @type {any} */ chunk, /** @type {any} */ encoding, /** @type {any} */ done = undefined) => {
    const [coding, then] = typeof encoding === 'function' ? [undefined, encoding] : [encoding, done];
    return write.call(response, chunk, coding, (/** @type {Error | null | undefined} */ error) => {
      if (!error) bytes += Buffer.byteLength(chunk);
      then?.(error);
    });
  };
  response.end = (/** @type {any[]} */ ...args) => {
    const [chunk] = args;
    const last = chunk === undefined || chunk === null || typeof chunk === 'function' ? 0 : Buffer.byteLength(chunk);
    response.once('finish', () => {
      bytes += response.req.method === 'HEAD' ? 0 : last;
    });
    return /** @type {any} */ (end).apply(response, args);
  };
  return () => bytes;
}
