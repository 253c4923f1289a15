import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lookAround } from '../../../src/doctor/further/look.ts';

const home = mkdtempSync(join(tmpdir(), 'look-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});
const look = lookAround({ HOME: home, PATH: process.env['PATH'] }, null, () => Promise.resolve([]));

describe('what doctor asks of the machine', () => {
  it('reads files and folders, and knows absent ones from those that it may not read', async () => {
    writeFileSync(join(home, 'a'), 'text');
    expect(await look.text(join(home, 'a'))).toBe('text');
    expect(await look.text(join(home, 'b'))).toBeNull();
    expect(await look.text(join(home, 'a/b'))).toBeNull();
    expect(await look.names(join(home, 'none'))).toBeNull();
    expect(await look.names(home)).toContain('a');
    await expect(look.text(home)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it("reads git's settings of the user", async () => {
    expect(await look.gitUnchecked()).toEqual([]);
    writeFileSync(join(home, '.gitconfig'), '[http]\n\tsslVerify = false\n');
    expect(await look.gitUnchecked()).toEqual(['http.sslverify']);
  });

  it('takes the date of an answer, whatever its status', async () => {
    const server = createServer((_, answer) => {
      answer.writeHead(404, { date: 'Thu, 01 Jan 2026 00:00:00 GMT' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { date } = await look.dateOf(`http://127.0.0.1:${String(port)}/`);
    expect(date).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    server.close();
    await expect(look.dateOf(`http://127.0.0.1:${String(port)}/`)).rejects.toThrow(/^127\.0\.0\.1:\d+: /u);
  });

  it('looks names up', async () => {
    expect(await look.nameFault('127.0.0.1')).toBeNull();
    expect(await look.nameFault('localhost')).toBeNull();
  });
});
