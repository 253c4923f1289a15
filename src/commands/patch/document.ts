import * as z from 'zod';
import { displayCommand } from '../../make/command/display-command.ts';
import type { BuildCommand } from '../../make/flags/make-input.ts';
import { documentSchema, type Whole } from '../../document/document.ts';
import {
  commandPart,
  componentPart,
  fetchPart,
  notePart,
  patchPart,
  pointPart,
  totalsPart,
  unknownPart,
  type FetchFacts,
  type Of,
} from '../../document/parts.ts';
import type { MetPoint, Plan, UnknownPlace } from '../../types.ts';

export const planFields = {
  ref: z.string(),
  commit: z.string().nullable().describe('null for a tree without git'),
  series: z.string(),
  target: z.string(),
  platform: z.string(),
  profile: z.string(),
  points: z.array(pointPart),
  unknown: z.array(unknownPart),
  totals: totalsPart,
  components: z.array(componentPart).describe('What --component asked for'),
  fetches: z.array(fetchPart).describe('What this machine fetches before the build and hands to it; patch: nothing'),
  patches: z.array(patchPart),
  build: commandPart,
  notes: z.array(notePart),
};

/** `moby-build patch --json`, and `moby-build build --dry-run --json`. */
export const patchDocument = documentSchema('moby-build patch --json, moby-build build --dry-run --json', planFields);

/** A point as `--json` shows it. */
export function pointDocument(point: MetPoint): Of<typeof pointPart> {
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

/** What `patch`, `build` and their dry runs say of the plan. Pure. */
export function planDocument(
  plan: Plan,
  unknown: readonly UnknownPlace[],
  command: BuildCommand,
  fetches: readonly FetchFacts[] = [],
): Whole<typeof planFields> {
  const { ref, commit, series, target, platform, profile, totals, notes } = plan;
  return {
    ...{ ref, commit, series, target, platform, profile },
    points: plan.points.map((point) => ({ ...pointDocument(point), becomes: plan.becomes.get(point.id) ?? null })),
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
