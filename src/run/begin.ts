import { dirname } from 'node:path';
import { makeTempDir } from '../system/files/temp-dir.ts';
import type { RunOptions } from '../config/layers/parse.ts';
import type { Signer } from '../signing/secret-key.ts';
import type { Note } from '../types.ts';
import type { UsedBundle } from '../bundle/use/used-bundle.ts';
import { makeIo, type Io } from './stage/io.ts';
import { entriesOf } from './stage/record-facts.ts';
import type { Facts, Goal, Requested } from './stage/stages.ts';

/** Where a run is recorded. */
export interface Recorder {
  readonly add: Io['record'];
  /** The work dir is known, and this run holds it. */
  readonly openIn: (dir: string) => void;
}

/** What a command gives a run. */
export interface Beginning {
  readonly options: RunOptions;
  readonly env: Io['env'];
  readonly toolVersion: string;
  readonly line: readonly string[];
  /** What came up while the line was read. */
  readonly notes: readonly Note[];
  /** null or left out: what is built is not signed. */
  readonly signer?: Signer | null;
  /** null or left out: what the run needs is fetched. */
  readonly bundle?: UsedBundle | null;
}

/** A run that has not begun: where it starts, what its steps have, and what is known of it so far. */
export interface Begun {
  readonly from: Requested;
  readonly io: Io;
  /** The same list for the whole run: a document that holds it has what comes later too. */
  readonly notes: readonly Note[];
  /** What the steps have come to, also those of a run that failed. */
  readonly facts: () => Facts;
}

/** The start of a run whose tree goes to the work dir, or below `dir`. */
export function begin(goal: Goal, beginning: Beginning, dir?: string, recorder?: Recorder): Begun {
  const notes = [...beginning.notes];
  let facts: Facts = {};
  const found = (more: Facts): void => {
    const before = facts;
    facts = { ...facts, ...more };
    if (recorder === undefined) return;
    if (facts.logFile !== undefined && before.logFile === undefined) recorder.openIn(dirname(facts.logFile));
    for (const entry of entriesOf(before, facts)) recorder.add(entry);
  };
  const io = makeIo(beginning, notes, found, recorder?.add);
  for (const note of notes) recorder?.add({ is: 'note', note });
  const place = dir === undefined ? ({ is: 'work-dir' } as const) : ({ is: 'temporary', dir } as const);
  const { options, signer = null, bundle = null } = beginning;
  return { from: { options, goal, place, started: new Date(), signer, bundle }, io, notes, facts: () => facts };
}

/** As `begin`, with a directory for the tree that goes when `work` is done. */
export async function beginInTemp<T>(
  goal: Exclude<Goal, 'build'>,
  beginning: Beginning,
  work: (begun: Begun) => Promise<T>,
): Promise<T> {
  const temp = makeTempDir('plan');
  try {
    return await work(begin(goal, beginning, temp.path));
  } finally {
    temp.remove();
  }
}
