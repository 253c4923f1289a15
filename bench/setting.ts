/** What a section of the bench is given. */
export interface Setting {
  /** An empty folder, removed at the end. */
  readonly dir: string;
  /** A clone of moby that a contributor named, or null. */
  readonly clone: string | null;
  /** Share of the genuine repositories' weight, 0 to 1. */
  readonly scale: number;
  /** Tells a person what is being done. */
  readonly say: (line: string) => void;
}
