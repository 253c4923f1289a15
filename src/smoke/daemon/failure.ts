/** What a check throws when the daemon did something else than it should. */
export class CheckFailure extends Error {
  readonly fix: string | undefined;

  constructor(expected: string, seen: string, fix?: string) {
    super(`expected ${expected}; seen ${seen}`);
    this.fix = fix;
  }
}

/**
 * Thrown when a daemon does not come up. `blame`: id of the check that the cause belongs to, or null.
 */
export class StartFailure extends Error {
  readonly blame: string | null;

  constructor(message: string, blame: string | null) {
    super(message);
    this.blame = blame;
  }
}
