import type { ProgressEvent } from '../../make/progress/progress.ts';
import { displayCommand } from '../../make/command/display-command.ts';
import type { SealFacts } from '../../document/parts.ts';
import type { RunEntry } from '../../report/facts/record.ts';
import type { Facts } from './stages.ts';

/** What a stage adds to the record of its run: each thing when it becomes known, and again when it changes (another mirror, another plan). Pure. */
export function entriesOf(before: Facts, now: Facts): readonly RunEntry[] {
  const entries: RunEntry[] = [];
  const { source, outDir, logFile, plan, command, images, target } = now;
  if (source !== undefined && outDir !== undefined && logFile !== undefined && source !== before.source)
    entries.push({
      ...{ is: 'source', ref: source.ref, commit: source.commit, series: source.series.name, pin: source.pin },
      ...{ through: source.clonedThrough, receivedBytes: source.receivedBytes, outDir, log: logFile },
    });
  if (plan !== undefined && command !== undefined && target !== undefined && plan !== before.plan)
    entries.push({
      ...{ is: 'plan', target: target.name, platform: plan.platform, profile: plan.profile },
      command: displayCommand(command.spec),
      points: plan.points.map(({ id, file, line, stage, kind, url, inClosure, via, mirror }) => ({
        ...{ id, file, line, stage, kind, url, inClosure, via, mirror },
      })),
      images: (images ?? []).map((image) => ({
        ...image,
        operators: [...image.operators],
        witnesses: [...image.witnesses],
      })),
    });
  if (now.seal !== undefined && now.seal !== null && now.seal !== before.seal)
    entries.push({ is: 'seal', seal: sealOf(now.seal) });
  if (now.binaries !== undefined && now.checks !== undefined && now.binaries !== before.binaries)
    entries.push({ is: 'verified', binaries: [...now.binaries], checks: [...now.checks] });
  if (now.smoke !== undefined && now.smoke.length > 0 && now.smoke !== before.smoke)
    entries.push({ is: 'smoke', checks: [...now.smoke] });
  return entries;
}

function sealOf(seal: SealFacts): Extract<RunEntry, { is: 'seal' }>['seal'] {
  const { planned, contacted, refused } = seal;
  return { ...seal, planned: [...planned], contacted: [...contacted], refused: [...refused] };
}

/** An event of BuildKit as the record has it; null for lines of programs, which the log has. Pure. */
export function stepEntry(event: ProgressEvent, ms: number): RunEntry | null {
  if (event.type === 'log' || event.type === 'outside') return null;
  const { step, type: what } = event;
  const head = { is: 'step', step, what, ms: Math.round(ms) } as const;
  if (event.type === 'started') return { ...head, name: event.name, stage: event.stage };
  if (event.type !== 'done') return head;
  return { ...head, seconds: event.seconds, ...(event.bytes === 0 ? {} : { bytes: event.bytes }) };
}
