import { EXIT, MobyBuildError } from '../../errors.ts';

/** A Dockerfile that cannot be read: exit 4, with its line. */
export function dockerfileSyntaxError(file: string, line: number, message: string, cause?: unknown): MobyBuildError {
  return new MobyBuildError({
    code: 'dockerfile-syntax',
    exitCode: EXIT.tree,
    message: `${file} cannot be read as a Dockerfile: ${message}`,
    where: `${file}:${String(line)}`,
    hint: 'Only what BuildKit itself accepts can be scanned; fix the line, or use an unmodified tree.',
    command: `git diff HEAD -- ${file}`,
    cause,
  });
}
