import { crossToolsOf, debianArch, unameOf } from '../cpus.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { Tree } from '../types.ts';
import { prepareTree, type Prepared } from './before-scan.ts';
import type { RuleSet } from './rules/rule-set.ts';
import type { Values } from './rules/values.ts';

/**
 * Makes a tree of 20.10 or 22.06 cross-compile. It is scanned and planned for afterwards, so what the patch asks apt for is an egress
 * point like every other one, and comes through the same mirrors. Pure.
 *
 * @param arch GOARCH of what comes out; `on`: of the machine that builds. `crossToolsOf` must know the pair
 * @throws MobyBuildError `rule-mismatch` (4) with the file and line that the rules do not fit; the tree is never half changed
 */
export function crossCompile(tree: Tree, { crossing }: RuleSet, arch: string, on: string): Prepared {
  const tools = crossToolsOf(arch, on);
  if (tools === null) return { tree, patches: [] };
  const values: Values = new Map([
    ['goarch', arch],
    ['uname', unameOf(arch)],
    ['debian-arch', debianArch(arch)],
    ['triple', tools.triple],
    ['compiler', tools.compiler],
  ]);
  try {
    return prepareTree(tree, crossing, { values, before: 0 });
  } catch (cause) {
    throw withTheOldWay(cause);
  }
}

/** A tree that the rules do not fit can still be built on an emulator. */
function withTheOldWay(cause: unknown): unknown {
  if (!(cause instanceof MobyBuildError) || cause.code !== 'rule-mismatch') return cause;
  return new MobyBuildError({
    code: 'rule-mismatch',
    exitCode: EXIT.tree,
    message: cause.message,
    where: cause.where,
    hint: 'The tree cannot be cross-compiled as it is. Under emulation it is built without these rules, about ten times slower.',
    command: NEXT.emulate(),
    cause,
  });
}
