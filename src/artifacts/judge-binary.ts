import type { BinaryFacts, CheckResult } from '../types.ts';
import type { VersionAnswer } from './ask-version.ts';
import type { FileFormat } from './elf-format.ts';
import { machineOf } from './machines.ts';
import { readDockerdVersion } from './version-text.ts';

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
  /** What dockerd must say of itself. */
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
    const machine = demands.arch === undefined ? null : machineOf(demands.arch);
    if (machine !== null && format.machine !== machine) bad.push(`${format.machine}, not ${machine}`);
    if (format.type === 'shared-object' || format.type === 'other') bad.push('no program');
    if (!format.static && format.type !== 'shared-object') {
      const needs = `needs ${[format.interpreter, ...format.needed].filter((name) => name !== null).join(', ')}`;
      // A loader that loads nothing is a quirk of some linkers (-static with -pie); such a program runs where the loader is.
      if (facts.name === 'dockerd' && demands.dockerd === 'static' && format.needed.length > 0)
        bad.push(`not static: ${needs}`);
      else if (facts.name !== 'dockerd' || demands.dockerd === 'static') doubtful.push(needs);
    }
    if (facts.name === 'dockerd' && demands.dockerd === 'dynamic' && format.static) bad.push('not dynamic');
    if (answer.kind === 'said') good.push(answer.line);
    if (answer.kind === 'cannot-run') good.push('cannot run here');
    if (answer.kind === 'failed') (format.static ? bad : doubtful).push(answer.how);
    if (facts.name === 'dockerd' && answer.kind === 'said') bad.push(...stampProblems(answer.text, demands));
  }
  const listed = demands.sha256?.[facts.name];
  if (listed !== undefined && listed !== facts.sha256) bad.push('its sha256 is not the one in the manifest');

  const result = bad.length > 0 ? 'failed' : doubtful.length > 0 ? 'warning' : 'ok';
  return {
    id: `binary:${facts.name}`,
    title: facts.name,
    result,
    seen: [...bad, ...doubtful, ...good].join('; '),
    fix: result === 'failed' ? 'moby-build' : null,
    seconds: seen.seconds,
  };
}

function linkWords(format: FileFormat & { readonly kind: 'elf' }): string {
  if (format.static) return format.type === 'pie' ? 'static pie' : 'static';
  return format.type === 'shared-object' ? 'shared object' : 'dynamic';
}

function stampProblems(text: string, { version, gitCommit }: BinaryDemands): string[] {
  const stamp = readDockerdVersion(text);
  if (stamp === null) return version === undefined ? [] : ['it does not say which version it is'];
  return [
    ...(version !== undefined && stamp.version !== version ? [`it says version ${stamp.version}, not ${version}`] : []),
    ...(gitCommit !== undefined && stamp.gitCommit !== gitCommit
      ? [`it says build ${stamp.gitCommit}, not ${gitCommit}`]
      : []),
  ];
}
