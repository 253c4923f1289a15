import type { Builder } from './builder.ts';

/** What tells which builder builds. */
export interface BuilderSeen {
  readonly builder: Builder | null;
  /** The docker context that is in use. */
  readonly context: string | null;
}

/**
 * The builder that is handed to the build: `--builder`, BUILDX_BUILDER, or what `docker buildx use` chose, in this order. undefined: the engine's
 * own, as make reaches it. Pure.
 *
 * @param given the value of `--builder`
 */
export function chosenBuilder(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  engine: BuilderSeen | null,
): string | undefined {
  const said = given ?? (env['BUILDX_BUILDER'] || undefined);
  const found = engine?.builder ?? null;
  if (found === null) return said;
  return builderApart(engine)?.name;
}

/** The one rule for who builds: the builder that builds in place of the engine; null: the engine does. Pure. */
export function builderApart(engine: BuilderSeen | null): Builder | null {
  const found = engine?.builder ?? null;
  // `default`, and the name of its context, are the engine itself; a builder of driver docker with another name is the engine of another context.
  const itself = found?.driver === 'docker' && ['default', engine?.context].includes(found.name);
  return itself ? null : found;
}
