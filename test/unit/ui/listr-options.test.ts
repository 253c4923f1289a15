import { PassThrough } from 'node:stream';
import { Listr } from 'listr2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listrOptions } from '../../../src/ui/listr-options.ts';
import type { RendererChoice } from '../../../src/ui/renderer.ts';
import { withSpinner } from '../../../src/ui/spinner.ts';

// What ora and listr2 colour with asks the process when it is loaded, and not us: here it would like to.
vi.hoisted(() => vi.stubEnv('FORCE_COLOR', '1'));

/** A stream that keeps what is written to it, with the members that a terminal has. */
function screen() {
  const done = () => true;
  const moves = { cursorTo: done, moveCursor: done, clearLine: done };
  const stream = Object.assign(new PassThrough(), { columns: 80, rows: 24, isTTY: true, ...moves });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

async function runList(
  choice: RendererChoice,
  colours: boolean,
  grouped = false,
): Promise<{ text: string; stdout: string }> {
  const { stream, text } = screen();
  const stdout: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => stdout.push(String(chunk)) > 0);
  const list = new Listr<unknown, 'default', 'simple'>(
    [
      { title: 'first', task: (_context, task) => void (task.output = 'some output') },
      { title: 'second', skip: () => 'not needed here', task: () => undefined },
      { title: 'third', task: () => Promise.reject(new Error('broken\nin two lines')) },
    ],
    listrOptions(choice, colours, grouped, stream),
  );
  try {
    await expect(list.run()).rejects.toThrow('broken');
  } finally {
    spy.mockRestore();
  }
  return { text: text(), stdout: stdout.join('') };
}

describe('listrOptions', () => {
  it('writes plain lines to the given stream, nothing to stdout, no escape codes, the error left to us', async () => {
    const { text, stdout } = await runList('simple-lines', false);
    expect(text.split('\n')).toEqual([
      '❯ first',
      '› some output',
      '✔ first',
      '❯ second',
      '↓ second [SKIPPED: not needed here]',
      '❯ third',
      '✖ third',
      '',
    ]);
    expect(stdout).toBe('');
  });

  it('makes a group of the lines of each step where a runner of GitHub reads along; results stand outside', async () => {
    const { text, stdout } = await runList('simple-lines', false, true);
    expect(text.split('\n')).toEqual([
      '::group::first',
      '› some output',
      '::endgroup::',
      '✔ first',
      '::group::second',
      '::endgroup::',
      '↓ second [SKIPPED: not needed here]',
      '::group::third',
      '::endgroup::',
      '✖ third',
      '',
    ]);
    expect(stdout).toBe('');
    expect((await runList('silent', false, true)).text).toBe('');
  });

  it('draws a list on a terminal, also when stdout is a pipe; without colours if they are not wanted', async () => {
    const { text, stdout } = await runList('default', false);
    expect(text).toContain('\u001b[?25l');

    expect(text).not.toMatch(/\u001b\[[\d;]*m/u);
    expect(text).toMatch(/second\n +↓ not needed here\n/u);
    expect(stdout).toBe('');
  });

  it('says nothing when silent', async () => {
    expect(await runList('silent', false)).toEqual({ text: '', stdout: '' });
  });

  it('leaves signals to us', async () => {
    const before = process.listenerCount('SIGINT');
    let during = -1;
    const task = () => void (during = process.listenerCount('SIGINT'));
    await new Listr([{ title: 't', task }], listrOptions('silent', false)).run();
    expect(during).toBe(before);
  });
});

describe('withSpinner', () => {
  // ora draws nothing in CI and on a dumb terminal, and what it colours with looks at this process's own output.
  beforeAll(() => {
    vi.stubEnv('CI', undefined);
    vi.stubEnv('TERM', 'xterm');
    vi.stubEnv('FORCE_COLOR', '1');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['silent', ''],
    ['simple-lines', 'Waiting\n'],
  ] as const)('%s says %j and gives the result on', async (choice, expected) => {
    const { stream, text } = screen();
    expect(await withSpinner('Waiting', choice, true, () => Promise.resolve(7), stream)).toBe(7);
    expect(text()).toBe(expected);
  });

  it('is gone when the work has failed', async () => {
    const { stream, text } = screen();
    const work = () => Promise.reject(new Error('the work failed'));
    await expect(withSpinner('Waiting', 'default', true, work, stream)).rejects.toThrow('the work failed');
    const written = text();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(text()).toBe(written);
  });

  it.each([
    [true, true],
    [false, false],
  ])('has colours: %j', async (colours, expected) => {
    const { stream, text } = screen();
    await withSpinner('Waiting', 'default', colours, () => Promise.resolve(7), stream);
    expect(/\u001b\[3\d/u.test(text())).toBe(expected);
  });
});
