import pc from 'picocolors';

/** The colours that we use; each puts a text into its escape codes, or leaves it alone. */
export type Colours = Pick<ReturnType<typeof pc.createColors>, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

/** @param enabled from `wantsColours`; picocolors' own guess looks at stdout, and most of ours goes to stderr */
export function createColours(enabled: boolean): Colours {
  return pc.createColors(enabled);
}
