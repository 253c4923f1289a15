import { EXIT, MobyBuildError } from '../../errors.ts';
import { requirePlainText } from './plain-text.ts';

/** Options of `docker build` that make's recipe or a flag of ours gives: twice would contradict, or build something else. */
const TAKEN: Readonly<Record<string, string>> = {
  '--build-arg': 'Use --build-arg K=V of moby-build.',
  '--target': 'Use --target of moby-build.',
  '--output': 'The Makefile writes to bundles/, and moby-build takes the binaries from there; use --out.',
  '-o': 'The Makefile writes to bundles/, and moby-build takes the binaries from there; use --out.',
  '--file': "The tree's own Dockerfile is built.",
  '-f': "The tree's own Dockerfile is built.",
  '--platform': 'Use --arch of moby-build.',
  '--network': 'Use --network of moby-build.',
  '--add-host': 'Use --add-host of moby-build.',
  '--progress': 'moby-build reads the plain progress.',
  '--quiet': 'moby-build reads the plain progress.',
  '-q': 'moby-build reads the plain progress.',
  '--metadata-file': 'It has no place in what moby-build collects.',
};

/**
 * Checks `--docker-build-opt` values: one option of `docker build` each, with its value after `=`.
 *
 * @throws MobyBuildError exit 2: `hostile-value`, or `bad-docker-build-opt` for what is no option or is given in another way
 */
export function checkDockerBuildOpts(values: readonly string[]): readonly string[] {
  for (const value of values) {
    requirePlainText(value, '--docker-build-opt');
    if (!/^--?[A-Za-z0-9]/.test(value)) {
      throw refused(
        value,
        'It is not an option: the build context is the tree.',
        'Write --docker-build-opt=--name=value.',
      );
    }
    if (/^--?[A-Za-z0-9-]+\s/.test(value)) {
      throw refused(
        value,
        'Each is handed over as one word.',
        `Write --docker-build-opt=${value.replace(/\s+/, '=')}.`,
      );
    }
    const name = value.startsWith('--') ? value.replace(/=.*$/su, '') : value.slice(0, 2);
    const instead = TAKEN[name];
    if (instead !== undefined) throw refused(value, `moby-build or the Makefile gives ${name} itself.`, instead);
  }
  return values;
}

function refused(value: string, why: string, hint: string): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-docker-build-opt',
    exitCode: EXIT.usage,
    message: `--docker-build-opt ${JSON.stringify(value)} is refused. ${why}`,
    where: '--docker-build-opt',
    hint,
  });
}
