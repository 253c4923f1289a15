/**
 * A shell script as this product needs it. All ranges are half-open UTF-16 offsets into the text that was parsed;
 * `ScriptSource` tells where that text stands in a file.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a script's text comes from: a file of the tree, or a piece of a Dockerfile. */
export interface ScriptSource {
  readonly file: string;
  readonly text: string;
  /** The range in the file of `text.slice(start, end)`. */
  range(start: number, end: number): Span;
  /** The 1-based line in the file of an offset into `text`. */
  lineAt(offset: number): number;
}

/** How a piece of a word is quoted. */
export type Quote = 'none' | 'single' | 'double';

export type Part =
  | { readonly kind: 'literal'; readonly value: string; readonly quote: Quote; readonly span: Span }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** `!` for `${!x}`, `#` for `${#x}`. */
      readonly prefix: '' | '!' | '#';
      /** `@` or `*` or an expression for `${a[…]}`. */
      readonly index: string | null;
      /** The same as a word, for the commands in it; empty without an index. */
      readonly inside: readonly Word[];
      readonly operation: Operation | null;
      readonly quote: Quote;
      readonly span: Span;
    }
  | { readonly kind: 'command'; readonly body: Script; readonly quote: Quote; readonly span: Span }
  /**
   * Arithmetic, globs, process substitution and whatever else has no text that can be known. `inside`: what is expanded
   * in it, for the commands there run. `assigns`: the variables that an arithmetic expression changes.
   */
  | {
      readonly kind: 'other';
      readonly body: Script | null;
      readonly inside: readonly Part[];
      readonly assigns: readonly string[];
      readonly quote: Quote;
      readonly span: Span;
    };

/** `:-`, `=`, `#`, `%%`, … with its operand; `slice` for `${x:1:2}`; `other` for what is not followed (replacing, case, …). */
export interface Operation {
  readonly operator: string;
  readonly operand: Word | null;
  /** Offset and length of a slice; pattern and replacement of what is not followed. Commands in them run. */
  readonly others: readonly Word[];
}

export interface Word extends Span {
  /** As written. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** The quotes around the whole word; `mixed` where they change inside it. */
  readonly quote: Quote | 'mixed';
  /** The word without the quotes around it. */
  readonly inner: Span;
  /** Whether it holds variables, substitutions or patterns. */
  readonly expands: boolean;
}

export interface Assignment extends Span {
  readonly name: string;
  readonly append: boolean;
  /** What is expanded in the index of `a[…]=`; empty without one. */
  readonly index: readonly Part[];
  /** One word, or the words of an array. */
  readonly value: Word | readonly Word[];
}

export interface Redirect extends Span {
  /** `>`, `>>`, `<`, `<<`, `<<<`, … */
  readonly operator: string;
  readonly target: Word | null;
  /** The text of a here-document. */
  readonly body: Span | null;
  /** What is expanded in that text; empty where its delimiter is quoted. */
  readonly parts: readonly Part[];
}

export interface Command extends Span {
  readonly kind: 'command';
  /** `X=1 cmd`. */
  readonly assignments: readonly Assignment[];
  /** Name and arguments; empty for bare assignments. */
  readonly words: readonly (Word | Assignment)[];
  readonly redirects: readonly Redirect[];
}

export type Node =
  | Command
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  /** `a && b || c`. */
  | { readonly kind: 'and-or'; readonly nodes: readonly Node[]; readonly operators: readonly ('&&' | '||')[] }
  | { readonly kind: 'pipeline'; readonly nodes: readonly Node[]; readonly negated: boolean }
  /** `( … )`, `… &` and `coproc`: its variables and directory do not outlive it. */
  | { readonly kind: 'subshell'; readonly body: Node }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Node; readonly body: Node }[];
      readonly otherwise: Node | null;
    }
  | {
      readonly kind: 'case';
      readonly word: Word;
      /** `goesOn`: it ends in `;&` or `;;&`, so what follows may run too. */
      readonly items: readonly {
        readonly patterns: readonly Word[];
        readonly body: Node;
        readonly goesOn: boolean;
      }[];
    }
  /** `for name in words`; `words` null for `"$@"`. `select`: what is read decides how often it runs, and with which word. */
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly Word[] | null;
      readonly select: boolean;
      readonly body: Node;
    }
  | { readonly kind: 'while'; readonly until: boolean; readonly test: Node; readonly body: Node }
  | (Span & { readonly kind: 'function'; readonly name: string; readonly body: Node })
  /** `(( … ))`: what is expanded in it, and the variables that it changes. */
  | { readonly kind: 'arithmetic'; readonly parts: readonly Part[]; readonly assigns: readonly string[] }
  /** `[[ … ]]`, with its words. */
  | { readonly kind: 'test'; readonly words: readonly Word[] }
  | { readonly kind: 'redirected'; readonly body: Node; readonly redirects: readonly Redirect[] };

export interface Script {
  readonly body: Node;
}
