import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildInputs } from '../../../src/inventory/build-inputs.ts';
import { inventoryText } from '../../../src/inventory/inventory-text.ts';
import { makeInventory, type SeenBinary } from '../../../src/inventory/inventory.ts';
import { buildGoProgram } from '../../support/oracle/build.mjs';
import { wholeManifest } from '../../unit/artifacts/whole-manifest.ts';

/** The libraries of CycloneDX and SPDX for Go, and a validator of JSON schemas that the product does not use. */
const built = await buildGoProgram(
  fileURLToPath(new URL('../../support/inventory-reader/', import.meta.url)),
  'inventory-reader',
);
if ('skip' in built) {
  const message = `Inventories are not read by other tools: ${built.skip}`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`\n*** ${message} ***\n\n`);
}
const schemas = 'skip' in built ? '' : join(await built.moduleDir('github.com/CycloneDX/cyclonedx-go'), 'schema');

type Format = Parameters<typeof inventoryText>[1];

interface Read {
  readonly status: number | null;
  readonly said: string;
  readonly counts: Readonly<Record<string, number>>;
}

function read(format: Format, text: string): Read {
  const { path } = 'skip' in built ? expect.fail(built.skip) : built;
  const { status, stdout, stderr } = spawnSync(path, [format, schemas], { input: text, encoding: 'utf8' });
  return { status, said: stderr, counts: status === 0 ? (JSON.parse(stdout) as Read['counts']) : {} };
}

const SUM = `h1:${Buffer.alloc(32, 7).toString('base64')}`;
const module = (path: string, version: string) => ({ path, version, sum: SUM, replacedBy: null });
const binary = (name: string, more: Partial<SeenBinary> = {}): SeenBinary => ({
  ...{ name, path: name, sha256: '1'.repeat(64), static: true, go: null, libraries: [] },
  ...more,
});
const component = {
  ...{ variable: 'V', treePin: 'x', note: null, asked: false, file: 'f', line: 1, said: null, agrees: null },
  from: 'tree' as const,
};
const manifest = wholeManifest({
  components: [
    { ...component, component: 'runc', pin: 'a'.repeat(40) },
    { ...component, component: 'tini', pin: 'v0.19.0' },
  ],
});
/** Of each kind that a build has, and a difference; names with capitals, a plus and an epoch. */
const inventory = makeInventory(
  manifest,
  buildInputs({
    trees: [
      {
        ...{ name: 'moby', commit: manifest.commit, list: 'vendor.mod' },
        modules: [
          { path: 'github.com/Azure/go-ansiterm', version: 'v0.0.0-20210617225240-d185dfc1b5a1', sum: SUM },
          { path: 'github.com/Microsoft/hcsshim', version: 'v0.11.5+incompatible', sum: null },
        ],
      },
    ],
    packages: [
      { name: 'libseccomp-dev', arch: 'arm64', version: '1:2.5.1-1+deb11u1', sha256: 'e'.repeat(64) },
      { name: 'libsystemd-dev', arch: 'unknown', version: '252~1' },
    ],
    cachedSteps: 2,
    clippedSteps: 1,
  }),
  [
    binary('dockerd', {
      libraries: ['glibc', 'libseccomp', 'systemd'],
      go: {
        ...{ goVersion: 'go1.21.12', path: 'github.com/docker/docker/cmd/dockerd', main: null, settings: {} },
        dependencies: [module('github.com/Azure/go-ansiterm', 'v1.0.0'), module('gotest.tools/v3', 'v3.5.1')],
      },
    }),
    binary('docker-init', { sha256: '2'.repeat(64), libraries: null }),
  ],
);
const textOf = (format: Format): Promise<string> => inventoryText(inventory, format, {});

it.skipIf('skip' in built)(
  'CycloneDX is read whole by its library for Go, and valid by another validator',
  async () => {
    const text = await textOf('cyclonedx');
    const { components, dependencies } = JSON.parse(text) as Record<'components' | 'dependencies', unknown[]>;
    const { said, counts } = read('cyclonedx', text);
    expect(said).toBe('');
    expect(counts).toEqual({ components: components.length, dependencies: dependencies.length });
    expect(components.length).toBeGreaterThan(10);
  },
);

it.skipIf('skip' in built)(
  'SPDX is read whole by its library for Go, and each relationship leads somewhere',
  async () => {
    const text = await textOf('spdx');
    const { packages, files, relationships } = JSON.parse(text) as Record<
      'packages' | 'files' | 'relationships',
      readonly unknown[]
    >;
    const { said, counts } = read('spdx', text);
    expect(said).toBe('');
    expect(counts).toMatchObject({ packages: packages.length, files: files.length, described: 1 });
    expect(counts['relationships']).toBe(relationships.length);
  },
);

it.skipIf('skip' in built).each<[string, Format, RegExp | string, string, RegExp]>([
  [
    'a type that the schema does not know',
    'cyclonedx',
    '"type": "library"',
    '"type": "thing"',
    /components\.\d+\.type/u,
  ],
  [
    'a dependency that leads nowhere',
    'cyclonedx',
    /"ref": "[^"]+"/u,
    '"ref": "gone"',
    /no component has the reference/u,
  ],
  ['a sum that is none', 'cyclonedx', /"content": "[0-9a-f]{64}"/u, '"content": "x"', /content/u],
  [
    'a relationship that leads nowhere',
    'spdx',
    /"relatedSpdxElement": "[^"]+"/u,
    '"relatedSpdxElement": "SPDXRef-gone"',
    /gone/u,
  ],
  ['text that was cut', 'spdx', /\}\s*$/u, '', /unexpected/u],
])('finds %s', async (_, format, what, by, words) => {
  const text = await textOf(format);
  const changed = text.replace(what, by);
  expect(changed).not.toBe(text);
  const { status, said } = read(format, changed);
  expect(said).toMatch(words);
  expect(status).toBe(1);
});
