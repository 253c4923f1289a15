import type { ReportStep } from '../facts/steps.ts';

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  /** It is shown as code: an address, a path, a checksum. */
  readonly code?: boolean;
  /** What it is sorted by, where that is not its text. */
  readonly sort?: number;
  /** It is shown as a state. */
  readonly mark?: 'good' | 'bad' | 'warn' | 'quiet';
}

export interface TableBlock {
  readonly is: 'table';
  readonly id: string;
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What a section of a report is made of, whatever it is written as. */
export type Block =
  | { readonly is: 'text'; readonly text: string; readonly mark?: Cell['mark'] }
  | { readonly is: 'facts'; readonly rows: readonly (readonly [name: string, value: Cell])[] }
  | { readonly is: 'lines'; readonly text: string }
  | {
      readonly is: 'timeline';
      readonly alt: string;
      readonly otherStage: string;
      readonly steps: readonly ReportStep[];
    }
  | TableBlock;

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Content {
  readonly title: string;
  readonly summary: Extract<Block, { is: 'text' }>;
  readonly sections: readonly Section[];
}

export const plain = (text: string): Cell => ({ text });
export const code = (text: string): Cell => ({ text, code: true });
export const number = (text: string, sort: number): Cell => ({ text, sort });
