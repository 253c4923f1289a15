import { crossToolsOf } from '../../cpus.ts';
import type { Builder, BuilderNode } from './builder.ts';

/**
 * How a builder comes to the architecture of a build. `native`: a node of that architecture. `cross`: the tree cross-compiles on a node of
 * another one. `emulated`: every step runs under emulation, which takes about ten times as long.
 */
export type Way = 'native' | 'cross' | 'emulated';

/** From the best to the worst. */
export const WAYS: readonly Way[] = ['native', 'cross', 'emulated'];

/** What is to be built. */
export interface WantedBuild {
  /** GOARCH */
  readonly arch: string;
  /** `bake`: the Dockerfile cross-compiles by itself (from 23.0 on). `docker-build`: a patch makes it do so, where there is a compiler. */
  readonly builtBy: 'docker-run' | 'docker-build' | 'bake';
  /** `--emulate`: no such patch. */
  readonly emulate: boolean;
}

/** How a builder can build for an architecture; null: it cannot. Pure. */
export function wayOn({ nodes }: Pick<Builder, 'nodes'>, wanted: WantedBuild): Way | null {
  const node = nodeFor(nodes, wanted.arch);
  return node === undefined ? null : wayOnNode(node, wanted);
}

/**
 * The node that builds for an architecture: one of it, else the first that runs its programs, else the first. Pure.
 *
 * Rule: docker/buildx, build/driver.go: a node whose platforms have the one that is asked for, and the first node where none has it.
 */
export function nodeFor<T extends Pick<BuilderNode, 'native' | 'arches'>>(
  nodes: readonly T[],
  arch: string,
): T | undefined {
  return nodes.find(({ native }) => native === arch) ?? nodes.find(({ arches }) => arches.includes(arch)) ?? nodes[0];
}

/**
 * The same on one machine. Pure.
 *
 * @param native GOARCH of the machine itself, `arches`: those whose programs it runs
 */
export function wayOnNode(
  { native, arches }: Pick<BuilderNode, 'native' | 'arches'>,
  { arch, builtBy, emulate }: WantedBuild,
): Way | null {
  if (native === arch) return 'native';
  if (native !== null && builtBy === 'bake') return 'cross';
  if (native !== null && builtBy === 'docker-build' && !emulate && crossToolsOf(arch, native) !== null) return 'cross';
  return arches.includes(arch) ? 'emulated' : null;
}
