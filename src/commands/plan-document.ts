import { displayCommand } from '../build/display-command.ts';
import type { BuildCommand } from '../build/make-input.ts';
import type { MetPoint, Plan, SourceName, UnknownPlace } from '../types.ts';

/** A repository that is fetched before the build (schemas: `fetches`). */
export interface FetchFacts {
  readonly component: SourceName;
  readonly upstream: string;
  readonly commit: string | null;
  readonly tag: string | null;
  /** In the order of trying. */
  readonly mirrors: readonly string[];
  readonly stored: boolean;
  /** Inside the tree. */
  readonly path: string;
}

/** A point as `--json` shows it. */
export function pointDocument(point: MetPoint): Record<string, unknown> {
  const { id, file, line, netLines, stage, kind, url, host, inClosure, via, mirror, reason } = point;
  const { platform, suite, module, note } = point;
  return {
    ...{ id, file, line, netLines, stage, kind, url, host, inClosure, via, mirror, reason },
    ...(platform === undefined ? {} : { platform }),
    ...(suite === undefined ? {} : { suite }),
    ...(module === undefined ? {} : { module }),
    ...(note === undefined ? {} : { note }),
  };
}

/** What `patch`, `build` and their dry runs say in JSON (schemas/patch.schema.json). Pure. */
export function planDocument(
  plan: Plan,
  unknown: readonly UnknownPlace[],
  command: BuildCommand,
  fetches: readonly FetchFacts[] = [],
): Record<string, unknown> {
  const { ref, commit, series, target, platform, profile, totals, notes } = plan;
  return {
    ...{ ref, commit, series, target, platform, profile },
    points: plan.points.map(pointDocument),
    unknown,
    totals,
    fetches,
    components: plan.components.map(({ component, version, by, variable, treePin, note, file, line }) => ({
      ...{ component, version, by, variable, treePin, note, file, line },
    })),
    patches: plan.patches.map(({ name, subject, changes }) => ({
      name,
      subject,
      files: changes.map(({ path }) => path),
    })),
    build: { args: command.spec.args, env: command.spec.env, command: displayCommand(command.spec) },
    notes,
  };
}
