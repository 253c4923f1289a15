import { parseDockerfile } from '../dockerfile/parse.ts';

/** The RUN steps that name a network other than none: such a flag is stronger than `--network` of the build (BuildKit, dockerfile2llb). Throws as `parseDockerfile`. Pure. */
export function instructionsWithNetwork(dockerfile: string): readonly { readonly line: number; readonly flag: string }[] {
  return parseDockerfile(dockerfile, 'Dockerfile').instructions.flatMap(({ keyword, flags, line }) =>
    keyword === 'RUN'
      ? flags
          .filter(({ name, value }) => name === 'network' && value?.text !== 'none')
          .map(({ value }) => ({ line, flag: `--network=${value?.text ?? ''}` }))
      : [],
  );
}
