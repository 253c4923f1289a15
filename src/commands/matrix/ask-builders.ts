import { machine } from 'node:os';
import { archOfUname, ARCH_NAMES } from '../../cpus.ts';
import type { Builder } from '../../make/engine/builder.ts';
import { resolveEngine } from '../../make/engine/engine.ts';
import { inspectBuilder, whyNotThere } from '../../make/engine/inspect-builder.ts';
import { wayOn, type WantedBuild, type Way } from '../../make/engine/way.ts';
import type { CommandContext } from '../context/context.ts';

/** A builder as the matrix sees it. */
export interface AskedBuilder {
  /** The name in tables. */
  readonly name: string;
  /** `--builder` of its cells; null: whatever docker chooses. */
  readonly named: string | null;
  readonly builder: Builder;
  /** Why it gets no cell; null: it answers. */
  readonly dead: string | null;
}

/** What stands in tables for the builder that docker chooses by itself. */
const UNNAMED = 'default';

/** Asks every builder that was named what it can build; without names, the one that a build would have. @param boot whether builds follow */
export async function askBuilders(
  context: CommandContext,
  names: readonly string[],
  boot: boolean,
): Promise<readonly AskedBuilder[]> {
  // As for a dry run of one build: this machine and its engine are left to the build.
  if (names.length === 0) return [boot ? await unnamed(context) : { ...(await unnamed(context)), dead: null }];
  return Promise.all(names.map((name) => askOne(context, name, boot)));
}

/** The builders that answer and can build for an architecture, by name. */
export function waysOf(builders: readonly AskedBuilder[], wanted: WantedBuild): ReadonlyMap<string, Way> {
  const ways = builders
    .filter(({ dead }) => dead === null)
    .map(({ name, builder }) => [name, wayOn(builder, wanted)] as const);
  return new Map(ways.filter((pair): pair is readonly [string, Way] => pair[1] !== null));
}

/** Whether a builder answers now. The engine itself is asked as a build asks it. */
export async function isThere(context: CommandContext, { named }: AskedBuilder): Promise<boolean> {
  const asked = named === null ? await unnamed(context) : await askOne(context, named, false);
  return asked.dead === null;
}

async function askOne({ options, env }: CommandContext, name: string, boot: boolean): Promise<AskedBuilder> {
  const found = await inspectBuilder(name, {
    client: options.docker ?? 'docker',
    dockerContext: options.dockerContext ?? undefined,
    environment: env,
    boot,
  });
  if ('refused' in found) return { name, named: name, builder: NOBODY(name), dead: found.refused };
  return { name, named: name, builder: found.builder, dead: whyNotThere(found.builder) };
}

function NOBODY(name: string): Builder {
  return { name, driver: 'unknown', nodes: [], buildkitVersion: null };
}

/**
 * The builder of a build that names none. Where buildx does not tell what it runs, that cannot be seen from here: the build of each cell checks
 * it before it begins.
 */
async function unnamed({ options, env }: CommandContext): Promise<AskedBuilder> {
  const engine = await resolveEngine({
    docker: options.docker ?? undefined,
    dockerContext: options.dockerContext ?? undefined,
    environment: env,
  });
  const { builder } = engine;
  if (builder !== null && builder.nodes.some(({ native }) => native !== null))
    return { name: builder.name, named: null, builder, dead: whyNotThere(builder) };
  const native = engine.serverArch ?? archOfUname(machine());
  const node = {
    name: UNNAMED,
    endpoint: null,
    status: null,
    error: null,
    native,
    arches: ARCH_NAMES,
    buildkitVersion: null,
  };
  const seen = { name: UNNAMED, driver: 'docker', nodes: [node], buildkitVersion: engine.buildkitVersion };
  return { name: UNNAMED, named: null, builder: seen, dead: engine.refused?.message ?? null };
}
