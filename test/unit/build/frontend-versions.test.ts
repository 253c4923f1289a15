import { describe, expect, it } from 'vitest';
import { readBuilder } from '../../../src/make/engine/builder.ts';
import {
  buildKitOfEngine,
  engineWithFrontend,
  frontendOfBuildKit,
  readBuildKitVersion,
} from '../../../src/make/engine/frontend-versions.ts';

describe('which frontend an engine has inside', () => {
  it.each([
    ['20.10.24+dfsg1', '0.8', '1.2'],
    ['22.06.0-beta.0', '0.10', '1.4'],
    ['23.0.6', '0.10', '1.4'],
    ['26.1.5+dfsg1', '0.13', '1.7'],
    ['28.3.3', '0.23', '1.17'],
    ['28.4.0', '0.24', '1.18'],
    ['29.6.1', '0.30', '1.24'],
    ['30.0.0', '0.32', '1.26'],
  ])('engine %s: BuildKit %s, frontend %s', (engine, buildkit, frontend) => {
    expect(buildKitOfEngine(engine)).toBe(buildkit);
    expect(frontendOfBuildKit(buildkit)).toBe(frontend);
  });

  it('knows nothing of an engine that is older than the table, or does not say', () => {
    expect(buildKitOfEngine('18.09.1')).toBeNull();
    expect(buildKitOfEngine('dev')).toBeNull();
    expect(buildKitOfEngine(null)).toBeNull();
  });

  it('names the least engine', () => {
    expect([engineWithFrontend('1.4'), engineWithFrontend('1.18'), engineWithFrontend('1.99')]).toEqual([
      '23.0',
      '28.4',
      null,
    ]);
  });

  it.each([
    ['v0.11.7-0.20230525183624-798ad6b0ce9f', '0.11'],
    ['v0.13.1', '0.13'],
    ['0.24.0', '0.24'],
    ['v0.0.0+unknown', null],
    ['n/a', null],
  ])('BuildKit version %s: %s', (text, version) => {
    expect(readBuildKitVersion(text)).toBe(version);
  });

  it('reads a builder of either buildx', () => {
    const nodes = (line: string) =>
      `Name:   mine\nDriver: docker-container\n\nNodes:\nName:   mine0\n${line}\nPlatforms: linux/amd64\n`;
    expect(readBuilder(nodes('Buildkit:  v0.11.6'))).toMatchObject({
      name: 'mine',
      driver: 'docker-container',
      buildkitVersion: '0.11',
    });
    expect(readBuilder(nodes('BuildKit version: v0.13.1'))?.buildkitVersion).toBe('0.13');
    expect(readBuilder(nodes(''))?.buildkitVersion).toBeNull();
    expect(readBuilder('')).toBeNull();
  });
});
