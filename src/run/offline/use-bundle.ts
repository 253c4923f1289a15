import type { LocatedBundle } from '../../bundle/locate-files.ts';
import { buildName, buildsFor, lackingOf, type BundleBuild, type Lacking } from '../../bundle/use/needs.ts';
import type { UsedBundle } from '../../bundle/use/used-bundle.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import type { OptionName } from '../../config/options/options.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { pinFor } from '../../moby/pins.ts';
import { NEXT } from '../../next-command.ts';
import { quoteWord } from '../../system/command-line.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { badOption, decidedOptions } from './decided-options.ts';

/** More than these say nothing that the first ones do not. */
const MOST_NAMES = 20;

/**
 * The build of the bundle that the options mean. Pure.
 *
 * @param isGiven whether somebody said an option: what nobody said is as the bundle has it
 * @param stored commits that the store has, whole
 * @throws MobyBuildError `bundle-lacks` (5) where it is for another build, or an object of it is not there; `usage` (2) where it may be one of several;
 *   `wrong-commit` (4)
 */
export function useBundle(
  file: string,
  located: LocatedBundle,
  options: Pick<
    RunOptions,
    'ref' | 'arch' | 'target' | 'commit' | 'source' | 'suite' | 'lean' | 'without' | 'components' | 'buildArgs'
  >,
  isGiven: (name: OptionName) => boolean,
  stored: ReadonlySet<string> = new Set(),
): UsedBundle {
  const { contents } = located.verified;
  const { ref, arch, target, commit, source } = options;
  const said = <T>(name: OptionName, value: T): T | null => (isGiven(name) ? value : null);
  const found = buildsFor(contents, {
    ref: said('ref', ref),
    arch: said('arch', arch),
    target: said('target', target),
  });
  const [build, second] = found;
  if (build === undefined) {
    const [first] = contents.builds;
    const list = contents.builds.map(buildName).join('; ');
    throw lacks(file, MESSAGES.bundleForOther(file, list), { ref: ref ?? first?.ref ?? '', arch, target, options });
  }
  if (second !== undefined) throw severalBuilds(file, build, found);
  requireAll(file, build, lackingOf(contents, build, stored));
  const moby =
    stored.has(build.commit) ||
    contents.objects.some(({ kind, digest }) => kind === 'git' && digest === `git:${build.commit}`);
  if (source.kind === 'url' && !moby)
    throw lacks(
      file,
      `${file} holds no moby: it was made with --source DIR, so the build needs that tree, too.`,
      build,
    );
  if (source.kind === 'url') requireCommit(file, build, commit);
  return { file, located, build, stored };
}

function severalBuilds(
  file: string,
  { ref, arch, target }: BundleBuild,
  found: readonly BundleBuild[],
): MobyBuildError {
  return new MobyBuildError({
    code: 'usage',
    exitCode: EXIT.usage,
    message: [MESSAGES.bundleForSeveral(file), ...found.map((each) => `  ${buildName(each)}`)].join('\n'),
    where: '--bundle',
    hint: 'Say which one with --ref, --arch and --target.',
    command: NEXT.cell(ref, arch, target),
  });
}

/** A bundle is as any mirror: which commit a tag is, the table or the user says. */
function requireCommit(file: string, { ref, commit }: BundleBuild, given: string | null): void {
  const expected = given?.toLowerCase() ?? pinFor(ref)?.commit ?? null;
  if (expected === commit) return;
  throw new MobyBuildError({
    code: 'wrong-commit',
    exitCode: EXIT.tree,
    message:
      expected === null
        ? `${file} has ${ref} at commit ${commit}, and no table says which commit that is.`
        : `${file} has ${ref} at commit ${commit}; it must be ${expected}.`,
    where: given === null ? '--bundle' : '--commit',
    hint: 'Anybody can write a bundle. If you know from elsewhere that this commit is right, say so with --commit SHA.',
    command: `sha256sum ${quoteWord(file)}`,
  });
}

/** What is to be built, and with which of its options. */
type Wanted = Pick<BundleBuild, 'ref' | 'arch' | 'target'> & {
  readonly options: {
    readonly suite: string | null;
    readonly lean: boolean | null;
    readonly without: readonly string[];
    readonly components: Readonly<Record<string, string | undefined>>;
    readonly buildArgs: Readonly<Record<string, string | undefined>>;
    readonly images?: Readonly<Record<string, string | undefined>> | undefined;
    readonly builderArch?: string | null | undefined;
  };
};

/**
 * @param wanted of what the line for a machine with network is made
 * @throws MobyBuildError `bundle-lacks` (5) that names what is missing
 */
export function requireAll(file: string, wanted: Wanted, { total, missing }: Lacking): void {
  if (missing.length === 0) return;
  const names = missing.slice(0, MOST_NAMES).map((name) => `  ${name}`);
  const more = missing.length > MOST_NAMES ? [`  and ${String(missing.length - MOST_NAMES)} more`] : [];
  const one = missing.length === 1;
  const head = `${String(missing.length)} of ${String(total)} objects ${one ? 'is' : 'are'} missing from ${file}:`;
  throw lacks(file, [head, ...names, ...more].join('\n'), wanted);
}

function lacks(file: string, message: string, { ref, arch, target, options }: Wanted): MobyBuildError {
  const { suite, lean, without, components, buildArgs, builderArch, images = {} } = options;
  const pairs = (flag: string, values: Readonly<Record<string, string | undefined>>): readonly string[] =>
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [flag, `${name}=${value}`]));
  return new MobyBuildError({
    code: 'bundle-lacks',
    exitCode: EXIT.network,
    message,
    where: '--bundle',
    hint: 'Nothing was built. A machine with network that has this bundle, too, makes one with the rest; give both then:',
    command: NEXT.createBundle(
      ...['--ref', ref, '--arch', arch, '--target', target, '--since', file, '--out', besideOf(file)],
      ...(builderArch === undefined || builderArch === null || builderArch === arch
        ? []
        : ['--builder-arch', builderArch]),
      ...(suite === null ? [] : ['--suite', suite]),
      ...(lean === false ? ['--no-lean'] : []),
      ...without.flatMap((name) => ['--without', name]),
      ...pairs('--image', images),
      ...pairs('--component', components),
      ...pairs('--build-arg', buildArgs),
    ),
  });
}

/** `moby.tar` → `moby-more.tar`, in the same folder. Pure. */
function besideOf(file: string): string {
  return `${file.replace(/(?:\.tar)?$/u, '')}-more.tar`;
}

/**
 * The options of a build that takes all from a bundle: nobody is asked, no step has a network, and no mirror is named. What decided what the bundle
 * holds decides here, too, unless the user says otherwise. Pure. Throws as `decidedOptions`.
 */
export function optionsWith(
  { file, build }: UsedBundle,
  options: RunOptions,
  isGiven: (name: OptionName) => boolean,
): RunOptions {
  const { arch, target, suite, lean, without, components, buildArgs, images } = decidedOptions(build, (name, problem) =>
    badOption(file, name, problem),
  );
  const cloned = options.source.kind === 'url';
  return {
    ...options,
    ...(cloned ? { ref: build.ref } : {}),
    ...{ arch, target },
    suite: isGiven('suite') ? options.suite : suite,
    lean: isGiven('lean') ? options.lean : lean,
    without: isGiven('without') ? options.without : without,
    components: { ...components, ...options.components },
    buildArgs: { ...buildArgs, ...options.buildArgs },
    ...{ mirrors: {}, images, sourcesList: null, frontend: null },
    // Of 20.10 and 22.06 a bundle is for a machine of the architecture: it holds no cross compiler. Later trees cross-compile by themselves.
    emulate: true,
    offline: true,
    ...{ sources: 'host', probe: false, reprobe: false, network: options.network ?? 'none' },
  };
}

/** Options whose wishes a bundle leaves no room for. */
export const NOT_WITH_BUNDLE: readonly OptionName[] = [
  'mirrors',
  'images',
  'sourcesList',
  'frontend',
  'profile',
  'sources',
];
