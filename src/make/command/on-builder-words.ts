import { posix } from 'node:path';
import { buildxBuildWords } from './buildx-build-words.ts';
import { refuseMakeArgs } from './refuse-make-args.ts';
import type { BuildWords, MakeInput, Stamp } from '../flags/make-input.ts';

/**
 * `make binary` of 20.10 and 22.06 on a buildx builder: `docker buildx build` of the same stage, with the output that the Makefile asks for
 * (`--output=bundles/`, where the stage has a folder of its own: Makefile and Dockerfile at v20.10.0 to v22.06.0-beta.0). The plugin heeds
 * BUILDX_BUILDER; make's `docker build` does so only where the client hands over to the plugin (docker/cli 23.0, cmd/docker/builder.go).
 * Caches beyond the builder are the plugin's too: the client's own `--cache-from` takes names of images only. Pure.
 *
 * @throws MobyBuildError exit 2: as `buildxBuildWords`, and `bad-make-arg`
 */
export function onBuilderWords(input: MakeInput, stamp: Stamp): BuildWords {
  const why =
    input.builder === undefined
      ? 'docker build knows no --cache-to'
      : `builder ${input.builder} is reached by docker buildx build`;
  refuseMakeArgs(input, why);
  const made = buildxBuildWords(input, stamp, posix.dirname(input.target.outputDir));
  return {
    ...made,
    notes: [
      ...made.notes,
      {
        level: 'info',
        code: 'on-builder',
        message: `docker buildx build makes stage ${input.target.stage} as make would: ${why}.`,
      },
    ],
  };
}
