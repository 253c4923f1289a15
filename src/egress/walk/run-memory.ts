import type { Points } from '../world/points.ts';
import type { StageWorld, WrittenText } from '../world/stage-world.ts';
import type { Readings, WatchedTree } from '../world/watched-tree.ts';

/** A RUN that is to be followed, with all that following it may see. */
export interface RunToFollow {
  /** The instruction as it stands in the Dockerfile. */
  readonly text: string;
  readonly tree: WatchedTree;
  /** With the mounts of this RUN. */
  readonly world: StageWorld;
  readonly points: Points;
  readonly arch: string;
  /** Values of the variables that the stage has here. */
  readonly variables: ReadonlyMap<string, string>;
  /** Follows it, and says in `seen` what it looks at. */
  readonly follow: (seen: Seen) => void;
}

/** What was looked at while a RUN was followed. */
export interface Seen {
  readonly variables: Set<string>;
  arch: boolean;
}

/** A RUN that reaches nothing: what following it has read, and the texts that it writes into its stage. */
interface Quiet {
  readonly readings: Readings;
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly arch: string | null;
  readonly written: ReadonlyMap<string, readonly WrittenText[]>;
}

/** Bounded, the oldest first to go: it is for releases that follow each other. */
const MOST_RUNS = 8;
const MOST_OF_ONE = 2;

/**
 * RUNs that were followed into scripts of the tree and reach nothing, by all that following them has read. moby compiles in such a RUN
 * (`hack/make.sh`), which takes most of the time of a scan. Its scripts are the same in many releases, for most architectures, and before
 * and after a tree is patched. Nothing is guessed: a RUN is left out only where every file, variable and fact that was looked at is equal.
 */
export class RunMemory {
  readonly #quiet = new Map<string, readonly Quiet[]>();
  /** RUNs that read files of the tree; the others are followed faster than they are looked up. */
  readonly #worth = new Set<string>();

  /** Follows it, or does to the world what following it would do. Throws as `follow` does. */
  follow(run: RunToFollow): void {
    const key = this.#worth.has(run.text) ? `${run.text}\0${run.world.print()}` : null;
    const known = key === null ? [] : (this.#quiet.get(key) ?? []);
    const same = known.find((quiet) => agrees(quiet, run));
    if (same !== undefined) {
      run.world.rewrite(same.written);
      return;
    }
    const quiet = followed(run);
    if (quiet === null) return;
    this.#worth.add(run.text);
    if (key === null) return;
    this.#quiet.delete(key);
    this.#quiet.set(key, [quiet, ...known].slice(0, MOST_OF_ONE));
    const [oldest] = this.#quiet.keys();
    if (this.#quiet.size > MOST_RUNS && oldest !== undefined) this.#quiet.delete(oldest);
  }
}

function agrees({ readings, values, arch }: Quiet, run: RunToFollow): boolean {
  if (arch !== null && arch !== run.arch) return false;
  for (const [name, value] of values) if (run.variables.get(name) !== value) return false;
  return run.tree.agrees(readings);
}

/** Follows it; null: it reaches something, does more than writing texts of the tree's scripts, or reads no file of the tree. */
function followed({ text: _, tree, world, points, arch, variables, follow }: RunToFollow): Quiet | null {
  const seen: Seen = { variables: new Set(), arch: false };
  const { changes } = points;
  const before = world.mark();
  const readings = tree.watch(() => {
    follow(seen);
  });
  const written = world.writtenSince(before);
  if (points.changes !== changes || written === null) return null;
  const ofTree = [...written.values()].flat().every(({ source }) => readings.files.has(source.file));
  if (!ofTree || ![...readings.files.values()].some((file) => file !== null)) return null;
  const values = new Map([...seen.variables].map((name) => [name, variables.get(name)]));
  return { readings, values, arch: seen.arch ? arch : null, written };
}
