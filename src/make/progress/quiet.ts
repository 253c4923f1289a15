/** Why a step that runs may say nothing for minutes. */
export type QuietReason = 'compiles' | 'go' | 'git' | 'apt' | 'image' | 'exports' | 'other';

/**
 * Commands whose programs are silent while they work, in the order in which they are looked for: Go prints the names of packages that fail
 * (go help build, without -v), git shows progress on terminals only (git-clone(1), --progress), dpkg unpacks without a line for each file.
 */
const QUIET: readonly (readonly [RegExp, QuietReason])[] = [
  [/\bhack\/make\.sh\b/u, 'compiles'],
  [/\bgo (?:install|build|get|mod|run)\b|\binstall\.sh\b|\bxx-go\b/u, 'go'],
  [/\bgit (?:clone|fetch|checkout|submodule)\b/u, 'git'],
  [/\bapt-get\b/u, 'apt'],
  [/\] FROM |\bload metadata\b|\bextracting\b/u, 'image'],
  [/^(?:\[[^\]]*\] )?exporting /u, 'exports'],
];

/** The reason for the silence of a step, by its name as BuildKit says it. Pure. */
export function whyQuiet(name: string): QuietReason {
  return QUIET.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}
