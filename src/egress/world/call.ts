import type { Command, Redirect, ScriptSource } from '../../shell/syntax.ts';
import type { Anchor, AnchorRole, EgressKind, Tree } from '../../types.ts';
import { hostOf } from './default-hosts.ts';
import { redirected } from './git-redirects.ts';
import type { KeptPoint, Points } from './points.ts';
import type { ShellState } from '../values/shell-state.ts';
import type { StageWorld } from './stage-world.ts';
import type { Origin, Value } from '../values/value.ts';

/** Where a script is followed: the stage, what it holds, and where findings go. */
export interface Site {
  readonly points: Points;
  readonly world: StageWorld;
  readonly stage: string;
  /** One RUN instruction: an apt point counts once in it. */
  readonly runKey: string;
  readonly arch: string;
  /** `RUN --network=none`: its commands cannot reach out, whatever they are. */
  readonly offline: boolean;
}

/** One command of a script, its words evaluated. */
export interface Call {
  readonly name: string;
  readonly args: readonly Value[];
  readonly line: number;
  readonly source: ScriptSource;
  readonly command: Command;
  /** Where its redirections lead. */
  readonly targets: ReadonlyMap<Redirect, Value>;
  /** The variables that the command itself sees. */
  readonly state: ShellState;
}

/** The anchor at an origin, or null where no text of the tree gives the value. */
export function anchorAt(origin: Origin | null, role: AnchorRole, tree: Tree): Anchor | null {
  if (origin === null || origin.end <= origin.start) return null;
  const text = tree.get(origin.file)?.text.slice(origin.start, origin.end);
  return text === undefined
    ? null
    : { file: origin.file, start: origin.start, end: origin.end, text, role, quote: origin.quote };
}

/** The line of a finding: where its text stands in the same script, else the command's. An ARG's default does not count: the command is what a reader looks for. */
export function lineOf(origin: Origin | null, call: Call): number {
  return origin !== null && origin.place === 'script' && origin.file === call.source.file ? origin.line : call.line;
}

/** The URLs that a word may be; empty where not even its host is known. */
export function urlsOf(value: Value): string[] {
  const isUrl = (text: string): boolean => /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#$`\s]+|[\w.-]+@[\w.-]+:)/i.test(text);
  // One that may be empty fetches nothing then.
  const choices = value.choices?.filter((choice) => choice !== '') ?? [];
  if (value.choices !== null && choices.length > 0 && choices.every(isUrl)) return choices;
  return isUrl(value.text) ? [value.text] : [];
}

/** Keeps a point for each URL that a word may be; where there is none the place is unknown. */
export function keepUrl(
  call: Call,
  site: Site,
  value: Value,
  kind: EgressKind,
  role: AnchorRole,
  reached: boolean,
): KeptPoint[] {
  if (site.offline && reached) return [];
  if (value.choices?.every((choice) => choice === '') === true) return [];
  const urls = urlsOf(value);
  if (urls.length === 0) {
    unknownCall(call, site, `the address ${value.text} of this ${call.name} is not known`);
    return [];
  }
  const asked = kind === 'git' ? urls.flatMap((written) => redirected(written, site.world.redirects)) : urls;
  return asked.map((url) => {
    const point = site.points.add({
      file: call.source.file,
      line: lineOf(value.origin, call),
      netLine: reached ? call.line : null,
      kind,
      url,
      host: hostOf(url),
      anchor: urls.length === 1 ? anchorAt(value.origin, role, site.world.tree) : null,
      key: url,
    });
    if (reached) point.reachedFrom(call.line);
    return point;
  });
}

export function unknownCall(call: Call, site: Site, reason: string): void {
  if (site.offline) return;
  const { start, end } = call.command;
  site.points.unknown({ file: call.source.file, line: call.line, text: call.source.text.slice(start, end), reason });
}

/** Splits options from operands. `withValue`: options whose value is the next word. `--x=y` is one word. */
export function splitOptions(
  args: readonly Value[],
  withValue: ReadonlySet<string>,
): { options: Map<string, Value>; operands: Value[] } {
  const options = new Map<string, Value>();
  const operands: Value[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === undefined) break;
    const { text } = arg;
    if (text === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(arg);
      continue;
    }
    const equals = text.startsWith('--') ? text.indexOf('=') : -1;
    const next = args[at + 1];
    if (equals !== -1)
      options.set(text.slice(0, equals), {
        ...arg,
        text: text.slice(equals + 1),
        choices: arg.choices?.map((choice) => choice.slice(equals + 1)) ?? null,
        origin: null,
      });
    else if (withValue.has(text) && next !== undefined) {
      options.set(text, next);
      at++;
    } else options.set(text, arg);
  }
  return { options, operands };
}
