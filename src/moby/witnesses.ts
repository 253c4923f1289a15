import { EXIT, MobyBuildError } from '../errors.ts';
import { commandLine } from '../system/command-line.ts';
import { pinFor, unknownRef } from './pins.ts';
import { versionOfRef } from './series.ts';

/** What one git server says of a tag. */
export interface TagAnswer {
  /** Id in the catalogue, `flag`, `source`. */
  readonly mirror: string;
  /** Two servers of one operator are one witness. */
  readonly operator: string;
  /** The commit that the tag peels to; null: it has no such tag. */
  readonly commit: string | null;
  /** Why it said nothing; null: it answered. */
  readonly fault: string | null;
}

/** The key of the operator whose word is enough by itself (`operatorOf`). */
const OFFICIAL = 'official';

/** Series in which moby still makes releases (project/BRANCHES-AND-TAGS.md at b985e2313a), as their tags are written. */
const MAINTAINED = [/^v25\.0\.\d/, /^docker-v(?:29|[3-9]\d)\.\d/];

/** Whether a tag may be younger than the table of tags: written as moby writes them today, of a series that goes on. Pure. */
export function mayBeNewer(ref: string): boolean {
  const version = versionOfRef(ref);
  return version !== null && pinFor(ref) === null && MAINTAINED.some((form) => form.test(ref));
}

/** The commit of a tag, and the mirrors that say so. */
export interface Witnessed {
  readonly commit: string;
  readonly witnesses: readonly string[];
}

/**
 * What a tag is that the table does not have: the official server's word, or that of two that have different operators. A server that
 * does not have the tag yet says nothing against it. Pure.
 *
 * @throws MobyBuildError `witnesses-differ` (4) where two commits are named; `no-witness` (5) where too few were reached; `unknown-ref`
 * (2) where those that answered have no such tag
 */
export function judgeWitnesses(ref: string, answers: readonly TagAnswer[]): Witnessed {
  const said = answers.filter(({ commit }) => commit !== null);
  const [first] = said;
  const commits = new Set(said.map(({ commit }) => commit));
  if (commits.size > 1) throw differ(ref, said);
  if (first?.commit === null || first === undefined) {
    if (answers.some(({ fault }) => fault === null)) throw unknownRef(ref);
    throw noWitness(ref, answers);
  }
  const operators = new Set(said.map(({ operator }) => operator));
  if (!operators.has(OFFICIAL) && operators.size < 2) throw noWitness(ref, answers);
  return { commit: first.commit, witnesses: said.map(({ mirror }) => mirror) };
}

function differ(ref: string, said: readonly TagAnswer[]): MobyBuildError {
  return new MobyBuildError({
    code: 'witnesses-differ',
    exitCode: EXIT.tree,
    message: [`Git servers do not agree on ${ref}:`, ...said.map(lineOf)].join('\n  '),
    where: `--ref ${ref}`,
    hint: 'One of them has another tag than moby. --commit SHA says which commit it must be; the page of the release names it.',
    command: lookUp(ref),
  });
}

function noWitness(ref: string, answers: readonly TagAnswer[]): MobyBuildError {
  return new MobyBuildError({
    code: 'no-witness',
    exitCode: EXIT.network,
    message: [
      `${ref} is younger than the table of tags, and too few git servers say which commit it is:`,
      ...answers.map(lineOf),
    ].join('\n  '),
    where: `--ref ${ref}`,
    hint: 'It takes the official server, or two mirrors of different operators. --commit SHA says which commit it must be.',
    command: lookUp(ref),
  });
}

/** Asks the official server from a machine that reaches it. */
function lookUp(ref: string): string {
  return commandLine({ file: 'git', args: ['ls-remote', 'https://github.com/moby/moby.git', `refs/tags/${ref}^{}`] });
}

function lineOf({ mirror, commit, fault }: TagAnswer): string {
  return `${mirror}: ${fault ?? commit ?? 'no such tag'}`;
}
