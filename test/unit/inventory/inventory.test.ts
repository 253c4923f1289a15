import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import type { GoBuildInfo } from '../../../src/artifacts/elf/go-build-info.ts';
import type { Manifest } from '../../../src/artifacts/manifest.ts';
import { buildInputs } from '../../../src/inventory/build-inputs.ts';
import { inventoryText } from '../../../src/inventory/inventory-text.ts';
import { makeInventory, type SeenBinary } from '../../../src/inventory/inventory.ts';
import { wholeManifest } from '../artifacts/whole-manifest.ts';

const RUNC = 'a'.repeat(40);
const SUM = `h1:${Buffer.alloc(32, 7).toString('base64')}`;
const go = (path: string, dependencies: readonly (readonly [string, string])[]): GoBuildInfo => ({
  ...{ goVersion: 'go1.21.0', path, main: null, settings: {} },
  dependencies: dependencies.map(([name, version]) => ({ path: name, version, sum: null, replacedBy: null })),
});
const binary = (name: string, more: Partial<SeenBinary> = {}): SeenBinary => ({
  ...{ name, path: name, sha256: '1'.repeat(64), static: true, go: null, libraries: [] },
  ...more,
});
const component: Manifest['components'][number] = {
  ...{ component: 'runc', variable: 'RUNC_COMMIT', pin: RUNC, treePin: RUNC, note: null, from: 'tree' },
  ...{ asked: false, file: 'f', line: 1, said: null, agrees: null },
};
const manifest = wholeManifest({
  components: [component, { ...component, component: 'tini', pin: 'v0.19.0' }],
  sources: [
    {
      ...{ component: 'runc', commit: RUNC, tags: [], history: 'commit', path: 'p', receivedBytes: 0 },
      ...{ upstream: 'https://github.com/opencontainers/runc.git', mirror: 'm', url: 'https://m.example/runc.git' },
    },
  ],
});
const inputs = buildInputs({
  trees: [
    {
      ...{ name: 'moby', commit: manifest.commit, list: 'vendor/modules.txt' },
      modules: [
        { path: 'github.com/Azure/go-ansiterm', version: 'v0.1.0', sum: SUM },
        { path: 'gotest.tools/v3', version: 'v3.5.1', sum: null },
      ],
    },
  ],
  packages: [
    { name: 'libseccomp-dev', arch: 'arm64', version: '2.5.1-1+deb11u1' },
    { name: 'vim', arch: 'arm64', version: '9' },
  ],
  cachedSteps: 0,
});
const dockerd = binary('dockerd', {
  path: 'dockerd-20.10.24',
  libraries: ['glibc', 'libseccomp'],
  go: go('github.com/docker/docker/cmd/dockerd', [['github.com/Azure/go-ansiterm', 'v0.1.0']]),
});
const whole = makeInventory(manifest, inputs, [dockerd, binary('docker-init', { libraries: null })]);

describe('what is in a build', () => {
  it('is told with who says so: binaries, lists of trees, packages of the libraries that are linked in', () => {
    expect(whole.modules).toEqual([
      {
        ...{ path: 'github.com/Azure/go-ansiterm', version: 'v0.1.0', sum: SUM },
        ...{ binaries: ['dockerd'], trees: ['moby vendor/modules.txt'] },
      },
      {
        ...{ path: 'gotest.tools/v3', version: 'v3.5.1', sum: null },
        ...{ binaries: [], trees: ['moby vendor/modules.txt'] },
      },
    ]);
    expect(whole.libraries).toEqual([
      { name: 'glibc', binaries: ['dockerd'], packages: [] },
      {
        name: 'libseccomp',
        binaries: ['dockerd'],
        packages: [{ name: 'libseccomp-dev', arch: 'arm64', version: '2.5.1-1+deb11u1', sha256: null }],
      },
    ]);
    expect(whole.sources.map(({ name, commit }) => [name, commit])).toEqual([
      ['moby', manifest.commit],
      ['runc', RUNC],
      ['tini', null],
    ]);
    expect(whole.unknown).toEqual([
      'the digests of libseccomp-dev: the log has none',
      'what is linked into docker-init, which has no table of names',
    ]);
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    ['the same', [['gotest.tools/v3', 'v3.5.1']], []],
    [
      'another version',
      [['gotest.tools/v3', 'v3.0.0']],
      ['gotest.tools/v3: dockerd has v3.0.0, moby vendor/modules.txt v3.5.1'],
    ],
    [
      'one more',
      [['x.example/y', 'v1.0.0']],
      ['x.example/y: dockerd has v1.0.0, moby vendor/modules.txt does not name it'],
    ],
  ])('is compared where binary and tree both speak: %s', (_, dependencies, expected) => {
    const seen = binary('dockerd', { go: go('github.com/docker/docker/cmd/dockerd', dependencies) });
    expect(makeInventory(manifest, inputs, [seen]).differences).toEqual(expected);
    // The list of moby says nothing of a binary from another tree.
    const other = binary('runc', { go: go('github.com/opencontainers/runc', dependencies) });
    expect(makeInventory(manifest, inputs, [other]).differences).toEqual([]);
  });

  it('says what a build did not keep', () => {
    expect(makeInventory(manifest, null, []).unknown).toHaveLength(1);
    expect(makeInventory(manifest, { ...inputs, cachedSteps: 3 }, []).unknown).toEqual([
      'the Debian packages of 3 steps that came from the cache',
    ]);
  });
});

/** The parts of SPDX 2.3 that a document must have (clauses 6 to 11), and that each reference leads somewhere. */
const id = z.string().regex(/^SPDXRef-[a-zA-Z0-9.-]+$/u);
const spdxSchema = z.strictObject({
  ...{ spdxVersion: z.literal('SPDX-2.3'), dataLicense: z.literal('CC0-1.0'), SPDXID: z.literal('SPDXRef-DOCUMENT') },
  ...{ name: z.string().min(1), documentNamespace: z.url(), comment: z.string().optional() },
  creationInfo: z.strictObject({
    created: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u),
    creators: z.array(z.string().regex(/^(?:Tool|Person|Organization): \S/u)).min(1),
  }),
  packages: z.array(
    z.strictObject({
      ...{ SPDXID: id, name: z.string().min(1), versionInfo: z.string().optional(), comment: z.string().optional() },
      downloadLocation: z.string().regex(/^(?:NOASSERTION|git\+https:\/\/\S+)$/u),
      ...{ filesAnalyzed: z.literal(false), copyrightText: z.string() },
      ...{ licenseConcluded: z.literal('NOASSERTION'), licenseDeclared: z.literal('NOASSERTION') },
      checksums: z
        .array(z.strictObject({ algorithm: z.literal('SHA256'), checksumValue: z.string().regex(/^[0-9a-f]{64}$/u) }))
        .optional(),
      externalRefs: z
        .array(
          z.strictObject({
            ...{ referenceCategory: z.literal('PACKAGE-MANAGER'), referenceType: z.literal('purl') },
            referenceLocator: z.string().regex(/^pkg:[a-z]+\/\S+@\S+$/u),
          }),
        )
        .optional(),
    }),
  ),
  files: z.array(
    z.strictObject({
      ...{ SPDXID: id, fileName: z.string().startsWith('./'), copyrightText: z.string(), licenseConcluded: z.string() },
      checksums: z.array(
        z.strictObject({ algorithm: z.literal('SHA256'), checksumValue: z.string().regex(/^[0-9a-f]{64}$/u) }),
      ),
    }),
  ),
  relationships: z.array(
    z.strictObject({
      ...{ spdxElementId: id, relatedSpdxElement: id },
      relationshipType: z.enum(['DESCRIBES', 'CONTAINS', 'GENERATED_FROM', 'STATIC_LINK', 'OPTIONAL_DEPENDENCY_OF']),
    }),
  ),
});

describe('the digest of a linked package', () => {
  const packagesOf = (...of: Parameters<typeof makeInventory>): unknown =>
    makeInventory(...of).libraries.flatMap(({ packages }) => packages.map(({ name, sha256 }) => [name, sha256]));

  it('is what the log of the build has, before that of a bundle', () => {
    const [first, ...others] = inputs.packages;
    if (first === undefined) expect.fail('no package');
    const told = { ...inputs, packages: [{ ...first, sha256: 'e'.repeat(64) }, ...others] };
    expect(packagesOf(manifest, told, [dockerd], () => 'd'.repeat(64))).toEqual([['libseccomp-dev', 'e'.repeat(64)]]);
  });

  it('of the C library is that of a base image which was made of packages', () => {
    const libc = { name: 'libc6-dev', version: '2.36-9', architecture: 'arm64', sha256: 'c'.repeat(64) };
    const base = { packages: [libc] } as unknown as NonNullable<Manifest['base']>;
    expect(packagesOf({ ...manifest, base }, null, [dockerd])).toEqual([['libc6-dev', 'c'.repeat(64)]]);
  });
});

describe('the documents', () => {
  it('have the digest of a Debian package, where a bundle has it', async () => {
    const told = makeInventory(manifest, inputs, [dockerd], () => 'd'.repeat(64));
    expect(told.unknown).toEqual([]);
    const { components } = JSON.parse(await inventoryText(told, 'cyclonedx', {})) as {
      components: { name: string; hashes?: { alg: string; content: string }[] }[];
    };
    expect(components.find(({ name }) => name === 'libseccomp-dev')?.hashes).toEqual([
      { alg: 'SHA-256', content: 'd'.repeat(64) },
    ]);
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(await inventoryText(told, 'cyclonedx', {}))).toBeNull();
    const { packages } = spdxSchema.parse(JSON.parse(await inventoryText(told, 'spdx', {})));
    expect(packages.find(({ name }) => name === 'libseccomp-dev')?.checksums).toEqual([
      { algorithm: 'SHA256', checksumValue: 'd'.repeat(64) },
    ]);
  });

  it('CycloneDX is valid by its own schema, and what is no document is not', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const text = await inventoryText(whole, 'cyclonedx', {});
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"required"', '"sometimes"'))).not.toBeNull();
    const { components, dependencies } = JSON.parse(text) as {
      components: { 'bom-ref': string; purl?: string; scope?: string }[];
      dependencies: { ref: string; dependsOn?: string[] }[];
    };
    const refs = components.map((each) => each['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    const ansiterm = 'pkg:golang/github.com/azure/go-ansiterm@v0.1.0';
    const seccomp = 'pkg:deb/debian/libseccomp-dev@2.5.1-1+deb11u1?arch=arm64';
    expect(components.filter(({ purl }) => purl !== undefined).map(({ purl, scope }) => [purl, scope])).toEqual(
      expect.arrayContaining([
        [ansiterm, 'required'],
        ['pkg:golang/gotest.tools/v3@v3.5.1', 'optional'],
        [seccomp, 'required'],
        [`pkg:github/opencontainers/runc@${RUNC}`, undefined],
      ]),
    );
    const depends = dependencies.find(({ ref }) => ref === 'file:dockerd-20.10.24')?.dependsOn;
    expect(depends?.toSorted()).toEqual(['library:glibc', seccomp, ansiterm]);
  });

  it('SPDX has what its specification asks for, and each reference leads somewhere', async () => {
    const document = spdxSchema.parse(JSON.parse(await inventoryText(whole, 'spdx', {})));
    const ids = [document.SPDXID, ...[...document.packages, ...document.files].map(({ SPDXID }) => SPDXID)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const { spdxElementId, relatedSpdxElement } of document.relationships)
      expect(ids).toEqual(expect.arrayContaining([spdxElementId, relatedSpdxElement]));
    const linked = document.relationships.filter(({ relationshipType }) => relationshipType === 'STATIC_LINK');
    expect(linked).toHaveLength(3);
  });

  it.each(['cyclonedx', 'spdx'] as const)(
    '%s: the same build, the same bytes; another, another number',
    async (form) => {
      const text = await inventoryText(whole, form, {});
      const again = makeInventory(manifest, inputs, [dockerd, binary('docker-init', { libraries: null })]);
      expect(await inventoryText(again, form, {})).toBe(text);
      expect(text).toContain('2026-01-01T00:00:01');
      expect(await inventoryText(whole, form, { SOURCE_DATE_EPOCH: '0' })).toContain('1970-01-01T00:00:00');
      const uuid = /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/u;
      const other = makeInventory(manifest, inputs, [{ ...dockerd, sha256: '2'.repeat(64) }]);
      const numbers = [text, await inventoryText(other, form, {})].map((each) => uuid.exec(each)?.[0]);
      expect(numbers[0]).toBeDefined();
      expect(numbers[1]).not.toBe(numbers[0]);
    },
  );
});
