import { describe, expect, it } from 'vitest';
import { askAgain } from '../../../src/mirrors/requests/ask-again.ts';
import type { HttpAnswer } from '../../../src/system/http/http.ts';
import type { HttpFailure } from '../../../src/system/http/http-fault.ts';

function answer(status: number, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers, body: new Uint8Array(), url: '', connectMs: 0, firstByteMs: 0, totalMs: 0 };
}

const BROKEN: HttpFailure = { fault: 'broken', reason: 'the answer broke off' };
const REFUSED: HttpFailure = { fault: 'refused', reason: 'the connection is refused' };

async function asked(results: readonly (HttpAnswer | HttpFailure)[], leftMs = 60_000) {
  let count = 0;
  const last = await askAgain(
    () => {
      count += 1;
      const result = results[count - 1] ?? results.at(-1);
      if (result === undefined) throw new Error('no result');
      return Promise.resolve(result);
    },
    () => leftMs,
  );
  return { count, last };
}

describe('askAgain', () => {
  it.each([429, 500, 502, 503, 504])('%i may pass', async (status) => {
    expect(await asked([answer(status), answer(200)])).toMatchObject({ count: 2, last: { status: 200 } });
  });
  it('so may an answer that broke off', async () => {
    expect(await asked([BROKEN, BROKEN, answer(200)])).toMatchObject({ count: 3, last: { status: 200 } });
  });
  it('three times is the most, and the last answer counts', async () => {
    expect(await asked([answer(503)])).toMatchObject({ count: 3, last: { status: 503 } });
  });
  it.each([answer(200), answer(404), answer(403), REFUSED])('%j is an answer', async (result) => {
    expect(await asked([result])).toEqual({ count: 1, last: result });
  });
  it('does not wait longer than there is time', async () => {
    expect((await asked([answer(429, { 'retry-after': '120' }), answer(200)])).count).toBe(1);
    expect((await asked([answer(503), answer(200)], 300)).count).toBe(1);
  });
  it('comes when the server says', async () => {
    const started = performance.now();
    expect((await asked([answer(429, { 'retry-after': '1' }), answer(200)])).count).toBe(2);
    expect(performance.now() - started).toBeGreaterThan(990);
  });
});
