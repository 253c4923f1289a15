import type { Anchor, ComponentChoice, Tree } from '../../types.ts';
import type { Dockerfile } from '../../dockerfile/text/dockerfile.ts';
import type { DecidedPoint } from './conditions.ts';
import type { RuleOf } from '../rules/rule.ts';
import type { Edit } from '../rules/splice.ts';
import { standsApart } from '../rules/stage-roots.ts';
import type { Values } from '../rules/values.ts';

/** What a rule may look at. */
export interface RuleContext {
  readonly tree: Tree;
  readonly dockerfile: Dockerfile;
  readonly points: readonly DecidedPoint[];
  readonly components: readonly ComponentChoice[];
  readonly values: Values;
  /** The place of the rule among all: insertions at one place keep it. */
  readonly order: number;
}

/** What a rule does to a tree. */
export interface RuleRun {
  readonly edits: readonly Edit[];
  /** New or changed whole files: path → text. */
  readonly files: ReadonlyMap<string, string>;
  /** Places that the rule found, whether they are as it wants them or not. */
  readonly places: number;
  /** How many of them are as the rule wants them. */
  readonly already: number;
}

export const NOTHING: RuleRun = { edits: [], files: new Map(), places: 0, already: 0 };

/** The points that a rule is for. */
export function pointsFor(selector: RuleOf<'replace-anchor'>['points'], context: RuleContext): readonly DecidedPoint[] {
  return context.points.filter(({ point, resolution }) => {
    if (!selector.kinds.includes(point.kind)) return false;
    if (
      selector.in !== undefined &&
      (point.anchor?.file === context.dockerfile.file) !== (selector.in === 'dockerfile')
    )
      return false;
    if (selector.decided === 'redirected') return resolution.redirect !== undefined;
    if (selector.decided === 'own-sources') return resolution.ownSources === true;
    if (selector.decided === 'apart')
      return (
        (point.inClosure || resolution.to !== null || resolution.ownSources === true) &&
        standsApart(context.dockerfile, point.stage)
      );
    if (selector.handed?.includes(resolution.handIn?.way ?? 'folder') === false) return false;
    if (selector.decided === 'dropped') return resolution.via === 'dropped';
    if (selector.decided === 'reached')
      return point.inClosure && resolution.via !== 'dropped' && resolution.via !== 'host';
    return (
      (selector.decided === 'host') === (resolution.via === 'host') && resolution.to !== null && point.anchor !== null
    );
  });
}

/** Every text that stands for a point: most have one place, an address that is written in several branches has more. */
export function anchorsOf({ point }: DecidedPoint): readonly Anchor[] {
  return [...(point.anchor === null ? [] : [point.anchor]), ...(point.moreAnchors ?? [])];
}

/** `\r\n` or `\n`, as the line of that offset ends. */
export function lineEndAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/** The offset at which the line of `offset` starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset after the line of `offset`, its end included. */
export function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}
