import type { Probed } from '../../mirrors/probe/run-probe.ts';
import type { Note } from '../../types.ts';
import type { RunEntry } from '../../report/facts/record.ts';
import type { Sealing } from '../../seal/sealing.ts';
import type { Facts } from './stages.ts';

/** What a step has besides the stage that it starts from. Made once for each run, so two runs in one process do not see each other. */
export interface Io {
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly toolVersion: string;
  /** The words of the user's own line, behind the program's name. */
  readonly line: readonly string[];
  /** Shows what is going on; may be called as often as one likes. */
  readonly say: (text: string) => void;
  /** Shows how much of the step is done, from 0 to 1, where it is known. */
  readonly share: (share: number | null) => void;
  /** Adds sentences for the user, each once. */
  readonly note: (...notes: readonly Note[]) => void;
  /** What was said so far. */
  readonly notes: () => readonly Note[];
  /** Keeps what is known before the step is done: the document of a run that fails has it too. */
  readonly found: (facts: Facts) => void;
  /** Adds to the record of the run, from which a report is made. */
  readonly record: (entry: RunEntry) => void;
  /** Hosts of git servers that were not there in this run, or accepted and said nothing. */
  readonly silentServers: Set<string>;
  /** Of a build under `--seal`; null: nothing is sealed. */
  readonly sealing: Sealing | null;
  /** The measurements of the git mirrors for moby's own repository, by its URL: each is made once. */
  readonly sourceProbes: Map<string, Promise<Probed>>;
}

/**
 * The `Io` of one run.
 *
 * @param notes what was said before it began; the list is the run's from then on, and is added to
 */
export function makeIo(
  about: Pick<Io, 'env' | 'toolVersion' | 'line'>,
  notes: Note[],
  found: Io['found'] = () => undefined,
  record: Io['record'] = () => undefined,
): Io {
  return {
    env: about.env,
    toolVersion: about.toolVersion,
    line: about.line,
    say: () => undefined,
    share: () => undefined,
    note: (...more) => {
      for (const note of addNotes(notes, more)) record({ is: 'note', note });
    },
    notes: () => notes,
    found,
    record,
    silentServers: new Set(),
    sealing: null,
    sourceProbes: new Map(),
  };
}

/** An `Io` that keeps its notes until somebody takes them: for work whose outcome may be dropped. */
export function trialOf(io: Io): { readonly io: Io; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const note = (...more: readonly Note[]): void => {
    addNotes(notes, more);
  };
  return {
    io: { ...io, note, notes: () => [...io.notes(), ...notes], found: () => undefined, record: () => undefined },
    notes,
  };
}

/** @returns those that were new */
function addNotes(list: Note[], more: readonly Note[]): readonly Note[] {
  return more.filter((note) => {
    if (list.some(({ code, message }) => code === note.code && message === note.message)) return false;
    list.push(note);
    return true;
  });
}
