import { WAYS, type Way } from '../make/engine/way.ts';

/** A cell that waits for a builder. */
export interface Waiting {
  readonly id: string;
  /** The ways of the builders that can build it, by their names. */
  readonly ways: ReadonlyMap<string, Way>;
  /** Builders whose connection broke while they built it. */
  readonly tried: readonly string[];
  /** Cells of one key share a tree, so they never run at a time. */
  readonly key: string;
}

/** What is at work now. */
export interface AtWork {
  /** Builders that can take cells, busy or not. */
  readonly live: readonly string[];
  /** Keys of the cells that run. */
  readonly keys: readonly string[];
}

/**
 * The cell that a builder with a free place takes next; null: none of them is for it. A builder that is quick asks more often, and so
 * gets more. It takes what it builds in the best way, and of these what fewest others can build. A cell is emulated only where no live
 * builder builds it without, and goes back to a builder that failed it only where there is no other. Pure.
 */
export function nextCell(builder: string, waiting: readonly Waiting[], { live, keys }: AtWork): Waiting | null {
  const mine = waiting.filter((cell) => !keys.includes(cell.key) && isFor(builder, cell, live));
  const rank = (cell: Waiting): number => WAYS.indexOf(cell.ways.get(builder) ?? 'emulated');
  const rivals = (cell: Waiting): number => live.filter((name) => cell.ways.has(name)).length;
  return [...mine].sort((a, b) => rank(a) - rank(b) || rivals(a) - rivals(b))[0] ?? null;
}

function isFor(builder: string, { ways, tried }: Waiting, live: readonly string[]): boolean {
  const way = ways.get(builder);
  if (way === undefined) return false;
  const able = live.filter((name) => ways.has(name));
  const fresh = able.filter((name) => !tried.includes(name));
  const choice = fresh.length > 0 ? fresh : able;
  if (!choice.includes(builder)) return false;
  return way !== 'emulated' || choice.every((name) => ways.get(name) === 'emulated');
}

/** Whether any live builder is left for a cell. Pure. */
export function isHopeless({ ways }: Pick<Waiting, 'ways'>, live: readonly string[]): boolean {
  return !live.some((name) => ways.has(name));
}
