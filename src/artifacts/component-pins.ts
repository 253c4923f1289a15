import type { Tree } from '../types.ts';

/** Which commit or version of a component a tree builds. */
export interface ComponentPin {
  /** `CONTAINERD`, as in CONTAINERD_COMMIT. */
  readonly component: string;
  readonly variable: string;
  /** A commit id up to 20.10.12, a tag or pseudo-version later. */
  readonly pin: string;
  /** The comment behind it, which names the tag of a commit: `v1.4.12`. */
  readonly note: string | null;
  /** Who says so: a file of the tree, or the user's build argument. */
  readonly from: 'tree' | 'build-arg';
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * `: "${NAME:=VALUE}"` and `: ${NAME:=VALUE}`, the whole line, as the installers of 19.03 to 22.06 have it (runc's and tini's up
 * to 20.10.12 without quotes, golangci_lint's with `=`). The installers are sourced, so this is what the shell does with it.
 */
const ASSIGNMENT = /^:\s+"?\$\{(([A-Z][A-Z0-9_]*?)_(?:COMMIT|VERSION)):?=([^}"\s]+)\}"?\s*(?:#\s*(.*?))?\s*$/;

/**
 * The pins of the components, read from a tree's installers; `buildArgs` that name one win, as ARG does in the stage that runs
 * the installer. Sorted by file. Pure.
 */
export function readComponentPins(
  tree: Tree,
  buildArgs: Readonly<Record<string, string>> = {},
): readonly ComponentPin[] {
  const pins: ComponentPin[] = [];
  for (const file of [...tree.keys()].sort()) {
    if (!/^hack\/dockerfile\/install\/[^/]+\.installer$/.test(file)) continue;
    for (const [index, text] of (tree.get(file)?.text ?? '').split('\n').entries()) {
      const [, variable, component, pin, note] = ASSIGNMENT.exec(text) ?? [];
      if (variable === undefined || component === undefined || pin === undefined) continue;
      const given = buildArgs[variable];
      // `:=` takes an empty value for none.
      const overridden = given !== undefined && given !== '';
      pins.push({
        component,
        variable,
        pin: overridden ? given : pin,
        note: overridden || note === undefined || note === '' ? null : note,
        from: overridden ? 'build-arg' : 'tree',
        file,
        line: index + 1,
      });
    }
  }
  return pins;
}
