import { MobyBuildError } from '../../../src/errors.ts';
import { parseCommandLine, type CommandLine, type Surroundings } from '../../../src/config/layers/parse.ts';

export interface Around {
  readonly env?: Surroundings['env'];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly nodeArch?: string;
}

/** A machine in memory: x64, in /home/me/project, with the given variables and files. */
export function surroundings({ env = {}, files = {}, nodeArch = 'x64' }: Around = {}): Surroundings {
  return {
    env: { HOME: '/home/me', ...env },
    cwd: '/home/me/project',
    nodeArch,
    readFile: (path) => Promise.resolve(Object.hasOwn(files, path) ? (files[path] ?? null) : null),
  };
}

/** What a valid line comes to. */
export async function parsed(argv: readonly string[], around?: Around): Promise<CommandLine> {
  return parseCommandLine(argv, surroundings(around));
}

/** The error of a line that is none; fails when it is accepted, or when the error is not a MobyBuildError. */
export async function refused(argv: readonly string[], around?: Around): Promise<MobyBuildError> {
  try {
    await parseCommandLine(argv, surroundings(around));
  } catch (error) {
    if (error instanceof MobyBuildError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(argv)}`);
}
