/** The executable, or why there can be none here (no Go, no modules). Throws when the program does not compile. */
export function buildOracle(): Promise<{ path: string } | { skip: string }>;
/** The same for another program of ours in Go; `moduleDir` says where a module of it lies. */
export function buildGoProgram(
  source: string,
  name: string,
): Promise<{ path: string; moduleDir: (module: string) => Promise<string> } | { skip: string }>;
