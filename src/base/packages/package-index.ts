import { compareVersions } from './version.ts';

/** A package of a suite, as its index lists it (deb822(5), "Packages"). */
export interface IndexedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly essential: boolean;
  readonly priority: string;
  /** What must be there: `Pre-Depends` and `Depends` together. */
  readonly depends: readonly (readonly Relation[])[];
  readonly provides: readonly Relation[];
  /** Below the mirror's folder: `pool/main/b/bash/bash_5.1-2_amd64.deb`. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** `libc6 (>= 2.31)`; of several with `|` between them one is enough. */
export interface Relation {
  readonly name: string;
  /** `>=` and its version, or null. */
  readonly version: readonly [relation: string, version: string] | null;
}

const RELATION =
  /^(?<name>[a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?(?:\s*\(\s*(?<relation><<|<=|>=|>>|<|>|=)\s*(?<version>[^\s)]+)\s*\))?$/u;
const NAME = /^[a-z0-9][a-z0-9+.-]+$/u;
const VERSION = /^(?:\d+:)?\d[A-Za-z0-9.+~-]*$/u;

/** The fields that are read, at the beginning of a line. */
const FIELD =
  /^(Package|Version|Architecture|Filename|SHA256|Size|Priority|Essential|Pre-Depends|Depends|Provides): *(.*)$/gmu;

/**
 * The packages of a text of `Packages`. The text is signed for, and still judged: names go into names of files. What is not of Debian's form is left out.
 * Pure.
 */
export function readPackageIndex(text: string): readonly IndexedPackage[] {
  return text.split(/\n{2,}/u).flatMap((stanza): IndexedPackage[] => {
    const fields = new Map([...stanza.matchAll(FIELD)].map(([, name = '', value = '']) => [name, value.trim()]));
    const field = (name: string): string => fields.get(name) ?? '';
    const [name, version, architecture] = [field('Package'), field('Version'), field('Architecture')];
    const [path, sha256] = [field('Filename'), field('SHA256')];
    const isSound = NAME.test(name) && VERSION.test(version) && /^[a-z0-9-]+$/u.test(architecture) && isPlainPath(path);
    if (!isSound || !/^[0-9a-f]{64}$/u.test(sha256)) return [];
    return [
      {
        ...{ name, version, architecture, path, sha256, bytes: Number(field('Size')), priority: field('Priority') },
        essential: field('Essential') === 'yes',
        depends: [...relationsOf(field('Pre-Depends')), ...relationsOf(field('Depends'))],
        provides: relationsOf(field('Provides')).flat(),
      },
    ];
  });
}

function isPlainPath(path: string): boolean {
  return /^[\w!+.,:@=~%/-]+$/u.test(path) && !path.startsWith('/') && !path.split('/').includes('..');
}

function relationsOf(value: string): readonly (readonly Relation[])[] {
  const groups = value.split(',').filter((group) => group.trim() !== '');
  return groups.map((group) =>
    group.split('|').flatMap((alternative): Relation[] => {
      const { name, relation, version } = RELATION.exec(alternative.trim())?.groups ?? {};
      if (name === undefined) return [];
      return [{ name, version: relation === undefined || version === undefined ? null : [relation, version] }];
    }),
  );
}

/** Of all packages of several indexes the newest of each name, as apt would choose where nothing is pinned; of equal ones that of the first index. Pure. */
export function newestOf<Package extends IndexedPackage>(packages: readonly Package[]): ReadonlyMap<string, Package> {
  const newest = new Map<string, Package>();
  for (const each of packages) {
    const before = newest.get(each.name);
    if (before === undefined || compareVersions(each.version, before.version) > 0) newest.set(each.name, each);
  }
  return newest;
}
