/** Sentences on folders of this machine that stand for mirrors (`--mirror apt=file:///…`). */
export const FOLDER_WORDS = {
  aptSupply: 'the folder of --mirror apt=file:///DIR, once the package is in it, or a bundle (--bundle FILE)',
  suiteSupply: (suite: string) =>
    `dists/${suite} of a mirror of Debian in that folder; a folder of its own: --mirror apt:${suite}=file:///DIR; without this suite: --mirror apt:${suite}=none`,
  aptKnown:
    'apt-get on this machine and the base image in its engine, which say what is needed, or a folder with that alone',
  imageUnknown: 'the engine does not say what the base image has',
  noApt: 'apt-get is not on this machine',
  noGo: 'the go command is not on this machine',
  tooLarge: (why: string) => `${why}, so all of it would go into the tree, and it is larger than 8 GiB`,
  allPackages: (why: string) =>
    `All packages of the folder go into the tree, for which of them are needed is not known: ${why}. The apt of the steps says so where one is missing.`,
  allModules: (why: string) =>
    `All modules of the folder go into the tree, for which of them are needed is not known: ${why}. The go command of the steps says so where one is missing.`,
  notIn: (dirs: readonly string[]) => `it is not in ${dirs.join(' or ')}`,
  goSupply: 'the folder of --mirror gomod=file:///DIR, once the module is in it, or a bundle (--bundle FILE)',
  noRecord: (database: string) =>
    `the folder has no record of it of the checksum database (sumdb/${database}), and the check stays on`,
  sumdbSupply:
    'the folder cache/download of a GOMODCACHE whose go command downloaded it, which has sumdb, or a bundle (--bundle FILE)',
  taken: (packages: number, modules: number) => `${packages} files of packages and ${modules} of modules from folders`,
} as const;
