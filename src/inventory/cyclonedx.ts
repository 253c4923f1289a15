import {
  ComponentScope,
  ComponentType,
  ExternalReferenceType,
  HashAlgorithm,
} from '@cyclonedx/cyclonedx-library/Enums';
import {
  Bom,
  Component,
  ExternalReference,
  ExternalReferenceRepository,
  HashDictionary,
  Property,
  PropertyRepository,
} from '@cyclonedx/cyclonedx-library/Models';
import { JSON as ToJson, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { dirHash, inventoryDigest, uuidOf } from './identity.ts';
import type { Inventory, InventoryLibrary, InventoryModule, InventorySource, SeenBinary } from './inventory.ts';
import { debianPurl, modulePurl, sourcePurl } from './purls.ts';

/** The prefix of our own properties (CycloneDX, property taxonomy). */
const OWN = 'moby-build:';

/**
 * The inventory as a CycloneDX 1.6 document. It has no random number: serial number and references follow from the contents. Pure.
 *
 * @param seconds the one time in it, since 1970
 */
export function cycloneDx(inventory: Inventory, seconds: number): string {
  const { manifest, sources, binaries, modules, libraries } = inventory;
  const bom = new Bom({ serialNumber: `urn:uuid:${uuidOf(inventoryDigest(inventory))}`, version: 1 });
  bom.metadata.timestamp = new Date(seconds * 1000);
  bom.metadata.tools.components.add(
    new Component(ComponentType.Application, manifest.tool.name, {
      ...{ version: manifest.tool.version, bomRef: `tool:${manifest.tool.name}` },
    }),
  );
  const root = new Component(ComponentType.Application, 'moby', {
    ...{ bomRef: 'build', version: manifest.ref, description: `moby ${manifest.ref} for ${manifest.platform}` },
  });
  bom.metadata.component = root;
  for (const note of inventory.differences) bom.metadata.properties.add(new Property(`${OWN}difference`, note));
  for (const note of inventory.unknown) bom.metadata.properties.add(new Property(`${OWN}unknown`, note));
  const files = new Map(binaries.map((binary) => [binary.name, fileComponent(binary)]));
  const parts = [
    ...modules.map((module) => ({ component: moduleComponent(module), binaries: module.binaries })),
    ...libraries.flatMap((library) =>
      libraryComponents(library).map((component) => ({ component, binaries: library.binaries })),
    ),
  ];
  for (const component of [...sources.map(sourceComponent), ...files.values()]) {
    bom.components.add(component);
    root.dependencies.add(component.bomRef);
  }
  for (const { component, binaries: holders } of parts) {
    bom.components.add(component);
    for (const name of holders) files.get(name)?.dependencies.add(component.bomRef);
  }
  const serializer = new JsonSerializer(new ToJson.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function fileComponent({ name, path, sha256, go, libraries }: SeenBinary): Component {
  return new Component(ComponentType.File, path, {
    bomRef: `file:${path}`,
    hashes: new HashDictionary([[HashAlgorithm['SHA-256'], sha256]]),
    scope: ComponentScope.Required,
    properties: properties({
      binary: [name],
      'go-version': go === null ? [] : [go.goVersion],
      'linked-statically': libraries ?? [],
    }),
  });
}

function sourceComponent({ name, uri, commit, version }: InventorySource): Component {
  const purl = uri === null || commit === null ? null : sourcePurl(uri, commit);
  return new Component(ComponentType.Application, name, {
    ...{ bomRef: `source:${name}`, version: commit ?? version },
    ...(purl === null ? {} : { purl }),
    ...(uri === null
      ? {}
      : {
          externalReferences: new ExternalReferenceRepository([new ExternalReference(uri, ExternalReferenceType.VCS)]),
        }),
    properties: properties({ pinned: [version] }),
  });
}

function moduleComponent({ path, version, sum, binaries, trees }: InventoryModule): Component {
  const purl = modulePurl(path, version);
  const hash = dirHash(sum);
  return new Component(ComponentType.Library, path, {
    ...{ bomRef: purl, purl, version },
    // What only a list names may be for tests, or for another program of the tree.
    scope: binaries.length > 0 ? ComponentScope.Required : ComponentScope.Optional,
    properties: properties({
      'in-binary': binaries,
      'in-tree': trees,
      // A sum of Go is over a list of files, and no digest of one file.
      'go-dirhash-sha256': hash === null ? [] : [hash],
    }),
  });
}

/** One for each package that was installed; where none was seen, the library alone, with the image that it is from unsaid. */
function libraryComponents({ name, binaries, packages }: InventoryLibrary): readonly Component[] {
  const own = { 'linked-statically-into': binaries };
  if (packages.length === 0) {
    const more = properties({ ...own, version: ['not recorded: it was in the base image, or its step was cached'] });
    return [
      new Component(ComponentType.Library, name, {
        ...{ bomRef: `library:${name}`, scope: ComponentScope.Required, properties: more },
      }),
    ];
  }
  return packages.map((each) => {
    const purl = debianPurl(each.name, each.version, each.arch);
    return new Component(ComponentType.Library, each.name, {
      ...{ bomRef: purl, purl, version: each.version, scope: ComponentScope.Required },
      ...(each.sha256 === null ? {} : { hashes: new HashDictionary([[HashAlgorithm['SHA-256'], each.sha256]]) }),
      properties: properties({ ...own, library: [name] }),
    });
  });
}

function properties(of: Readonly<Record<string, readonly string[]>>): PropertyRepository {
  return new PropertyRepository(
    Object.entries(of).flatMap(([name, values]) => values.map((value) => new Property(`${OWN}${name}`, value))),
  );
}
