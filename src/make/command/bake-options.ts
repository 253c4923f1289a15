/** Options of `docker build` that `docker buildx bake` has too, and which mean the same there (docker/buildx, commands/bake.go, v0.10 to v0.36). */
const SAME = /^--(?:no-cache|pull)(?:=(?:true|false))?$|^--(?:builder|provenance|sbom)=./u;

/**
 * The words of `docker buildx bake` for checked `--docker-build-opt` values, or null where one of them has none: labels, caches,
 * secrets and limits are set in a bake file, or by `--set` under conditions that differ from version to version. Pure.
 */
export function bakeOptions(values: readonly string[]): readonly string[] | null {
  return values.every((value) => SAME.test(value)) ? values : null;
}
