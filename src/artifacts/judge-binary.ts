import type { BinaryFacts, CheckResult } from '../types.ts';
import type { VersionAnswer } from './ask-version.ts';
import type { ElfFacts, FileFormat } from './elf/elf-format.ts';
import { elfOf } from '../cpus.ts';
import { readDockerdVersion, readProxyVersion, type Stamp } from './version-text.ts';

/** Everything that was seen of one binary. */
export interface SeenBinary {
  readonly facts: BinaryFacts;
  readonly format: FileFormat;
  readonly answer: VersionAnswer;
  readonly executable: boolean;
  readonly seconds: number;
}

export interface BinaryDemands {
  /** GOARCH */
  readonly arch?: string | undefined;
  /** What dockerd, and a docker-proxy that has an option for it, must say of themselves. */
  readonly version?: string | undefined;
  readonly gitCommit?: string | undefined;
  /** sha256 by name, of the manifest. */
  readonly sha256?: Readonly<Record<string, string>> | undefined;
  /** How dockerd must be linked: `static` for target `binary` and `all`, `dynamic` for `dynbinary`. */
  readonly dockerd?: 'static' | 'dynamic' | undefined;
}

/**
 * Judges one binary: its format, its machine, its links, what it says, its sum. Damage, another machine, another sum, a
 * dockerd that is not what was asked for: failed. A component that needs libraries: a warning, for it runs where they are. Pure.
 */
export function judgeBinary(seen: SeenBinary, demands: BinaryDemands): CheckResult {
  const { facts, format, answer } = seen;
  const bad: string[] = [];
  const doubtful: string[] = [];
  const good: string[] = [];

  if (format.kind === 'damaged') bad.push(`damaged: ${format.reason}`);
  else if (format.kind === 'other') bad.push(facts.bytes === 0 ? 'empty' : 'neither ELF nor a script');
  else
    good.push(format.kind === 'script' ? `script for ${format.interpreter}` : `${facts.machine} ${linkWords(format)}`);
  // moby's own scripts end so; a script under the name of a program stands in front of it, whatever it says.
  if (format.kind === 'script' && !facts.name.endsWith('.sh')) bad.push('a script, not a program');
  if (!seen.executable) bad.push('not executable');

  if (format.kind === 'elf') {
    const found = [
      ...elfProblems(facts.name, format, demands),
      ...loaderProblems(format, answer),
      ...answerFindings(facts.name, format, answer, demands),
    ];
    for (const { weight, words } of found) ({ bad, doubtful, good })[weight].push(words);
  }
  const listed = demands.sha256?.[facts.name];
  if (listed !== undefined && listed !== facts.sha256) bad.push('its sha256 is not the one in the manifest');

  const result = bad.length > 0 ? 'failed' : doubtful.length > 0 ? 'warning' : 'ok';
  return {
    id: `binary:${facts.name}`,
    title: facts.name,
    result,
    seen: [...bad, ...doubtful, ...good].join('; '),
    fix: null,
    seconds: seen.seconds,
  };
}

/** One thing that was found: what fails, what warns, what is only told. */
interface Finding {
  readonly weight: 'bad' | 'doubtful' | 'good';
  readonly words: string;
}

function elfProblems(name: string, format: ElfFacts, demands: BinaryDemands): Finding[] {
  const found: Finding[] = [];
  const add = (weight: Finding['weight'], words: string): void => void found.push({ weight, words });
  const machine = demands.arch === undefined ? null : (elfOf(demands.arch)?.name ?? demands.arch);
  if (machine !== null && format.machine !== machine) add('bad', `${format.machine}, not ${machine}`);
  if (format.type === 'shared-object' || format.type === 'other') add('bad', 'no program');
  if (!format.static && format.type !== 'shared-object') {
    const needs = `needs ${[format.interpreter, ...format.needed].filter((part) => part !== null).join(', ')}`;
    // A loader that loads nothing is a quirk of some linkers (-static with -pie); such a program runs where the loader is.
    if (name === 'dockerd' && demands.dockerd === 'static' && format.needed.length > 0)
      add('bad', `not static: ${needs}`);
    else if (name !== 'dockerd' || demands.dockerd === 'static') add('doubtful', needs);
  }
  if (name === 'dockerd' && demands.dockerd === 'dynamic' && format.static) add('bad', 'not dynamic');
  return found;
}

/** Where the loaders of glibc and musl lie, on every machine. */
const KNOWN_LOADER = /^\/lib(?:32|64|x32)?\/ld(?:-linux[\w-]*|-musl-[\w-]+|64)?\.so\.\d$/;

/** A program whose loader lies where no system has one does not start anywhere, unless it has just done so. */
function loaderProblems({ interpreter }: ElfFacts, answer: VersionAnswer): Finding[] {
  if (interpreter === null || KNOWN_LOADER.test(interpreter)) return [];
  if (!['cannot-run', 'not-asked', 'not-run'].includes(answer.kind)) return [];
  return [{ weight: 'bad', words: `no system has its loader ${interpreter}` }];
}

function answerFindings(name: string, format: ElfFacts, answer: VersionAnswer, demands: BinaryDemands): Finding[] {
  switch (answer.kind) {
    case 'said':
      return [
        { weight: 'good', words: answer.line },
        ...stampProblems(name, answer.text, demands).map((words): Finding => ({ weight: 'bad', words })),
      ];
    case 'not-asked':
      return [{ weight: 'good', words: 'does not say its version' }];
    case 'not-run':
      return [{ weight: 'good', words: 'not started: the key does not vouch for it' }];
    case 'refused': {
      if (!answer.certain) return [{ weight: 'good', words: 'does not say its version' }];
      const words = `does not know ${answer.args.join(' ')}, as every ${name} of its version does`;
      return [{ weight: name === 'dockerd' ? 'bad' : 'doubtful', words }];
    }
    case 'cannot-run':
      return [{ weight: 'good', words: 'cannot run here' }];
    case 'failed':
      // A library that is not here may be where the binaries go; a static program has no loader that could complain.
      if (answer.of === 'emulator') return [{ weight: 'doubtful', words: `${answer.how}, under emulation` }];
      return [{ weight: format.static || answer.of === 'program' ? 'bad' : 'doubtful', words: answer.how }];
  }
}

function linkWords(format: FileFormat & { readonly kind: 'elf' }): string {
  if (format.static) return format.type === 'pie' ? 'static pie' : 'static';
  return format.type === 'shared-object' ? 'shared object' : 'dynamic';
}

/** What moby stamps its own binaries with; the versions of components are held against their pins elsewhere. */
const STAMPED: Readonly<Record<string, (text: string) => Stamp | null>> = {
  dockerd: readDockerdVersion,
  'docker-proxy': readProxyVersion,
};

function stampProblems(name: string, text: string, { version, gitCommit }: BinaryDemands): string[] {
  const read = STAMPED[name];
  if (read === undefined) return [];
  const stamp = read(text);
  if (stamp === null) return version === undefined ? [] : ['it does not say which version it is'];
  return [
    ...(version !== undefined && stamp.version !== version ? [`it says version ${stamp.version}, not ${version}`] : []),
    ...(gitCommit !== undefined && stamp.gitCommit !== gitCommit
      ? [`it says build ${stamp.gitCommit}, not ${gitCommit}`]
      : []),
  ];
}
