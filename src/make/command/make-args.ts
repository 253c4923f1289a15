import { EXIT, MobyBuildError } from '../../errors.ts';
import { requirePlainText } from '../flags/plain-text.ts';

/** Variables of the Makefile that another flag sets. */
const OTHER_FLAG: Readonly<Record<string, string>> = {
  VERSION: 'Use --build-arg VERSION=…',
  DOCKER_GITCOMMIT: 'Use --build-arg DOCKER_GITCOMMIT=…',
  GO_VERSION: 'Use --build-arg GO_VERSION=…',
  DOCKER: 'Use --docker PATH.',
  DOCKER_BUILD_ARGS: 'Use --build-arg K=V.',
  DOCKER_BUILD_OPTS: 'Use --docker-build-opt.',
  DOCKER_BUILD_APT_MIRROR: 'Use --mirror apt=… (the Makefile puts this one on a command line unquoted).',
  DOCKER_BUILDKIT: 'The build needs BuildKit.',
};

/** The same up to 22.06, whose `make binary` hands none of these to its steps. */
const OTHER_FLAG_OF_DOCKER_BUILD: Readonly<Record<string, string>> = Object.fromEntries(
  ['DOCKER_LDFLAGS', 'DOCKER_BUILDTAGS', 'DOCKER_DEBUG', 'DOCKER_BUILD_GOGC', 'BUILDFLAGS'].map((name) => [
    name,
    `Use --build-arg ${name}=…`,
  ]),
);

/** The same from 23.0 on, where make hands its variables to bake. */
const OTHER_FLAG_OF_BAKE: Readonly<Record<string, string>> = {
  BAKE_CMD: 'Use --build-arg K=V, --docker-build-opt or --docker PATH.',
  BUILDX: 'Use --docker PATH.',
  DESTDIR: 'Use --out DIR.',
  DOCKER_STATIC: 'Use --target binary or --target dynbinary.',
};

/** Variables that make or the Makefile takes as a program to run, or as make's own syntax. */
const PROGRAMS = new Set([
  'SHELL',
  '.SHELLFLAGS',
  'MAKE',
  'MAKEFLAGS',
  'MAKEFILES',
  'MFLAGS',
  'GNUMAKEFLAGS',
  'MAKEOVERRIDES',
]);

/** Options of make that change how much it says or does at once, not what is built. */
const HARMLESS_OPTION =
  /^(?:-j\d*|-l[\d.]+|-s|-k|-w|-B|--(?:jobs=\d+|silent|quiet|trace|keep-going|print-directory|no-print-directory|always-make|warn-undefined-variables|debug(?:=[a-z,]+)?))$/;

/** A value that neither make nor a shell reads as anything but text, wherever a Makefile puts it. */
const SAFE_VALUE = /^[A-Za-z0-9_@%+=:,./ -]*$/;

/**
 * Checks `--make-arg` values: `NAME=VALUE`, or one of make's options that do not change what is built. A Makefile may put
 * a variable on a shell's command line, so values are plain: letters, digits, space and `_@%+=:,./-`.
 *
 * @throws MobyBuildError exit 2: `hostile-value` or `bad-make-arg`
 */
export function checkMakeArgs(values: readonly string[], builtBy: 'docker-build' | 'bake'): readonly string[] {
  const otherFlag = { ...OTHER_FLAG, ...(builtBy === 'bake' ? OTHER_FLAG_OF_BAKE : OTHER_FLAG_OF_DOCKER_BUILD) };
  for (const value of values) {
    requirePlainText(value, '--make-arg');
    if (value.startsWith('-')) {
      if (!HARMLESS_OPTION.test(value))
        throw refused(value, 'It is not one of the options of make that leave the build as it is.');
      continue;
    }
    const [, name = '', text = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/su.exec(value) ?? [];
    if (name === '') throw refused(value, 'It is neither NAME=VALUE nor an option; the target is given by --target.');
    const instead = otherFlag[name];
    if (instead !== undefined) throw refused(value, 'Another flag does that.', instead);
    if (PROGRAMS.has(name)) throw refused(value, `${name} is make's own.`);
    if (!SAFE_VALUE.test(text)) {
      throw new MobyBuildError({
        code: 'hostile-value',
        exitCode: EXIT.usage,
        message: `--make-arg ${JSON.stringify(value)}: a Makefile may put this value on a shell's command line, and it holds more than letters, digits, space and _@%+=:,./-`,
        where: '--make-arg',
        hint: 'A value for the Dockerfile goes through --build-arg, which takes any text.',
      });
    }
  }
  return values;
}

function refused(value: string, why: string, hint?: string): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-make-arg',
    exitCode: EXIT.usage,
    message: `--make-arg ${JSON.stringify(value)} is refused. ${why}`,
    where: '--make-arg',
    hint,
  });
}
