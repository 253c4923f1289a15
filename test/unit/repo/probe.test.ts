import { expect, it } from 'vitest';
import { assembleProbe } from '../../../scripts/probe/program.ts';
import { DATA_OFFSET, probeBinary } from '../../../src/smoke/probe/probe-binary.ts';

const ARCHES = ['amd64', 'arm64'];

/** All that is not zero: up to the last byte before the data, and the data. */
function packed(arch: string) {
  const bytes = Buffer.from(assembleProbe(arch));
  const end = bytes.subarray(0, DATA_OFFSET).findLastIndex((byte) => byte !== 0) + 1;
  return {
    head: bytes.subarray(0, end).toString('base64'),
    data: bytes.subarray(DATA_OFFSET).toString('base64'),
  };
}

// A stale file fails; `npm run probe` writes it anew.
it('src/smoke/probe/probe.json is what scripts/probe makes', async () => {
  const programs = Object.fromEntries(ARCHES.map((arch) => [arch, packed(arch)]));
  const text = `${JSON.stringify(programs, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../src/smoke/probe/probe.json');
});

it.each(ARCHES)('the program of %s is whole, byte for byte', (arch) => {
  expect(Buffer.from(probeBinary(arch) ?? []).equals(assembleProbe(arch))).toBe(true);
});
