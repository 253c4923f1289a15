import type * as z from 'zod';

/** Something that is wrong in a file, at a path in it. */
export interface FileProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a schema has against the file's value; an unknown key is told at the key. `whole`: what the value is called. */
export function schemaProblems(error: z.ZodError | undefined, whole: string): readonly FileProblem[] {
  return (error?.issues ?? []).map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    if (issue.path.length === 0 && issue.code === 'invalid_type')
      return { path, message: `(${whole}): must be a mapping of names to values, and not an empty file` };
    return { path, message: `${issue.path.length === 0 ? `(${whole})` : issue.path.join('.')}: ${issue.message}` };
  });
}

/** `one problem`, `3 problems` and each on its line. */
export function problemText(problems: readonly string[]): string {
  const count = problems.length === 1 ? 'one problem' : `${String(problems.length)} problems`;
  return `${count}:\n${problems.map((line) => `  ${line}`).join('\n')}`;
}
