import type { OptionName } from '../../config/options/options.ts';
import type { RunOptions } from '../../config/layers/parse.ts';
import type { Display } from '../../run/stage/show-chain.ts';
import type { Note } from '../../types.ts';

/** What every command gets. It prints nothing itself; what it found is in its report. */
export interface CommandContext {
  readonly options: RunOptions;
  /** Whether somebody said it; else it is a default. */
  readonly isGiven: (name: OptionName) => boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Notes that came up while the line was read. */
  readonly notes: readonly Note[];
  readonly toolVersion: string;
  /** The user's own line, quoted for a shell. */
  readonly line: readonly string[];
  readonly display: Display;
  /** Shows one wait outside the list. */
  readonly wait: <T>(text: string, work: () => Promise<T>) => Promise<T>;
  /** Shows where a long wait outside the list has got to. */
  readonly progress: (text: string) => void;
  /** Says a line that stays. */
  readonly say: (text: string) => void;
  /** Asks for a yes; where there is nobody to ask, it is a no. */
  readonly ask: (question: string) => Promise<boolean>;
  /** Asks for a secret, which is not shown; null where there is nobody to ask. */
  readonly askSecret: (question: string) => Promise<string | null>;
  /** Of MOBY_BUILD_SIGN_PASSPHRASE, which `env` has no more; or null. */
  readonly passphrase: string | null;
  /** The command's own JSON document, filled in as far as the command gets. */
  readonly document: Record<string, unknown>;
}
