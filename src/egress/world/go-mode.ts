/** Major and minor number of a Go release. */
export type GoVersion = readonly [number, number];

/** `golang:1.12.5`, `hub.example/library/golang:1.16-buster`: the Go that an image brings; null for another image or a tag without a version. */
export function goVersionOf(image: string): GoVersion | null {
  const match = /(?:^|\/)golang:(\d+)\.(\d+)/.exec(image);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/**
 * Whether the go command works with modules, or with GOPATH, where `go build` fetches nothing and `go get` asks the version
 * control system of the import path.
 * In: GO111MODULE (null: not set or not known), the stage's Go (null: not known, so a recent one), whether the working directory lies
 * below a GOPATH's `src/`, and whether it lies in fetched sources, which then count as having a go.mod.
 * Rule: Go's release notes. `auto`, the default before 1.16, means with 1.11 and 1.12: outside GOPATH/src, where there is a go.mod;
 * with 1.13 to 1.15: wherever there is a go.mod.
 */
export function usesModules(
  variable: string | null,
  version: GoVersion | null,
  place: { readonly belowGopath: boolean; readonly inSources: boolean },
): boolean {
  if (variable === 'off' || variable === 'on') return variable === 'on';
  const [major, minor] = version ?? [1, Number.POSITIVE_INFINITY];
  if (major > 1 || (minor >= 16 && variable !== 'auto')) return true;
  return place.inSources && (minor >= 13 || !place.belowGopath);
}
