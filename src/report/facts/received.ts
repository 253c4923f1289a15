import type { RunFacts } from './model.ts';
import type { ReportStep } from './steps.ts';

/** What one mirror sent, as far as somebody said it. `mirror` null: which one it was is not known. */
export interface Received {
  readonly kind: 'source' | 'image' | 'http' | 'apt';
  readonly mirror: string | null;
  readonly bytes: number;
}

type Point = NonNullable<RunFacts['plan']>['points'][number];

/**
 * The bytes that each mirror sent, most first: moby's own source, layers of images, files of ADD, packages of apt. git and Go do not say
 * theirs. A step that reaches several mirrors of a kind says one sum, which is nobody's then. Pure.
 */
export function receivedOf({ source, plan, steps }: Pick<RunFacts, 'source' | 'plan' | 'steps'>): readonly Received[] {
  const sums = new Map<string, Received>();
  const add = (kind: Received['kind'], mirror: string | null, bytes: number): void => {
    const key = `${kind} ${mirror ?? ''}`;
    sums.set(key, { kind, mirror, bytes: bytes + (sums.get(key)?.bytes ?? 0) });
  };
  if (source !== null && source.receivedBytes > 0) add('source', source.through, source.receivedBytes);
  for (const step of steps) {
    if (step.bytes === 0) continue;
    const kind = kindOf(step);
    add(kind, onlyMirror(pointsOf(step, kind, plan?.points ?? [])), step.bytes);
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes);
}

/** What a step fetches that says its bytes. Of RUN only apt does. */
function kindOf({ name }: ReportStep): Exclude<Received['kind'], 'source'> {
  if (/\] ADD /u.test(name)) return 'http';
  return /\] RUN /u.test(name) ? 'apt' : 'image';
}

/** The points of the closure that a step of this kind may have reached. */
function pointsOf(step: ReportStep, kind: Received['kind'], points: readonly Point[]): readonly Point[] {
  const inside = points.filter((point) => point.inClosure && point.kind === kind);
  if (kind === 'apt') return inside.filter(({ stage }) => stage === step.stage);
  if (kind === 'http')
    return inside.filter(({ stage, url }) => stage === step.stage && step.name.includes(nameOf(url)));
  return inside.filter(({ url }) => new RegExp(`(?:^|[ /])${escaped(nameOf(url))}(?=[@ ]|$)`, 'u').test(step.name));
}

/** The last part of an address: another host serves the same under it. */
function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function onlyMirror(points: readonly Point[]): string | null {
  const mirrors = new Set(points.map(({ mirror, via }) => mirror ?? (via === 'upstream' ? 'upstream' : null)));
  return mirrors.size === 1 ? ([...mirrors][0] ?? null) : null;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}
