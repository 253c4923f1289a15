import { describe, expect, test } from 'vitest';
import { daemonFacts } from '../../../src/moby/daemon-facts.ts';
import { SERIES } from '../../../src/moby/series-table.ts';

describe('the row of a series', () => {
  test.each([
    ['20.10', '1.41', '20.10'],
    ['v20.10.12', '1.41', '20.10'],
    ['19.03', '1.40', '19.03'],
    ['22.06', '1.42', '23.0'],
    ['26.1', '1.45', '26.0'],
    ['docker-v29.7.2', '1.55', '29'],
    ['31.0', '1.60', '29'],
    // What calls itself `dev` is known by its API.
    [undefined, '1.40', '19.03'],
    [undefined, '1.41', '20.10'],
    [undefined, '1.47', '27'],
    [undefined, '1.51', '28'],
    [undefined, '1.99', '29'],
    [undefined, '1.12', '19.03'],
    ['dev', '1.43', '24.0'],
  ])('series %s, API %s', (known, api, series) => {
    expect(daemonFacts(known, api)).toEqual(SERIES.find(({ name }) => name === series)?.daemon);
  });

  test('every list ends with vfs, which works everywhere', () => {
    for (const { daemon } of SERIES) expect(daemon.drivers.at(-1)).toBe('vfs');
  });
});
