/**
 * What the tree does not say about the repositories that it fetches: facts of their own sources, at the commits that
 * moby pins (19.03 to 29). A repository that is not here counts as one that loads its modules.
 */
interface RepositoryFacts {
  /** Its sources hold `vendor/`: building it loads no modules. */
  readonly vendored?: true;
  /** The module's path where it is not the repository's. */
  readonly module?: string;
  /** Submodules that one of its own scripts pulls. */
  readonly submodules?: { readonly script: string; readonly urls: readonly string[]; readonly note: string };
}

const FACTS: ReadonlyMap<string, RepositoryFacts> = new Map<string, RepositoryFacts>([
  ['containerd/containerd', { vendored: true }],
  ['opencontainers/runc', { vendored: true }],
  ['docker/libnetwork', { vendored: true }],
  ['moby/libnetwork', { vendored: true }],
  ['docker/cli', { vendored: true }],
  ['docker/docker-ce', { vendored: true }],
  ['docker/distribution', { vendored: true }],
  ['distribution/distribution', { vendored: true }],
  ['go-delve/delve', { vendored: true }],
  // Built by their own Makefile, CMakeLists.txt or by the go command; they fetch nothing but modules.
  ['krallin/tini', {}],
  ['docker/windows-container-utility', {}],
  ['docker-archive/windows-container-utility', {}],
  ['rootless-containers/rootlesskit', {}],
  ['mvdan/sh', { module: 'mvdan.cc/sh' }],
  ['gotestyourself/gotestsum', { module: 'gotest.tools/gotestsum' }],
  [
    'containers/crun',
    {
      submodules: {
        script: 'autogen.sh',
        urls: [
          'https://github.com/containers/libocispec.git',
          'https://github.com/opencontainers/runtime-spec',
          'https://github.com/opencontainers/image-spec',
          'https://github.com/containers/yajl.git',
        ],
        note: "run by crun's own autogen.sh: git submodule update --init --recursive",
      },
    },
  ],
]);

/** `owner/name` of a git URL, also behind a mirror's prefix or on another host: the last two parts of its path, lower case. */
export function repositoryName(url: string): string {
  const path = url
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return path.split(/[/:]/).slice(-2).join('/').toLowerCase();
}

/**
 * Whether the table says what building it does. A mirror may serve it under any name: then the folder that it was put into tells,
 * `…/src/github.com/krallin/tini`, `/usr/src/tini`, `/tmp/crun-build`.
 */
export function isKnownRepository(url: string, folder: string): boolean {
  const own = repositoryName(url);
  const last = folder.split('/').at(-1)?.toLowerCase() ?? '';
  return [...FACTS.keys()].some((name) => {
    const word = name.split('/')[1] ?? name;
    return name === own || hasWord(own, word) || hasWord(last, word);
  });
}

function hasWord(text: string, word: string): boolean {
  return ` ${text.replaceAll(/[^a-z0-9]+/g, ' ')} `.includes(` ${word.replaceAll(/[^a-z0-9]+/g, ' ')} `);
}

/** What is known of a repository. A mirror may keep it without its owner, `https://git.corp/crun.git`; on GitHub the owner counts. */
export function repositoryFacts(url: string): RepositoryFacts {
  const own = repositoryName(url);
  const facts = FACTS.get(own);
  if (facts !== undefined || /(?:^|[/@.])github\.com[/:]/i.test(url)) return facts ?? {};
  const name = own.split('/').at(-1);
  return [...FACTS].find(([known]) => known.split('/')[1] === name)?.[1] ?? {};
}

/**
 * The path of the module in a checkout: below `/src/` of a GOPATH it is the folder's own, else host and path of the URL.
 * In: the repository's URL and the folder it was put into.
 */
export function modulePath(url: string, folder: string): string {
  const fixed = repositoryFacts(url).module;
  if (fixed !== undefined) return fixed;
  const below = importPath(folder);
  if (below !== null) return below;
  const plain = url.replace(/[?#].*$/, '').replace(/\.git$/, '');
  const inner = plain.lastIndexOf('://');
  return inner === -1 ? plain : plain.slice(inner + 3);
}

/** Whether a folder is where a GOPATH keeps a package: `…/src/HOST/…`. */
export function isBelowGopath(folder: string): boolean {
  return importPath(folder) !== null;
}

function importPath(folder: string): string | null {
  return /(?:^|\/)src\/([\w-]+(?:\.[\w-]+)+\/.+)$/.exec(folder)?.[1] ?? null;
}
