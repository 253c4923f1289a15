import { EXIT, MobyBuildError } from '../errors.ts';
import { COMPONENT_NAMES, type ComponentChoice, type ComponentName, type Tree } from '../types.ts';
import { checkVersion } from './check-version.ts';
import { usesOfPin } from './pin-uses.ts';
import { readPins, type TreePin } from './read-pins.ts';

/** `--component` by name. */
export type ComponentWishes = Readonly<Partial<Record<ComponentName, string>>>;

/**
 * How a tree is brought to build other versions of components: by the build argument that its stage takes, which leaves the tree
 * as it is, or by an edit of the pin: where no stage takes one, and where a script besides the installer reads the pin too (up to
 * 20.10.12 hack/make/.go-autogen stamps dockerd with the commit of tini that `docker info` then expects; a build argument does
 * not get there). Sorted as COMPONENT_NAMES. Pure.
 *
 * @param buildArgs the user's own: one that says something else about the same component is refused
 * @throws MobyBuildError `no-such-component` (4) for one that the tree does not have; exit 2: `version-not-usable`,
 * `component-twice`; exit 4 `dockerfile-syntax`, `shell-syntax`
 */
export function chooseComponents(
  tree: Tree,
  wishes: ComponentWishes,
  buildArgs: Readonly<Record<string, string>>,
): readonly ComponentChoice[] {
  const wished = COMPONENT_NAMES.filter((name) => wishes[name] !== undefined);
  if (wished.length === 0) return [];
  const pins = readPins(tree);
  return wished.map((component) => {
    const version = wishes[component] ?? '';
    const pin = pins.find((candidate) => candidate.component === component);
    if (pin === undefined) throw noSuchComponent(component, pins);
    checkVersion(component, version, usesOfPin(tree, pin));
    const given = buildArgs[pin.variable];
    if (given !== undefined && given !== version) throw saidTwice(component, pin);
    const by = pin.stages.length === 0 || readElsewhere(tree, pin) ? 'edit' : 'build-arg';
    return { component, version, by, ...treeSide(pin) };
  });
}

/** The build arguments that choices need. */
export function componentArgs(choices: readonly ComponentChoice[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    choices.filter(({ by }) => by === 'build-arg').map(({ variable, version }) => [variable, version]),
  );
}

function treeSide({ variable, pin, note, file, line, start, end, stages }: TreePin) {
  return { variable, treePin: pin, note, file, line, start, end, stages };
}

/** A script outside of the Dockerfile's own folder that expands the variable runs in stages that have no such ARG. */
function readElsewhere(tree: Tree, { variable }: TreePin): boolean {
  const expansion = new RegExp(String.raw`\$(?:${variable}(?!\w)|\{${variable}\b)`);
  return [...tree].some(
    ([path, { text }]) => path.startsWith('hack/') && !path.startsWith('hack/dockerfile/') && expansion.test(text),
  );
}

function noSuchComponent(component: ComponentName, pins: readonly TreePin[]): MobyBuildError {
  const there = pins.map((pin) => pin.component);
  return new MobyBuildError({
    code: 'no-such-component',
    exitCode: EXIT.tree,
    message: `This tree builds no ${component} of its own choice: nothing in it pins one.`,
    where: `--component ${component}`,
    hint:
      (component === 'libnetwork'
        ? 'From 22.06 on moby holds libnetwork itself, and builds docker-proxy from its own sources. '
        : '') + `It pins ${there.length === 0 ? 'no component' : there.join(', ')}.`,
  });
}

function saidTwice(component: ComponentName, { variable }: TreePin): MobyBuildError {
  return new MobyBuildError({
    code: 'component-twice',
    exitCode: EXIT.usage,
    message: `--component ${component} and --build-arg ${variable} name two versions of ${component}.`,
    where: `--component ${component}`,
    hint: 'Leave one of them out.',
  });
}
