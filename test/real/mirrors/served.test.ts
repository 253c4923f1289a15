import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { makeAsker } from '../../../src/mirrors/requests/asker.ts';
import { moduleSums } from '../../../src/mirrors/served/module-sums.ts';
import { hashOne } from '../../../src/mirrors/served/module-hash.ts';
import { suiteDate } from '../../../src/mirrors/served/suite-date.ts';
import { GitAccess } from '../../../src/system/git/git-access.ts';
import { hostNames } from '../../../src/system/http/host-names.ts';
import { trustOf } from '../../../src/system/http/http-trust.ts';
import { startFaulty, type Healthy } from './faulty-mirror.ts';
import { debian } from './healthy-mirror.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

async function serve(healthy: Healthy): Promise<string> {
  const { url, close } = await startFaulty({ fault: 'none', healthy });
  closing.push(close);
  return url;
}
const asker = async (
  limits: { limitMs: number; firstByteMs: number; stallMs?: number } = { limitMs: 20_000, firstByteMs: 10_000 },
) =>
  makeAsker({
    reach: { env: {}, trust: await trustOf({}, null), names: hostNames() },
    ...limits,
    access: new GitAccess({ env: process.env }),
  });

const [PATH, VERSION] = ['example.com/Upper/m', 'v1.0.0'];
const MOD = strToU8(`module ${PATH}\n`);
const ZIP = zipSync({ [`${PATH}@${VERSION}/go.mod`]: MOD });
const SUM = hashOne({ [`${PATH}@${VERSION}/go.mod`]: MOD });
const GO_MOD_SUM = hashOne({ 'go.mod': MOD });

/** A module proxy; `said`: the sum that its checksum database has. */
function proxy(said: string | null, zip: Uint8Array = ZIP): Healthy {
  return (path) => {
    const found = (body: Uint8Array | string) => ({ status: 200, headers: {}, body: Buffer.from(body) });
    const at = '/example.com/!upper/m/@v/v1.0.0';
    if (path === `${at}.mod`) return found(MOD);
    if (path === `${at}.zip`) return found(zip);
    if (path === '/sumdb/sum.example/lookup/example.com/!upper/m@v1.0.0' && said !== null)
      return found(`7\n${PATH} ${VERSION} ${said}\n${PATH} ${VERSION}/go.mod ${GO_MOD_SUM}\n\nsigned\n`);
    return { status: 404, headers: {}, body: Buffer.from('no') };
  };
}

describe('the sums of a module', () => {
  it('are made from what the proxy serves, and agree with the checksum database', async () => {
    const sums = { sum: SUM, goModSum: GO_MOD_SUM, denied: null };
    expect(await moduleSums(await serve(proxy(SUM)), PATH, VERSION, 'sum.example', await asker())).toEqual(sums);
    expect(await moduleSums(await serve(proxy(null)), PATH, VERSION, 'sum.example', await asker())).toEqual(sums);
    expect(await moduleSums(await serve(proxy(SUM)), PATH, VERSION, null, await asker())).toEqual(sums);
  });

  it('come of a zip that takes longer than the whole probe may, as long as it goes on', async () => {
    const files = { [`${PATH}@${VERSION}/go.mod`]: MOD, [`${PATH}@${VERSION}/x`]: new Uint8Array(randomBytes(12_000)) };
    const healthy = proxy(null, zipSync(files));
    const { url, close } = await startFaulty({ fault: 'none', healthy, bytesPerSecond: 4_000 });
    closing.push(close);
    const asked = await asker({ limitMs: 1_500, firstByteMs: 1_000, stallMs: 1_000 });
    expect(await moduleSums(url, PATH, VERSION, null, asked)).toMatchObject({ sum: hashOne(files) });
  });

  it('are unknown where the zip stands still', async () => {
    const server = createServer(({ url = '' }, response) => {
      if (url.endsWith('.mod')) response.end(MOD);
      else response.writeHead(200, { 'content-length': '100000' }).write('begun');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      server.closeAllConnections();
      server.close();
      return Promise.resolve();
    });
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const asked = await asker({ limitMs: 60_000, firstByteMs: 30_000, stallMs: 300 });
    expect(await moduleSums(url, PATH, VERSION, null, asked)).toEqual({
      reason: expect.stringMatching(/^5 bytes in .* not done$/u) as string,
    });
  });

  it('are denied where the zip was tampered with', async () => {
    const zip = zipSync({ [`${PATH}@${VERSION}/go.mod`]: strToU8('module evil\n') });
    const found = await moduleSums(await serve(proxy(SUM, zip)), PATH, VERSION, 'sum.example', await asker());
    expect(found).toMatchObject({ denied: expect.stringContaining(SUM) as string });
  });

  it('are unknown where no zip comes', async () => {
    const page = await moduleSums(await serve(proxy(SUM, strToU8('<html>'))), PATH, VERSION, null, await asker());
    expect(page).toEqual({ reason: 'its zip is no zip' });
    expect(await moduleSums(await serve(proxy(SUM)), PATH, 'v2.0.0', null, await asker())).toEqual({
      reason: 'HTTP status 404',
    });
    const nobody = await moduleSums('http://127.0.0.1:1', PATH, VERSION, null, await asker());
    expect(nobody).toEqual({ reason: expect.stringContaining('refused') as string });
  });
});

describe('the date of a suite', () => {
  it('is that of its InRelease', async () => {
    const base = `${await serve(debian({ date: 'Sat, 01 Jun 2024 10:00:00 UTC' }))}/debian/`;
    expect(await suiteDate(base, 'bookworm', await asker())).toEqual({ date: '2024-06-01T10:00:00.000Z' });
  });

  it.each<[string, Healthy]>([
    ['a page', () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') })],
    ['another suite', debian({ suite: 'trixie' })],
    ['no signature', debian({ signed: false })],
    ['nothing', () => ({ status: 404, headers: {}, body: Buffer.from('no') })],
  ])('is unknown for %s', async (_, healthy) => {
    const found = await suiteDate(`${await serve(healthy)}/debian`, 'bookworm', await asker());
    expect(found).toHaveProperty('reason');
  });
});
