import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycle, importsOf, membersUsed, type Import } from './imports.ts';
import { readRepositoryFile, repositoryFiles } from './repository.ts';

/**
 * Which rooms a room may import from, besides itself: a file or a folder right below src/. The order of design.md: cli → commands → run →
 * the middle rooms → system → errors, types. Sub-rooms have an order too, which the test of cycles below keeps.
 */
const MIDDLE = [
  'moby',
  'transport',
  'source',
  'dockerfile',
  'shell',
  'egress',
  'components',
  'mirrors',
  'patching',
  'store',
  'bundle',
  'base',
  'lockfile',
  'workdir',
  'seal',
  'handover',
  'make',
  'artifacts',
  'comparison',
  'provenance',
  'signing',
  'inventory',
  'packages',
  'smoke',
  'doctor',
  'explain',
  'report',
  'config',
  'matrix',
];
const FOUNDATION = [
  'build-cache',
  'cpus',
  'image-reference',
  'wrapped',
  'types',
  'errors',
  'codes',
  'check-codes',
  'doctor-check-ids',
  'names',
  'document',
  'next-command',
  'symptoms',
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['commands', 'config', 'ui', 'system', ...FOUNDATION],
  commands: ['run', 'ui', ...MIDDLE, 'system', ...FOUNDATION],
  run: ['ui/messages.ts', ...MIDDLE, 'system', ...FOUNDATION],
  // Between middle rooms: the scan reads Dockerfiles and shell, the patches need the scan and the mirrors, and what one of them needs of another stands here.
  handover: ['components', 'egress', 'dockerfile', 'mirrors', 'moby', 'patching', 'source', 'store', ...FOUNDATION],
  workdir: ['lockfile', 'make', 'report', 'config', 'mirrors', 'smoke', 'system', ...FOUNDATION],
  dockerfile: [...FOUNDATION],
  shell: [...FOUNDATION],
  egress: ['dockerfile', 'shell', ...FOUNDATION],
  components: ['egress', 'dockerfile', 'shell', ...FOUNDATION],
  mirrors: ['system', ...FOUNDATION],
  patching: ['components', 'egress', 'mirrors', 'dockerfile', 'shell', 'system', ...FOUNDATION],
  moby: ['system', ...FOUNDATION],
  transport: ['mirrors', 'moby', 'system', ...FOUNDATION],
  source: ['mirrors', 'moby', 'transport', 'system', ...FOUNDATION],
  store: ['system', ...FOUNDATION],
  bundle: ['system', ...FOUNDATION],
  base: ['handover', 'mirrors', 'moby', ...FOUNDATION],
  lockfile: ['system', ...FOUNDATION],
  make: ['artifacts', 'system', ...FOUNDATION],
  artifacts: ['components', 'lockfile', 'system', ...FOUNDATION],
  provenance: ['artifacts', 'inventory', 'lockfile', ...FOUNDATION],
  inventory: ['artifacts', 'system', ...FOUNDATION],
  signing: ['artifacts', 'system', ...FOUNDATION],
  comparison: ['artifacts', 'system', ...FOUNDATION],
  packages: ['artifacts', 'inventory', 'lockfile', 'make', 'provenance', 'signing', 'system', ...FOUNDATION],
  smoke: ['artifacts', 'moby', 'system', ...FOUNDATION],
  doctor: ['make', 'system', ...FOUNDATION],
  explain: ['make', 'mirrors', ...FOUNDATION],
  // What both forms of a report share with tables on a terminal: amounts, and texts that hide nothing.
  report: ['make', 'ui/amounts.ts', 'ui/markdown-table.ts', 'ui/visible.ts', 'system', ...FOUNDATION],
  config: ['system', ...FOUNDATION],
  matrix: ['config', 'make', 'moby', 'system', ...FOUNDATION],
  seal: ['dockerfile', 'make', 'system', ...FOUNDATION],
  system: [...FOUNDATION],
  // What all commands show alike; what one command shows stands beside it.
  ui: ['system', ...FOUNDATION],
  document: ['check-codes', 'codes', 'names'],
  types: ['names', 'document'],
  errors: ['codes', 'next-command'],
  'next-command': [],
  // What messages of programs mean: data, which any room may read.
  symptoms: ['next-command'],
  'check-codes': ['doctor-check-ids'],
  codes: [],
  'doctor-check-ids': [],
  names: [],
  cpus: [],
  'image-reference': [],
  wrapped: [],
  'build-cache': [],
};
/** A folder that holds more is several rooms. */
const MOST_FILES = 15;

/** Rooms that decide on values only, and so import nothing that touches the outside. */
const PURE_ROOMS = ['dockerfile', 'shell', 'egress', 'components', 'config', 'symptoms', 'explain', 'matrix', 'report'];
const OUTSIDE = [
  'node:fs',
  'node:fs/promises',
  'node:child_process',
  'node:http',
  'node:https',
  'node:net',
  'execa',
  'zx/core',
  'simple-git',
];
/** `node:net` has isIP, which asks nobody. */
const ALLOWED_OUTSIDE: Readonly<Record<string, readonly string[]>> = { 'src/config/options/values.ts': ['node:net'] };

const files = repositoryFiles().filter((file) => /^src\/.*\.ts$/u.test(file));
const texts = new Map(files.map((file) => [file, readRepositoryFile(file)]));
const roomOf = (file: string) => /^src\/([^/]+)\//u.exec(file)?.[1] ?? posix.basename(file, '.ts');
const target = (file: string, specifier: string) => posix.join(posix.dirname(file), specifier);
const imports = new Map([...texts].map(([file, text]) => [file, importsOf(text)]));
const localImports = [...imports].map(
  ([file, all]) => [file, all.filter(({ specifier }) => specifier.startsWith('.'))] as const,
);

describe('the rooms', () => {
  it('are there at all', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it('are ones that design.md knows', () => {
    expect(files.filter((file) => !Object.hasOwn(MAY_IMPORT, roomOf(file)))).toEqual([]);
  });

  it('import downwards only', () => {
    const allowed = (file: string, { specifier }: Import) => {
      const imported = target(file, specifier);
      const room = roomOf(imported);
      const rules = MAY_IMPORT[roomOf(file)] ?? [];
      return room === roomOf(file) || rules.includes(room) || rules.includes(imported.replace('src/', ''));
    };
    const wrong = localImports.flatMap(([file, local]) =>
      local.filter((entry) => !allowed(file, entry)).map(({ specifier }) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no import cycle, types counted', () => {
    const graph = new Map(
      localImports.map(([file, local]) => [file, local.map(({ specifier }) => target(file, specifier))]),
    );
    expect(findCycle(graph)).toBeNull();
  });

  it('and their sub-rooms have no import cycle either, types counted', () => {
    const folderOf = (file: string) => (/^src\/[^/]+$/u.test(file) ? file : posix.dirname(file));
    const graph = new Map<string, string[]>();
    for (const [file, local] of localImports) {
      const from = folderOf(file);
      const to = local.map(({ specifier }) => folderOf(target(file, specifier))).filter((folder) => folder !== from);
      graph.set(from, [...(graph.get(from) ?? []), ...to]);
    }
    expect(findCycle(graph)).toBeNull();
  });

  it(`hold at most ${String(MOST_FILES)} files a folder`, () => {
    const sizes = new Map<string, number>();
    for (const file of repositoryFiles().filter((each) => each.startsWith('src/')))
      sizes.set(posix.dirname(file), (sizes.get(posix.dirname(file)) ?? 0) + 1);
    expect([...sizes].filter(([, count]) => count > MOST_FILES)).toEqual([]);
  });

  it('that decide touch nothing outside', () => {
    const wrong = [...imports]
      .filter(([file]) => PURE_ROOMS.includes(roomOf(file)))
      .flatMap(([file, all]) =>
        all
          .filter(({ specifier }) => OUTSIDE.includes(specifier) && ALLOWED_OUTSIDE[file]?.includes(specifier) !== true)
          .map(({ specifier }) => `${file} imports ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it('start programs in src/system only', () => {
    const wrong = [...imports]
      .filter(([file]) => roomOf(file) !== 'system')
      .flatMap(([file, all]) =>
        all
          .filter(({ specifier }) => /^(?:node:child_process|execa|zx.*|simple-git)$/u.test(specifier))
          .map(() => file),
      );
    expect(wrong).toEqual([]);
  });
});

describe('the files', () => {
  it('import with the ending .ts or .json', () => {
    const wrong = localImports.flatMap(([file, local]) =>
      local
        .filter(({ specifier }) => !/\.(?:ts|json)$/u.test(specifier))
        .map(({ specifier }) => `${file}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are named after one idea', () => {
    expect(files.filter((file) => /(?:^|[/-])(?:utils?|helpers?|misc|common)\.ts$|\/index\.ts$/u.test(file))).toEqual(
      [],
    );
  });

  it('have no default export', () => {
    expect([...texts].filter(([, text]) => /^export default\b/mu.test(text)).map(([file]) => file)).toEqual([]);
  });

  it('are no longer than 300 lines', () => {
    const code = repositoryFiles().filter(
      (file) => /^(?:src|test|scripts)\/.*\.(?:ts|mjs)$/u.test(file) && !file.includes('/light-tree/'),
    );
    const long = code
      .map((file) => ({ file, lines: readRepositoryFile(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it('never end the process or print, but for cli.ts and ui', () => {
    const wrong = [...texts]
      .filter(([file]) => file !== 'src/cli.ts' && roomOf(file) !== 'ui')
      .flatMap(([file, text]) => membersUsed(text).map((member) => `${file}: ${member}`))
      .filter((use) => /: (?:process\.(?:exit|exitCode|stdout|stderr)|console\.\w+)$/u.test(use));
    expect(wrong).toEqual([]);
  });

  it('have no empty catch', () => {
    expect(
      [...texts]
        .filter(([, text]) => /catch(?:\s*\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*\{\s*\}\)/u.test(text))
        .map(([file]) => file),
    ).toEqual([]);
  });
});

describe('the rules themselves', () => {
  it('see imports of every form', () => {
    const text =
      "import { a } from './a.ts';\nimport type { B } from './b.ts';\nexport { c } from './c.ts';\nconst d = await import('./d.ts');";
    expect(importsOf(text)).toEqual([
      { specifier: './a.ts', typeOnly: false },
      { specifier: './b.ts', typeOnly: true },
      { specifier: './c.ts', typeOnly: false },
      { specifier: './d.ts', typeOnly: false },
    ]);
  });

  it('see members in code, not in strings and comments', () => {
    expect(membersUsed("// process.exit(1)\nconst a = 'console.log(1)';\nprocess.exit(2); console.error(a);")).toEqual([
      'process.exit',
      'console.error',
    ]);
  });

  it('find a cycle, and none where there is none', () => {
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
        ]),
      ),
    ).toEqual(['a', 'b', 'c', 'a']);
    expect(
      findCycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toBeNull();
  });
});
