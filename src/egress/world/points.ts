import type { Anchor, AptCall, EgressKind, EgressPoint, UnknownPlace } from '../../types.ts';

/** A point that is being found; its id and stage are given when it is kept. */
export interface Draft {
  readonly file: string;
  readonly line: number;
  readonly netLine: number | null;
  readonly kind: EgressKind;
  readonly url: string;
  readonly host: string;
  readonly anchor: Anchor | null;
  readonly platform?: string;
  readonly suite?: string;
  readonly module?: string;
  readonly note?: string;
  readonly hosts?: readonly string[];
  /** Points of one kind and stage with the same key are one point. */
  readonly key: string;
}

/** What the points of a scan share. */
interface Home {
  /** The instruction that is being followed. */
  readonly instruction: () => number | null;
  readonly changed: () => void;
}

/** A kept point, to which later commands of the build may add their lines. */
export class KeptPoint {
  readonly draft: Draft;
  readonly stage: string;
  readonly stageKey: string;
  readonly inClosure: boolean;
  readonly #netLines = new Set<number>();
  readonly #instructions = new Set<number>();
  readonly #home: Home;
  readonly #more: Anchor[] = [];
  readonly #aptCalls: AptCall[] = [];
  #note: string | undefined;

  constructor(draft: Draft, stage: string, stageKey: string, inClosure: boolean, home: Home) {
    this.draft = draft;
    this.#home = home;
    this.stage = stage;
    this.stageKey = stageKey;
    this.inClosure = inClosure;
    this.#note = draft.note;
    if (draft.netLine !== null) this.reachedFrom(draft.netLine);
  }

  reachedFrom(line: number): void {
    this.#home.changed();
    this.#netLines.add(line);
    const instruction = this.#home.instruction();
    if (instruction !== null) this.#instructions.add(instruction);
  }

  /** A call of apt of the same RUN. */
  calls(call: AptCall): void {
    this.#home.changed();
    this.#aptCalls.push(call);
  }

  /** The same URL is written at a second place. */
  alsoAt(anchor: Anchor | null): void {
    this.#home.changed();
    if (anchor === null) return;
    const all = this.draft.anchor === null ? this.#more : [this.draft.anchor, ...this.#more];
    if (!all.some((item) => item.file === anchor.file && item.start === anchor.start)) this.#more.push(anchor);
  }

  finish(id: string): EgressPoint {
    const { file, line, kind, url, host, anchor, platform, suite, module, hosts } = this.draft;
    const netLines = [...this.#netLines].sort((a, b) => a - b);
    if (netLines.length === 0) this.#note ??= 'no command that fetches from it was found';
    return {
      id,
      file,
      line,
      netLines,
      stage: this.stage,
      kind,
      url,
      host,
      inClosure: this.inClosure,
      ...(platform === undefined ? {} : { platform }),
      ...(suite === undefined ? {} : { suite }),
      ...(module === undefined ? {} : { module }),
      ...(this.#note === undefined ? {} : { note: this.#note }),
      ...(this.#instructions.size === 0 ? {} : { reachedIn: [...this.#instructions] }),
      ...(hosts === undefined ? {} : { hosts }),
      ...(this.#aptCalls.length === 0 ? {} : { aptCalls: [...this.#aptCalls] }),
      anchor,
      ...(this.#more.length === 0 ? {} : { moreAnchors: this.#more }),
    };
  }
}

/** Collects points and unknown places, stage by stage, in the order of the text. */
export class Points {
  readonly #kept: KeptPoint[] = [];
  readonly #byKey = new Map<string, KeptPoint>();
  readonly #unknown = new Map<string, UnknownPlace>();
  #stage = '';
  #stageKey = '';
  #inClosure = false;
  #instruction: number | null = null;
  #changes = 0;
  readonly #home: Home = {
    instruction: () => this.#instruction,
    changed: () => {
      this.#changes++;
    },
  };

  /** All that follows belongs to this stage. `key` tells stages of the same name apart. */
  enter(stage: string, key: string, inClosure: boolean): void {
    this.#stage = stage;
    this.#stageKey = key;
    this.#inClosure = inClosure;
    this.#instruction = null;
  }

  /** All that is reached from here on is reached in this instruction. @param start its offset in the Dockerfile */
  follow(start: number): void {
    this.#instruction = start;
  }

  get inClosure(): boolean {
    return this.#inClosure;
  }

  /** Grows with all that is found: what leaves it as it was has found nothing. */
  get changes(): number {
    return this.#changes;
  }

  add(draft: Draft): KeptPoint {
    this.#changes++;
    const key = [this.#stageKey, draft.kind, draft.key].join('\0');
    const before = this.#byKey.get(key);
    if (before !== undefined) {
      before.alsoAt(draft.anchor);
      return before;
    }
    const point = new KeptPoint(draft, this.#stage, this.#stageKey, this.#inClosure, this.#home);
    this.#kept.push(point);
    this.#byKey.set(key, point);
    return point;
  }

  unknown(place: { file: string; line: number; text: string; reason: string }): void {
    this.#changes++;
    const key = [this.#stageKey, place.file, place.line, place.reason].join('\0');
    const text = place.text.length > 200 ? `${place.text.slice(0, 200)}…` : place.text;
    if (!this.#unknown.has(key))
      this.#unknown.set(key, { ...place, text, stage: this.#stage, inClosure: this.#inClosure });
  }

  /** All points with their ids: `STAGE/KIND`, then `#2`, `#3`, …. */
  finish(): { points: EgressPoint[]; unknown: UnknownPlace[] } {
    const counts = new Map<string, number>();
    const points = inTextOrder(this.#kept).map((point) => {
      const id = `${point.stage}/${point.draft.kind}`;
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      return point.finish(count === 1 ? id : `${id}#${String(count)}`);
    });
    return { points, unknown: [...this.#unknown.values()] };
  }
}

/** A script is followed as it runs; its points are listed as they stand in it, at the place where the stage runs it. */
function inTextOrder(kept: readonly KeptPoint[]): KeptPoint[] {
  const groups = new Map<string, KeptPoint[]>();
  const group = (point: KeptPoint): string => `${point.stageKey}\0${point.draft.file}`;
  for (const point of kept) groups.set(group(point), [...(groups.get(group(point)) ?? []), point]);
  for (const points of groups.values()) points.sort((a, b) => a.draft.line - b.draft.line);
  return kept.map((point) => groups.get(group(point))?.shift() ?? point);
}
