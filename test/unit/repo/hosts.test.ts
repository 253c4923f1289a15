import { describe, expect, it } from 'vitest';
import { hostsIn, registryHosts } from './machine-hosts.ts';
import { readRepositoryFile, repositoryFiles } from './repository.ts';

/** Hosts that the product is about stand in its catalogue; a machine that is configured for one of them proves nothing here. */
function catalogueHosts(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => file === 'src/mirrors/catalogue/catalogue.json')
    .flatMap((file) => hostsIn(readRepositoryFile(file)));
}

describe('the registries of the machine that this was written on', () => {
  it('stand in no file of the repository', () => {
    const files = repositoryFiles();
    const known = new Set(catalogueHosts(files));
    const hosts = registryHosts().filter((host) => !known.has(host));
    const found = files.flatMap((file) => {
      const text = readRepositoryFile(file).toLowerCase();
      return hosts.filter((host) => text.includes(host)).map((host) => `${file}: ${host}`);
    });
    expect(found).toEqual([]);
  });

  it('would be found: hostsIn reads sources.list, deb822, proxies and npm', () => {
    const text =
      'deb [signed-by=/k] http://debian.example/debian bookworm main\nURIs: https://Deb2.example/x https://u:p@npm.example:8080/';
    expect(hostsIn(text)).toEqual(['debian.example', 'deb2.example', 'npm.example']);
  });
});

describe('package-lock.json', () => {
  it('names no registry, so that npm ci asks the configured one', () => {
    expect(readRepositoryFile('package-lock.json')).not.toContain('"resolved"');
  });
});

describe('paths of the machine that this was written on', () => {
  it('stand in no file of the repository', () => {
    const place = /\/work\/(?:main|shared|\.)|\/tmp\/(?:trees|brief)\b/u;
    const self = 'test/unit/repo/hosts.test.ts';
    expect(repositoryFiles().filter((file) => file !== self && place.test(readRepositoryFile(file)))).toEqual([]);
  });
});
