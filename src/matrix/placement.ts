import type { Builder, BuilderNode } from '../make/engine/builder.ts';
import type { Series } from '../moby/series-table.ts';

/**
 * How a builder comes to the architecture of a cell. `native`: a node of that architecture. `cross`: the tree cross-compiles on a node
 * of another one. `emulated`: every step runs under emulation, which takes about ten times as long.
 */
export type Way = 'native' | 'cross' | 'emulated';

const ORDER: readonly Way[] = ['native', 'cross', 'emulated'];

/**
 * The best way in which a builder can build for an architecture; null: it cannot. From 23.0 on the Dockerfile cross-compiles
 * (`FROM --platform=$BUILDPLATFORM`), so any node will do; before, each step runs as a program of the target's architecture. Pure.
 */
export function wayOn(builder: Pick<Builder, 'nodes'>, arch: string, builtBy: Series['builtBy']): Way | null {
  const ways = builder.nodes.map((node) => wayOnNode(node, arch, builtBy)).filter((way) => way !== null);
  return ORDER.find((way) => ways.includes(way)) ?? null;
}

function wayOnNode({ native, arches }: BuilderNode, arch: string, builtBy: Series['builtBy']): Way | null {
  if (native === arch) return 'native';
  if (builtBy === 'bake') return native === null ? null : 'cross';
  return arches.includes(arch) ? 'emulated' : null;
}

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
  const rank = (cell: Waiting): number => ORDER.indexOf(cell.ways.get(builder) ?? 'emulated');
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
