import { execa } from 'execa';

/** Half-open, UTF-16. */
export interface OracleSpan {
  readonly start: number;
  readonly end: number;
}

export interface OraclePair {
  readonly name: string;
  readonly value: string | null;
}

export interface OracleInstruction {
  readonly keyword: string;
  readonly line: number;
  readonly endLine: number;
  readonly flags: readonly string[];
  readonly original: string;
  readonly json: boolean;
  readonly args: readonly string[];
  readonly heredocs: readonly {
    readonly name: string;
    readonly body: string;
    readonly expand: boolean;
    readonly chomp: boolean;
  }[];
  readonly mounts:
    | readonly { readonly type: string; readonly from: string; readonly source: string; readonly target: string }[]
    | null;
  readonly pairs: readonly OraclePair[] | null;
}

export interface OracleStage {
  readonly name: string;
  readonly line: number;
  readonly base: string;
  readonly platform: string;
  readonly image: string;
  readonly imageError?: string;
  readonly imagePlatform: string;
  readonly env: Readonly<Record<string, string>>;
  readonly envError?: string;
}

export interface OracleDockerfile {
  readonly escape: string;
  readonly syntax: { readonly ref: string; readonly line: number } | null;
  readonly instructions: readonly OracleInstruction[];
  readonly globals: readonly OraclePair[];
  readonly stages: readonly OracleStage[];
}

export interface OracleScript {
  readonly commands: readonly {
    readonly assignments: readonly (OracleSpan & { readonly name: string })[];
    readonly words: readonly (OracleSpan & { readonly literal: string | null })[];
  }[];
  readonly functions: readonly OracleSpan[];
  readonly heredocs: readonly { readonly delimiter: OracleSpan; readonly body: OracleSpan | null }[];
  readonly others: readonly OracleSpan[];
}

/** What dockerfile.go, expand.go and shell.go answer. */
export interface OracleAnswer {
  readonly id: number;
  readonly error?: {
    readonly message: string;
    readonly line: number;
    readonly phase: 'parse' | 'instructions' | 'global-arg' | 'shell' | 'expand' | 'panic';
  };
  readonly dockerfile?: OracleDockerfile;
  readonly shell?: OracleScript;
  readonly value?: string;
}

export type OracleRequest =
  | {
      readonly kind: 'dockerfile';
      readonly text: string;
      readonly args?: Readonly<Record<string, string>>;
      readonly platform?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'shell'; readonly text: string }
  | {
      readonly kind: 'expand';
      readonly text: string;
      readonly args: Readonly<Record<string, string>>;
      readonly escape?: string;
    };

/**
 * The request for a script. mvdan.cc/sh drops a carriage return before a line break; bash keeps it as a character of the word. It is
 * asked with a letter in its place, so that both see a character of the same width.
 */
export function shellRequest(text: string): OracleRequest {
  return { kind: 'shell', text: text.replaceAll('\r', CARRIAGE_RETURN) };
}

export const CARRIAGE_RETURN = 'ɍ';

const TIME_LIMIT_MS = 120_000;

/** Asks all at once; the answers come in the order of the requests. Throws when the program fails or stays silent. */
export async function askOracle(path: string, requests: readonly OracleRequest[]): Promise<OracleAnswer[]> {
  if (requests.length === 0) return [];
  const input = requests.map((request, id) => `${JSON.stringify({ id, ...request })}\n`).join('');
  // One process without children: execa's timeout is enough.
  const { stdout } = await execa(path, [], { input, timeout: TIME_LIMIT_MS, maxBuffer: 1_000_000_000 });
  const answers = stdout.split('\n').map((line) => JSON.parse(line) as OracleAnswer);
  if (answers.length !== requests.length)
    throw new Error(`${String(requests.length)} requests, ${String(answers.length)} answers`);
  return answers;
}
