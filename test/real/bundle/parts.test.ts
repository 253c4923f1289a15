import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Parts } from '../../../src/bundle/make/parts.ts';

const data = Buffer.from('the bytes of a part');
const sha256 = createHash('sha256').update(data).digest('hex');
const served = { mirror: 'acme', url: 'https://acme.example/part' };
const PATH = 'images/blobs/sha256/part';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'parts-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('the folder in which a bundle grows', () => {
  it('has a part under its name, with its checksum and who served it, also for the next run', async () => {
    await new Parts(dir).put(PATH, data, served);
    const next = new Parts(dir);
    expect(await next.find(PATH)).toEqual({ bytes: data.length, sha256 });
    expect(next.servedBy(PATH)).toEqual(served);
    expect(readFileSync(next.at(PATH))).toEqual(data);
  });

  it('has nothing of a part that was never finished', async () => {
    const writer = await new Parts(dir).begin(PATH);
    writer.write(data);
    const next = new Parts(dir);
    expect(await next.find(PATH)).toBeNull();
    expect(await next.put(PATH, data, served)).toEqual({ bytes: data.length, sha256 });
    expect(readFileSync(next.at(PATH))).toEqual(data);
  });

  it('counts what came since the answer began anew, and nothing before', async () => {
    const parts = new Parts(dir);
    const writer = await parts.begin(PATH);
    writer.write(Buffer.from('an answer that broke off, and was longer'));
    writer.begin();
    writer.write(data);
    expect(writer.sum()).toEqual({ bytes: data.length, sha256 });
    await parts.keep(PATH, writer, served);
    expect(readFileSync(parts.at(PATH))).toEqual(data);
  });

  it('sums what lies there, not what was said of it', async () => {
    await new Parts(dir).put(PATH, data, served);
    writeFileSync(join(dir, PATH), 'something else');
    expect((await new Parts(dir).find(PATH))?.sha256).not.toBe(sha256);
  });

  it.each(['../outside', '/etc/passwd', 'apt/./x'])('has no place for %s, whoever names it', async (path) => {
    const parts = new Parts(dir);
    await expect(parts.put(path, data, served)).rejects.toThrow(
      /the path ".+" (?:leads out|is absolute|has an empty)/u,
    );
    await expect(parts.find(path)).rejects.toThrow(/the path/u);
  });

  it('reads a list whose last line was cut', async () => {
    await new Parts(dir).put(PATH, data, served);
    appendFileSync(join(dir, 'served.jsonl'), '{"path":"images/oth');
    expect(new Parts(dir).servedBy(PATH)).toEqual(served);
    expect(new Parts(dir).servedBy('images/other')).toEqual({ mirror: null, url: null });
  });
});
