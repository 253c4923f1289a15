import { parseDockerfile } from '../dockerfile/parse.ts';

/**
 * The RUN steps that name a network other than none: such a flag is stronger than `--network` of the build (BuildKit,
 * frontend/dockerfile/dockerfile2llb, dispatchRun). Throws as `parseDockerfile`. Pure.
 */
export function instructionsWithNetwork(
  dockerfile: string,
): readonly { readonly line: number; readonly flag: string }[] {
  const { stages } = parseDockerfile(dockerfile, 'Dockerfile');
  const runs = stages.flatMap(({ instructions }) => instructions).filter(({ keyword }) => keyword === 'RUN');
  return runs.flatMap(({ flags, line }) =>
    flags
      .map(({ name, value }) => ({ name, text: value?.text ?? '' }))
      .filter(({ name, text }) => name === 'network' && text !== 'none')
      .map(({ text }) => ({ line, flag: `--network=${text}` })),
  );
}
