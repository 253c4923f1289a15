/** The executable, or why there can be none here (no Go, no modules). Throws when the program does not compile. */
export function buildOracle(): Promise<{ path: string } | { skip: string }>;
