import { reachable, resolveStages } from '../dockerfile/closure.ts';
import type { ResolvedStage } from '../dockerfile/closure.ts';
import type { Dockerfile } from '../dockerfile/text/dockerfile.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { Variables } from '../dockerfile/scope.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { EgressPoint, Scan, ScanOptions, StageFacts, Tree, TreeFacts, UnknownPlace } from '../types.ts';
import { BROKEN, brokenAddress } from './world/broken-address.ts';
import { goVersionOf } from './world/go-mode.ts';
import { locateImage } from '../image-reference.ts';
import { hasOtherApt, suiteOfImage } from './world/image-suite.ts';
import { workdirOfImage } from './world/image-workdir.ts';
import { Points } from './world/points.ts';
import { walkStage } from './walk/stage-walk.ts';
import type { Walk } from './walk/walk.ts';
import { WatchedTree } from './world/watched-tree.ts';
import { StageWorld } from './world/stage-world.ts';

const DOCKERFILE = 'Dockerfile';

/**
 * Finds every place where a moby tree reaches for the network when it is built.
 * In: the tree's files, and the stage and platform that are to be built. Out: the points in the order of the text, what could
 * not be placed, the stages with the closure of the target, and what the tree says of itself.
 * Pure and synchronous. Throws exit 4: `not-moby`, `no-such-target`, `dockerfile-syntax`, `shell-syntax`.
 */
export function scan(files: Tree, options: ScanOptions): Scan {
  const tree = new WatchedTree(files);
  const dockerfile = mobyDockerfile(tree);
  const variables = new Variables(dockerfile, options);
  const stages = resolveStages(dockerfile, variables);
  const closure = reachable(stages, options.target);
  if (closure === null) throw noSuchTarget(dockerfile, options.target);

  const points = new Points();
  keepFrontend(dockerfile, points);
  const walk: Walk = { dockerfile, tree, variables, points, arch: options.arch, worlds: [] };
  const facts = treeFacts(dockerfile, stages, variables);
  for (const resolved of stages) {
    const { stage, from } = resolved;
    points.enter(stage.name, String(stage.index), closure.has(stage.index));
    const parent = from.kind === 'stage' ? walk.worlds[from.stage.index] : undefined;
    const scope = variables.start(parent?.scope ?? null);
    const world = parent?.child(scope) ?? new StageWorld(tree, scope);
    if (from.kind === 'image') {
      world.suite = suiteOfImage(from.image) ?? facts.suite;
      world.otherApt = hasOtherApt(from.image) ? from.image : null;
      world.go = goVersionOf(from.image);
      world.workdir = workdirOfImage(from.image);
    }
    walk.worlds.push(world);
    walkStage(walk, resolved, world);
  }
  const found = points.finish();
  return {
    target: options.target,
    platform: variables.globals.variable('TARGETPLATFORM')?.value ?? `linux/${options.arch}`,
    points: found.points,
    unknown: [...found.unknown, ...brokenPlaces(found.points)],
    stages: stages.map((resolved) => stageFacts(resolved, closure)),
    facts,
  };
}

/** Points whose address nobody can have meant; each stays a point, for its place is known. */
function brokenPlaces(points: readonly EgressPoint[]): readonly UnknownPlace[] {
  return points.flatMap(({ file, line, stage, inClosure, url, ...point }) => {
    const reason = brokenAddress({ ...point, url });
    return reason === null ? [] : [{ file, line, stage, inClosure, text: url, reason: `${BROKEN}: ${reason}` }];
  });
}

function mobyDockerfile(tree: Tree): Dockerfile {
  const file = tree.get(DOCKERFILE);
  const dockerfile = file === undefined ? null : parseDockerfile(file.text, DOCKERFILE);
  if (dockerfile?.stages.some((stage) => stage.name.toLowerCase() === 'base') === true) return dockerfile;
  throw new MobyBuildError({
    code: 'not-moby',
    exitCode: EXIT.tree,
    message:
      dockerfile === null
        ? 'This is not a source tree of moby: it has no Dockerfile.'
        : 'This is not a source tree of moby: its Dockerfile has no stage base.',
    where: DOCKERFILE,
    hint: 'Give a clone of https://github.com/moby/moby at a release tag.',
    command: NEXT.refNotTree('v20.10.12'),
  });
}

function noSuchTarget(dockerfile: Dockerfile, target: string): MobyBuildError {
  const names = dockerfile.stages.filter((stage) => stage.from.words.length === 3).map((stage) => stage.name);
  return new MobyBuildError({
    code: 'no-such-target',
    exitCode: EXIT.tree,
    message: `The Dockerfile has no stage ${target}.`,
    where: DOCKERFILE,
    hint: `Its stages: ${names.join(', ')}.`,
    // The same line again would end the same way.
    command: target === 'binary' ? NEXT.refNotTree('v20.10.27') : NEXT.target('binary'),
  });
}

function keepFrontend(dockerfile: Dockerfile, points: Points): void {
  const { syntax, file, text } = dockerfile;
  if (syntax === null) return;
  points.enter('(frontend)', '(frontend)', true);
  const { start, end, line } = syntax;
  points.add({
    file,
    line,
    netLine: line,
    kind: 'frontend',
    ...locateImage(syntax.text),
    anchor: { file, start, end, text: text.slice(start, end), role: 'syntax', quote: 'none' },
    key: syntax.text,
  });
}

function stageFacts(resolved: ResolvedStage, closure: ReadonlySet<number>): StageFacts {
  const { stage, from } = resolved;
  return {
    name: stage.name,
    line: stage.line,
    parent: from.kind === 'stage' ? from.stage.name : null,
    image: from.kind === 'image' ? from.image : null,
    platform: stage.platform,
    inClosure: closure.has(stage.index),
  };
}

function treeFacts(dockerfile: Dockerfile, stages: readonly ResolvedStage[], variables: Variables): TreeFacts {
  const base = stages.find(({ stage }) => stage.name.toLowerCase() === 'base');
  const baseImage = base?.from.kind === 'image' ? base.from.image : null;
  const value = (name: string): string | null => variables.globals.variable(name)?.value ?? null;
  return {
    syntax: dockerfile.syntax?.text ?? null,
    goVersion: value('GO_VERSION'),
    suite: value('BASE_DEBIAN_DISTRO') ?? (baseImage === null ? null : suiteOfImage(baseImage)),
    baseImage,
  };
}
