import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/artifacts/manifest.ts';
import { checkStatement, type Evidence, type PackageEvidence } from '../../../src/provenance/check-statement.ts';
import { makeStatement } from '../../../src/provenance/make-statement.ts';
import { statementSchema } from '../../../src/provenance/statement-schema.ts';
import { evidence, inputsOf, installed, lock, make, manifest, NO_INPUTS, RUNC, sha256 } from './a-statement.ts';

describe('a statement of provenance', () => {
  it('is one of in-toto and SLSA, about each binary', () => {
    const made = make();
    expect(statementSchema.safeParse(JSON.parse(JSON.stringify(made))).error).toBeUndefined();
    expect(made.subject).toEqual([{ name: 'dockerd-20.10.24', digest: { sha256 } }]);
    expect(make()).toEqual(made);
  });

  it('names upstream, mirror and digest of each dependency, as far as they were recorded', () => {
    const dependencies = make().predicate.buildDefinition.resolvedDependencies;
    expect(dependencies).toMatchObject([
      {
        ...{
          name: 'moby',
          uri: 'git+https://github.com/moby/moby.git@v20.10.24',
          digest: { gitCommit: manifest.commit },
        },
        annotations: { mirror: 'ghfast' },
      },
      {
        ...{ name: 'runc', uri: `git+https://github.com/opencontainers/runc.git@${RUNC}`, digest: { gitCommit: RUNC } },
        downloadLocation: 'https://mirror.example/runc.git',
      },
      { name: 'tini', annotations: { pin: 'v0.19.0', fetchedBy: 'the build' } },
      { name: 'containerd', digest: { gitCommit: 'c'.repeat(40) } },
      {
        ...{
          uri: 'pkg:docker/library/golang@1.19.7-bullseye?platform=linux%2Famd64',
          digest: { sha256: '3'.repeat(64) },
        },
        annotations: { mirror: 'm', basis: 'table' },
      },
      { uri: 'pkg:deb/debian?distro=bullseye', downloadLocation: 'http://m.example/debian' },
      { uri: 'pkg:golang/github.com/a/B@v1.0.0%2Bx', digest: { dirHash: '01'.repeat(32) } },
    ]);
    expect(dependencies[2]).not.toHaveProperty('digest');
  });

  it('names each Debian package that a step installed: upstream, the archive that served it, and its digest', () => {
    const { buildDefinition, runDetails } = make(manifest, lock, inputsOf()).predicate;
    expect(buildDefinition.resolvedDependencies.filter(({ name }) => name === installed.name)).toEqual([
      {
        name: 'libseccomp-dev',
        uri: 'pkg:deb/debian/libseccomp-dev@1:2.5.1-1+deb11u1?arch=arm64&distro=bullseye',
        digest: { sha256: '4'.repeat(64) },
        downloadLocation: 'http://m.example/debian',
        annotations: { mirror: 'm', for: 'a step' },
      },
    ]);
    expect(runDetails.byproducts?.map(({ name }) => name)).toContain('build-inputs.json');
  });

  it('says how many packages it does not know, and where only the name is known, no digest', () => {
    const bare = { ...installed, arch: 'unknown', sha256: null, from: null, suite: null };
    const { buildDefinition, runDetails } = make(
      manifest,
      lock,
      inputsOf({ packages: [bare], cachedSteps: 3 }),
    ).predicate;
    expect(runDetails.metadata.debianPackages).toEqual({
      recorded: 1,
      withoutDigest: 1,
      cachedSteps: 3,
      clippedSteps: 0,
    });
    expect(buildDefinition.resolvedDependencies.find(({ name }) => name === installed.name)).toEqual({
      name: 'libseccomp-dev',
      uri: 'pkg:deb/debian/libseccomp-dev@1:2.5.1-1+deb11u1',
      annotations: { for: 'a step' },
    });
  });

  it.each<[string, Partial<Manifest>, object]>([
    [
      'an unchecked commit is only what the server gave',
      { pin: 'unchecked', clonedFrom: 'https://m.example/x.git' },
      { uri: 'git+https://m.example/x.git@v20.10.24' },
    ],
    [
      'a directory without git has its tree id',
      { pin: 'unchecked', clonedFrom: null, commit: null, tree: { before: RUNC, after: null } },
      { digest: { gitTree: RUNC } },
    ],
  ])('%s', (_title, more, expected) => {
    const [moby] = make({ ...manifest, ...more }).predicate.buildDefinition.resolvedDependencies;
    expect(moby).toMatchObject(expected);
  });

  it('has another plan digest for another patch, argument or resolution', () => {
    const digest = (more: Partial<Manifest>) =>
      make({ ...manifest, ...more }).predicate.buildDefinition.internalParameters.planDigest['sha256'];
    const all = [{}, { patches: [] }, { build: { args: { A: '1' }, env: {}, command: '' } }, { target: 'all' }].map(
      digest,
    );
    expect(new Set(all).size).toBe(all.length);
    expect(digest({ build: { args: { A: '1', B: '2' }, env: {}, command: '' } })).toBe(
      digest({ build: { args: { B: '2', A: '1' }, env: {}, command: '' } }),
    );
  });
});

const results = (text: string, more: Partial<Evidence> = {}) =>
  Object.fromEntries(
    checkStatement(text, { ...evidence, ...more }).map(({ id, result }) => [id.replace('provenance-', ''), result]),
  );

const GOOD = { provenance: 'ok', subjects: 'ok', upstream: 'ok', mirrors: 'warning', plan: 'ok', builder: 'skipped' };

describe('a statement that is held against files', () => {
  const text = JSON.stringify(make());
  const packed = (more: Partial<PackageEvidence>): PackageEvidence => ({
    ...{ file: 'docker-20.10.24.tgz', sha256: '7'.repeat(64), programs: evidence.binaries },
    ...more,
  });
  const packages = [{ name: 'docker-20.10.24.tgz', digest: { sha256: '7'.repeat(64) } }];
  const ofPackages = JSON.stringify(
    makeStatement({ manifest, manifestText: 'm', lock, lockText: 'l', ...NO_INPUTS, packages }),
  );
  it.each<[string, string, Partial<Evidence>, object]>([
    ['fits', text, {}, GOOD],
    [
      'other bytes',
      text,
      { binaries: [{ name: 'dockerd', file: 'dockerd-20.10.24', sha256: '9'.repeat(64) }] },
      { ...GOOD, subjects: 'failed' },
    ],
    ['a file that is gone', text, { binaries: [] }, { ...GOOD, subjects: 'failed' }],
    [
      'a file more',
      text,
      { binaries: [...evidence.binaries, { name: 'x', file: 'x', sha256 }] },
      { ...GOOD, subjects: 'failed' },
    ],
    ['another commit than the tag has', text, { commitOf: () => RUNC }, { ...GOOD, upstream: 'failed' }],
    ['a tag that is not known', text, { commitOf: () => null }, { ...GOOD, upstream: 'warning' }],
    ['no manifest', text, { manifest: null }, { ...GOOD, plan: 'skipped' }],
    ['other patches', text, { manifest: { ...manifest, patches: [] } }, { ...GOOD, plan: 'failed' }],
    [
      'another manifest',
      text,
      { manifest: { ...manifest, commit: RUNC } },
      { ...GOOD, upstream: 'failed', plan: 'failed' },
    ],
    ['signed', text, { signedBy: 'A1' }, { ...GOOD, builder: 'ok' }],
    ['signed, without a manifest', text, { signedBy: 'A1', manifest: null }, { ...GOOD, builder: 'ok' }],
    ['signed, of other bytes', text, { signedBy: 'A1', binaries: [] }, { ...GOOD, subjects: 'failed', builder: 'ok' }],
    ['a package of these programs', text, { packages: [packed({})] }, GOOD],
    [
      'a package with a program more',
      text,
      { packages: [packed({ programs: [...evidence.binaries, { name: 'x', file: 'x', sha256: '8'.repeat(64) }] })] },
      { ...GOOD, subjects: 'failed' },
    ],
    [
      'a package that nobody looked into',
      text,
      { packages: [packed({ programs: null })] },
      { ...GOOD, subjects: 'failed' },
    ],
    ['a package of texts', text, { packages: [packed({ programs: [] })] }, { ...GOOD, subjects: 'warning' }],
    ['a package that is a subject', ofPackages, { packages: [packed({ programs: [] })] }, GOOD],
    [
      'other bytes of such a package, with the right programs',
      ofPackages,
      { packages: [packed({ sha256: '8'.repeat(64) })] },
      { ...GOOD, subjects: 'failed' },
    ],
    ['no JSON', '{', {}, { provenance: 'failed' }],
    ['another document', '{"a":1}', {}, { provenance: 'failed' }],
    [
      "BuildKit's own provenance",
      text.replace('urn:moby-build:build:v1', 'https://mobyproject.org/buildkit@v1'),
      {},
      { provenance: 'failed' },
    ],
  ])('%s', (_title, statement, more, expected) => {
    expect(results(statement, more)).toEqual(expected);
  });

  it('with a digest for each dependency needs to believe no mirror', () => {
    const exact = { ...manifest, components: [] };
    expect(results(JSON.stringify(make(exact, null)), { manifest: exact })).toMatchObject({ mirrors: 'ok' });
  });
});
