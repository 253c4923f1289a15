/** A change of the line that the user typed. What it does not name stays as it was. */
export interface LineChange {
  /** Options with one value: `['--profile', 'cn']`; null takes the option away. */
  readonly set?: readonly (readonly [flag: string, value: string | null])[];
  /** Options with NAME=VALUE: one of the same flag and name is replaced. */
  readonly pairs?: readonly (readonly [flag: string, name: string, value: string])[];
  /** Flags that may come several times, or have no value: `['--trust-image', 'golang']`, `['--no-locked']`. */
  readonly add?: readonly (readonly string[])[];
  /** Flags without a value that are taken away, in each of their forms. */
  readonly without?: readonly string[];
  /** The command to run in place of the user's; a line of neither build nor patch has options that it does not know, and keeps none. */
  readonly becomes?: 'doctor';
}

/** A command of ours to run next: the user's own line with a change, or the words of another one. */
export type OwnCommand = (
  { readonly is: 'again'; readonly change: LineChange } | { readonly is: 'other'; readonly words: readonly string[] }
) & {
  /** Whether it needs to be run by root. */
  readonly asRoot?: true;
};

/** What to run next: a command of ours, or the text of another program's. */
export type NextCommand = string | OwnCommand;

/** Seconds; whoever waited so long is not told to wait longer. */
export const LONG_PROBE = 60;

/** A maker of a command, with arguments that a test can call it with. */
interface Maker<Args extends readonly string[]> {
  (...args: Args): OwnCommand;
  readonly sample: Args;
}

function maker<const Args extends readonly string[]>(sample: Args, make: (...args: Args) => OwnCommand): Maker<Args> {
  return Object.assign((...args: Args) => make(...args), { sample });
}

function again(change: LineChange = {}): OwnCommand {
  return { is: 'again', change };
}

function other(...words: readonly string[]): OwnCommand {
  return { is: 'other', words };
}

type Text = string;

/**
 * Every command of ours that an error or a hint recommends. They stand here, and nowhere else, so that a test can hold each against our own
 * parser. Capital letters stand for what only the user knows.
 */
export const NEXT = {
  again: maker([], () => again()),
  asRoot: maker([], () => ({ ...again(), asRoot: true })),
  ref: maker(['v20.10.27'] as [Text], (ref) => again({ set: [['--ref', ref]] })),
  /** A release instead of the tree that was named. */
  refNotTree: maker(['v20.10.27'] as [Text], (ref) =>
    again({
      set: [
        ['--source', null],
        ['--commit', null],
        ['--ref', ref],
      ],
    }),
  ),
  anyCommit: maker([], () => again({ set: [['--commit', null]] })),
  source: maker(['/src/moby'] as [Text], (source) => again({ set: [['--source', source]] })),
  out: maker(['moby.tar'] as [Text], (file) => again({ set: [['--out', file]] })),
  /** One of the builds of a bundle. */
  cell: maker(['v20.10.27', 'arm64', 'binary'] as [Text, Text, Text], (ref, arch, target) =>
    again({
      set: [
        ['--platform', null],
        ['--ref', ref],
        ['--arch', arch],
        ['--target', target],
      ],
    }),
  ),
  /** With a bundle to which the one that was given leaves files. */
  olderBundle: maker(['moby.tar'] as [Text], (file) => again({ add: [['--bundle', file]] })),
  serveBundles: maker(['moby-more.tar', 'moby.tar'] as Text[], (...files) => other('bundle', 'serve', ...files)),
  /** A build in the words of a bundle. */
  build: maker(['--ref', 'v20.10.27'] as Text[], (...words) => other('build', ...words)),
  createBundle: maker(['--ref', 'v20.10.27', '--out', 'moby.tar'] as Text[], (...words) =>
    other('bundle', 'create', ...words),
  ),
  serveAtFreePort: maker(['moby.tar'] as [Text], (file) => other('bundle', 'serve', file, '--listen', '127.0.0.1:0')),
  split: maker(['100M'] as [Text], (size) => again({ set: [['--split', size]] })),
  profile: maker(['cn'] as [Text], (name) => again({ set: [['--profile', name]] })),
  mirror: maker(['git', 'https://MIRROR/{url}'] as [Text, Text], (kind, value) =>
    again({ pairs: [['--mirror', kind, value]] }),
  ),
  image: maker(['golang', 'registry.example/library/golang:TAG'] as [Text, Text], (name, reference) =>
    again({ pairs: [['--image', name, reference]] }),
  ),
  baseDebian: maker([], () => again({ set: [['--base', 'debian']] })),
  baseImages: maker([], () => again({ set: [['--base', 'images']] })),
  goVersion: maker(['1.19.13'] as [Text], (version) => again({ pairs: [['--build-arg', 'GO_VERSION', version]] })),
  trustImages: maker(['golang', 'vpnkit'] as Text[], (...names) =>
    again({ add: names.map((name) => ['--trust-image', name]) }),
  ),
  suite: maker(['bookworm'] as [Text], (name) => again({ set: [['--suite', name]] })),
  target: maker(['binary'] as [Text], (name) => again({ set: [['--target', name]] })),
  frontendBuiltin: maker([], () => again({ set: [['--frontend', 'builtin']] })),
  component: maker(['runc', 'v1.1.4'] as [Text, Text], (component, version) =>
    again({ pairs: [['--component', component, version]] }),
  ),
  version: maker(['20.10.12'] as [Text], (version) => again({ pairs: [['--build-arg', 'VERSION', version]] })),
  netrc: maker([], () => again({ set: [['--netrc', 'FILE']] })),
  ca: maker([], () => again({ set: [['--ca', 'FILE']] })),
  arch: maker(['arm64'] as [Text], (arch) =>
    again({
      set: [
        ['--platform', null],
        ['--arch', arch],
      ],
    }),
  ),
  emulate: maker([], () => again({ add: [['--emulate']] })),
  sourcesByHost: maker([], () => again({ set: [['--sources', 'host']], without: ['--in-place'] })),
  noProbe: maker([], () => again({ add: [['--no-probe']] })),
  longerProbe: maker([], () => again({ set: [['--probe-timeout', String(LONG_PROBE)]] })),
  oneTag: maker(['v20.10.27'] as [Text], (ref) =>
    again({
      set: [
        ['--tags', null],
        ['--ref', ref],
      ],
    }),
  ),
  /** Builds, and writes the lock file anew. */
  newLock: maker(['moby-build.lock', 'yes'] as [Text, Text], (file, elsewhere) =>
    again({
      without: ['--locked', '--dry-run'],
      set: file === '' ? [] : [['--lock', file]],
      // Else the environment or a file says it.
      add: elsewhere === '' ? [] : [['--no-locked']],
    }),
  ),
  /** What is still possible with a release that is not built. */
  patchOf: maker(['v19.03.15'] as [Text], (ref) => other('patch', '--ref', ref)),
  verify: maker(['/out dir'] as [Text], (directory) => other('verify', directory)),
  /** Looks at the machine for the same build. */
  doctor: maker([], () => again({ becomes: 'doctor', without: ['--dry-run'] })),
  doctorList: maker([], () => other('doctor', '--list')),
  verbose: maker([], () => again({ without: ['--verbose', '--quiet'], add: [['--verbose']] })),
  smokeOnly: maker(['info', 'version'] as Text[], (...ids) =>
    again({ set: [['--only', null]], add: ids.map((id) => ['--only', id]) }),
  ),
  smokeAsRoot: maker(['/out dir'] as [Text], (directory) => ({ ...other('smoke', directory), asRoot: true })),
  packArchive: maker(['/out dir'] as [Text], (dir) => other('pack', dir, '--format', 'tgz')),
  smokeList: maker([], () => other('smoke', '--list')),
  mirrorsList: maker([], () => other('mirrors', 'list', '--json')),
  configShow: maker([], () => other('config', 'show')),
  save: maker([], () => again({ set: [['--save', 'FILE']] })),
  mirrorsSave: maker([], () => other('mirrors', 'probe', '--save', 'FILE')),
  /** Damaged entries have no date of a last use, so they count as older than any. */
  pruneDamaged: maker([], () => other('cache', 'prune', '--older-than', '36500', '--yes')),
  /** Without a terminal. */
  passphraseFile: maker([], () => again({ set: [['--passphrase-file', 'FILE']] })),
  help: maker(['build'] as [Text], (command) => other(command, '--help')),
  sealHost: maker(['cdn.example'] as [Text], (host) => again({ add: [['--seal'], ['--seal-host', host]] })),
  builder: maker(['default'] as [Text], (name) => again({ set: [['--builder', name]] })),
  /** Without the wish that nobody is asked. */
  online: maker([], () => again({ without: ['--offline'] })),
  noNetworkFlag: maker([], () => again({ set: [['--network', null]] })),
  /** The page of a code: where nothing better is known. */
  explain: maker(['no-output'] as [Text], (code) => other('explain', code)),
} as const;

/** The line of a build as one of another command; a line that is none gives the command alone. */
function inPlace(words: readonly string[], command: string): readonly string[] {
  const [first = '-'] = words;
  if (first === 'build' || first === 'patch') return [command, ...words.slice(1)];
  return first.startsWith('-') ? [command, ...words] : [command];
}

/** Switches that a line may have already. */
const ONCE = ['--no-probe', '--seal'];

/** The words of a line with a change; a `--` and what follows it stay at the end. Pure. */
export function changedWords(line: readonly string[], change: LineChange): readonly string[] {
  const words = change.becomes === undefined ? line : inPlace(line, change.becomes);
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  const set = change.set ?? [];
  const pairs = change.pairs ?? [];
  const kept: string[] = [];
  for (let index = 0; index < options.length; index += 1) {
    const word = options[index] ?? '';
    const [flag = ''] = word.split('=', 1);
    if (change.without?.includes(flag.replace(/^--no-/u, '--')) === true) continue;
    const apart = flag === word;
    const value = apart ? (options[index + 1] ?? '') : word.slice(flag.length + 1);
    const goes =
      set.some(([name]) => name === flag) || pairs.some(([name, key]) => name === flag && value.startsWith(`${key}=`));
    if (goes && apart) index += 1;
    if (!goes) kept.push(word);
  }
  return [
    ...kept,
    ...set.flatMap(([flag, value]) => (value === null ? [] : [flag, value])),
    ...pairs.flatMap(([flag, name, value]) => [flag, `${name}=${value}`]),
    ...(change.add ?? []).flat().filter((word) => !ONCE.includes(word) || !kept.includes(word)),
    ...(end < 0 ? [] : words.slice(end)),
  ];
}

/** The words of a command of ours, for a user who typed `line`. */
export function wordsOf(command: OwnCommand, line: readonly string[]): readonly string[] {
  return command.is === 'again' ? changedWords(line, command.change) : command.words;
}
