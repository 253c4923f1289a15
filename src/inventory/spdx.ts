import { dirHash, inventoryDigest, uuidOf } from './identity.ts';
import type { Inventory } from './inventory.ts';
import { debianPurl, modulePurl, sourcePurl } from './purls.ts';

interface Package {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo?: string;
  readonly downloadLocation: string;
  readonly filesAnalyzed: false;
  readonly licenseConcluded: 'NOASSERTION';
  readonly licenseDeclared: 'NOASSERTION';
  readonly copyrightText: 'NOASSERTION';
  readonly comment?: string;
  readonly checksums?: readonly { readonly algorithm: 'SHA256'; readonly checksumValue: string }[];
  readonly externalRefs?: readonly {
    readonly referenceCategory: 'PACKAGE-MANAGER';
    readonly referenceType: 'purl';
    readonly referenceLocator: string;
  }[];
}

/**
 * The inventory as an SPDX 2.3 document. Pure. Source: spdx.github.io/spdx-spec/v2.3, clauses 6 to 11.
 *
 * @param seconds the one time in it, since 1970
 */
export function spdx(inventory: Inventory, seconds: number): string {
  const { manifest, binaries, sources, modules, libraries, differences, unknown } = inventory;
  const root = packageOf('build', 'moby', { version: manifest.ref });
  const files = binaries.map(({ name, path, sha256 }) => ({
    holder: name,
    file: {
      ...{ SPDXID: idOf('File', path), fileName: `./${path}`, licenseConcluded: 'NOASSERTION' },
      ...{ copyrightText: 'NOASSERTION', checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }] },
    },
  }));
  const built = sources.map(({ name, uri, commit, version }) =>
    packageOf('source', name, {
      version: commit ?? version,
      location: uri === null ? 'NOASSERTION' : `git+${uri}${commit === null ? '' : `@${commit}`}`,
      purl: uri === null || commit === null ? null : sourcePurl(uri, commit),
    }),
  );
  const parts = [
    ...modules.map(({ path, version, sum, binaries: holders }) => ({
      holders,
      part: packageOf('module', `${path}@${version}`, {
        ...{ label: path, version, purl: modulePurl(path, version) },
        comment: dirHash(sum) === null ? undefined : `dirhash of Go: ${sum ?? ''}`,
      }),
    })),
    ...libraries.flatMap(({ name, binaries: holders, packages }) =>
      packages.length === 0
        ? [{ holders, part: packageOf('library', name, { comment: 'Its version was not recorded.' }) }]
        : packages.map((each) => ({
            holders,
            part: packageOf('deb', `${each.name}-${each.version}-${each.arch}`, {
              ...{ label: each.name, version: each.version, sha256: each.sha256 },
              purl: debianPurl(each.name, each.version, each.arch),
            }),
          })),
    ),
  ];
  const idOfHolder = new Map(files.map(({ holder, file }) => [holder, file.SPDXID]));
  const relation = (one: string, type: string, other: string) => ({
    ...{ spdxElementId: one, relationshipType: type, relatedSpdxElement: other },
  });
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `moby-${manifest.ref}-${manifest.platform.replaceAll('/', '-')}`,
    documentNamespace: `urn:uuid:${uuidOf(inventoryDigest(inventory))}`,
    creationInfo: {
      created: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
      creators: [`Tool: ${manifest.tool.name}-${manifest.tool.version}`],
    },
    ...(differences.length + unknown.length === 0
      ? {}
      : { comment: [...differences, ...unknown.map((each) => `Not known: ${each}`)].join('\n') }),
    packages: [root, ...built, ...parts.map(({ part }) => part)],
    files: files.map(({ file }) => file),
    relationships: [
      relation('SPDXRef-DOCUMENT', 'DESCRIBES', root.SPDXID),
      ...built.map(({ SPDXID }) => relation(root.SPDXID, 'GENERATED_FROM', SPDXID)),
      ...files.map(({ file }) => relation(root.SPDXID, 'CONTAINS', file.SPDXID)),
      ...parts.flatMap(({ part, holders }) =>
        holders.length === 0
          ? [relation(part.SPDXID, 'OPTIONAL_DEPENDENCY_OF', root.SPDXID)]
          : holders.flatMap((name) => {
              const holder = idOfHolder.get(name);
              return holder === undefined ? [] : [relation(holder, 'STATIC_LINK', part.SPDXID)];
            }),
      ),
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Facts {
  readonly label?: string;
  readonly version?: string;
  readonly location?: string;
  readonly purl?: string | null;
  readonly comment?: string | undefined;
  readonly sha256?: string | null;
}

function packageOf(kind: string, name: string, facts: Facts): Package {
  const { label = name, version, location = 'NOASSERTION', purl = null, comment, sha256 = null } = facts;
  return {
    ...{ SPDXID: idOf(kind, name), name: label, downloadLocation: location, filesAnalyzed: false },
    ...{ licenseConcluded: 'NOASSERTION', licenseDeclared: 'NOASSERTION', copyrightText: 'NOASSERTION' },
    ...(version === undefined ? {} : { versionInfo: version }),
    ...(comment === undefined ? {} : { comment }),
    ...(sha256 === null ? {} : { checksums: [{ algorithm: 'SHA256', checksumValue: sha256 } as const] }),
    ...(purl === null
      ? {}
      : {
          externalRefs: [
            { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl } as const,
          ],
        }),
  };
}

/** Letters, digits, `.` and `-` only (clause 3.2); other signs as their number, so that two names never become one. */
function idOf(kind: string, name: string): string {
  const safe = name.replace(/[^a-zA-Z0-9.]/gu, (each) => `-${(each.codePointAt(0) ?? 0).toString(16)}-`);
  return `SPDXRef-${kind}-${safe}`;
}
