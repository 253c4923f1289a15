/** The shape that `parseDockerfile` gives. Ranges are half-open UTF-16 offsets into the Dockerfile's text; lines are 1-based. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Text put together from pieces of the file (continued lines, without comment lines), which knows where each character stands. */
export interface Joined {
  readonly text: string;
  /** The range in the file of `text.slice(start, end)`. */
  range(start: number, end: number): Range;
}

/** A word as it is written: quotes and variables stay, only line continuations are gone. */
export interface Word extends Range {
  readonly text: string;
}

/** `NAME=value` of ARG or ENV. */
export interface Assignment {
  readonly name: string;
  /** The value as written, quotes included; null for `ARG NAME`. */
  readonly value: Word | null;
  /** The value's text inside its quotes where one pair of them is around the whole, else all of it. */
  readonly inner: Range | null;
}

export interface Flag extends Range {
  /** `mount` for `--mount=…`. */
  readonly name: string;
  readonly value: Word | null;
  /** `--mount=type=bind,rw` → `type: 'bind'`, `rw: ''`. Empty for other flags. */
  readonly options: ReadonlyMap<string, string>;
}

export interface Heredoc {
  readonly name: string;
  /** The name without quotes around it: variables in the body are expanded by whoever reads it. */
  readonly expands: boolean;
  /** `<<-`: leading tabs go. */
  readonly tabs: boolean;
  /** From the first body line to the start of the terminator's line. */
  readonly body: Range;
  /** Body and terminator. */
  readonly whole: Range;
}

export interface Instruction extends Range {
  /** Upper case: `RUN`. */
  readonly keyword: string;
  readonly line: number;
  readonly endLine: number;
  readonly flags: readonly Flag[];
  /** All after the flags, up to the heredocs. */
  readonly rest: Joined;
  /** `rest` cut at white space. */
  readonly words: readonly Word[];
  /** The strings of the exec form `["a", "b"]`, else null. */
  readonly json: readonly string[] | null;
  /** For ARG and ENV, else empty. */
  readonly assignments: readonly Assignment[];
  readonly heredocs: readonly Heredoc[];
}

export interface Stage extends Range {
  readonly index: number;
  /** As written after AS; the index as text for a stage without a name. */
  readonly name: string;
  /** The line of its FROM. */
  readonly line: number;
  readonly from: Instruction;
  /** The image or stage that FROM names, as written. */
  readonly image: Word;
  /** The text of `--platform=`, as written, or null. */
  readonly platform: string | null;
  /** Without the FROM. */
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly file: string;
  readonly text: string;
  /** `\` or a backtick. */
  readonly escape: string;
  /** The image reference of `# syntax=`, without what stands behind it. */
  readonly syntax: (Word & { readonly line: number }) | null;
  /** ARG instructions before the first FROM. */
  readonly globals: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** The 1-based line of an offset. */
  lineAt(offset: number): number;
}
