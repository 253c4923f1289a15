import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { CommandSpec } from '../system/command-spec.ts';
import type { BinaryFacts, CheckResult, Note, Plan } from '../types.ts';
import type { SealFacts } from '../document/parts.ts';
import type { ComponentFacts } from './component-versions.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_SCHEMA_ID } from './manifest-name.ts';
import { redact, redactText, secretValues } from '../system/redact.ts';

export interface ManifestInput {
  readonly toolVersion: string;
  readonly started: Date;
  readonly ended: Date;
  /** The options of the run, as they were resolved. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
  readonly pin: Manifest['pin'];
  readonly tagWitnesses?: readonly string[] | undefined;
  readonly clonedFrom: string | null;
  readonly clonedThrough: string | null;
  /** Tree ids of git. */
  readonly treeBefore: string | null;
  readonly treeAfter: string | null;
  /** The text of each patch by its name, as `patch` would print it. */
  readonly patchTexts: ReadonlyMap<string, string>;
  readonly spec: CommandSpec;
  /** The command as shown. */
  readonly command: string;
  /** Build arguments, the plan's and the user's. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly stamped: Manifest['stamped'];
  readonly components: readonly ComponentFacts[];
  readonly sources: Manifest['sources'];
  readonly images: Manifest['images'];
  /** What the base images were made of; undefined: they were pulled. */
  readonly base?: Manifest['base'];
  readonly outDir: string;
  readonly binaries: readonly BinaryFacts[];
  readonly engine: Manifest['engine'];
  /** Built in place of the engine; null: none did. */
  readonly builder: NonNullable<Manifest['builder']> | null;
  readonly seal: SealFacts | null;
  readonly checks: readonly CheckResult[];
  readonly notes: readonly Note[];
}

/** Puts a manifest together; secrets in options, arguments and URLs are left out. Pure. */
export function buildManifest(input: ManifestInput): Manifest {
  const { plan, engine } = input;
  const secrets = secretValues(input.buildArgs);
  return {
    schema: MANIFEST_SCHEMA_ID,
    tool: { name: 'moby-build', version: input.toolVersion },
    started: input.started.toISOString(),
    ended: input.ended.toISOString(),
    seconds: Math.round(input.ended.getTime() - input.started.getTime()) / 1000,
    // Through JSON, so that what is written and what is held is the same.
    asked: JSON.parse(JSON.stringify(redact(input.asked))) as Record<string, unknown>,
    ref: plan.ref,
    commit: plan.commit,
    pin: input.pin,
    ...(input.tagWitnesses === undefined ? {} : { tagWitnesses: [...input.tagWitnesses] }),
    clonedFrom: input.clonedFrom === null ? null : redactText(input.clonedFrom),
    clonedThrough: input.clonedThrough === null ? null : redactText(input.clonedThrough),
    tree: { before: input.treeBefore, after: input.treeAfter },
    series: plan.series,
    target: plan.target,
    platform: plan.platform,
    profile: plan.profile,
    patches: plan.patches.map(({ name, subject, changes }) => ({
      name,
      subject,
      sha256: sha256Of(requirePatch(input.patchTexts, name)),
      files: changes.map(({ path }) => path),
    })),
    points: plan.points.map(({ id, file, line, stage, kind, url, host, inClosure, via, mirror }) => ({
      id,
      file,
      line,
      stage,
      kind,
      url: redactText(url),
      host,
      inClosure,
      via,
      mirror,
    })),
    mirrors: mirrorsOf(plan),
    components: input.components.map(
      ({ component, variable, pin, treePin, note, from, asked, file, line, said, agrees }) => ({
        ...{ component, variable, pin, treePin, note, from, asked, file, line, said, agrees },
      }),
    ),
    sources: input.sources.map((source) => ({
      ...source,
      url: redactText(source.url),
      upstream: redactText(source.upstream),
    })),
    images: input.images,
    ...(input.base === undefined ? {} : { base: input.base }),
    stamped: input.stamped,
    build: {
      args: redact(input.buildArgs) as Record<string, string>,
      env: Object.fromEntries(
        Object.entries(input.spec.env).map(([name, value]) => [name, redactText(value, secrets)]),
      ),
      command: redactText(input.command, secrets),
    },
    binaries: input.binaries.map((binary) => ({ ...binary, path: relative(input.outDir, binary.path) })),
    engine: engine === null ? null : engineFacts(engine, input.builder !== null),
    builder: input.builder,
    seal: input.seal === null ? null : (structuredClone(input.seal) as NonNullable<Manifest['seal']>),
    checks: input.checks.map(({ id, result, seen }) => ({ id, result, seen })),
    warnings: input.notes.filter(({ level }) => level === 'warning').map(({ code, message }) => ({ code, message })),
  };
}

/** What is kept of the client, and of its engine where that built. */
function engineFacts(engine: NonNullable<Manifest['engine']>, elsewhere: boolean): Manifest['engine'] {
  const { clientVersion, buildkit, buildxVersion, serverVersion, serverArch, storageDriver, rootless } = engine;
  const idle = { serverVersion: null, serverArch: null, storageDriver: null, rootless: false };
  const server = elsewhere ? idle : { serverVersion, serverArch, storageDriver, rootless };
  return { clientVersion, buildkit, buildxVersion, ...server };
}

/** Each mirror that meets a point, with the kinds it serves, in the order of the points. */
function mirrorsOf(plan: Plan): Manifest['mirrors'] {
  const used = new Map<string, { kinds: Set<string>; points: number }>();
  for (const { mirror, kind } of plan.points) {
    if (mirror === null) continue;
    const entry = used.get(mirror) ?? { kinds: new Set(), points: 0 };
    entry.kinds.add(kind);
    entry.points += 1;
    used.set(mirror, entry);
  }
  return [...used].map(([id, { kinds, points }]) => ({ id, kinds: [...kinds], points }));
}

function requirePatch(texts: ReadonlyMap<string, string>, name: string): string {
  const found = texts.get(name);
  if (found === undefined) throw new Error(`the text of ${name} was not given`);
  return found;
}

function sha256Of(patch: string): string {
  return createHash('sha256').update(patch).digest('hex');
}
