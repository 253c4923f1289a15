import { readFile, stat } from 'node:fs/promises';
import { MOST_BYTES_OF_WANT, readWant, type Want } from '../../bundle/want/want.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import { toFileError } from '../../system/file-error.ts';

/**
 * Reads the file of `--want`, which somebody carried here: its options are held to the rules of options.
 *
 * @throws MobyBuildError `bad-want`, `no-such-file` (2)
 */
export async function readWantFile(file: string): Promise<Want> {
  const facts = await stat(file).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(cause, file);
  });
  if (facts?.isFile() !== true) throw noFile(file);
  if (facts.size > MOST_BYTES_OF_WANT) throw badWant(file, [`it has ${String(facts.size)} bytes, far too many`]);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw toFileError(cause, file);
  });
  const want = readWant(text);
  if (!('format' in want)) throw badWant(file, want);
  return want;
}

function noFile(file: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-such-file',
    exitCode: EXIT.usage,
    message: `${file} is no file.`,
    where: '--want',
    command: NEXT.help('bundle'),
  });
}

/** More than these say nothing that the first ones do not. */
const MOST_PROBLEMS = 10;

/** The file is none of `bundle want`. */
export function badWant(file: string, problems: readonly string[]): MobyBuildError {
  return new MobyBuildError({
    code: 'bad-want',
    exitCode: EXIT.usage,
    message: ['This is no file of bundle want:', ...problems.slice(0, MOST_PROBLEMS).map((each) => `  ${each}`)].join(
      '\n',
    ),
    where: file,
    hint: 'Make it on the machine without network: moby-build bundle want --out FILE.',
    command: NEXT.help('bundle'),
  });
}
