import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARCH } from './stage.ts';

/** A `docker` in whose engine an image is a file of `folder` under its name: `image inspect --format X NAME`, `image tag ID NAME`. */
export const imagesIn = (folder: string): string => `at() { echo "${folder}/$(echo "$1" | tr / _)"; }
case "$1 $2" in
'image inspect')
  [ -e "$(at "$5")" ] || exit 1
  case "$4" in '{{.Id}}') grep -o '"Id":"[^"]*"' "$(at "$5")" | cut -d'"' -f4;; *) cat "$(at "$5")";; esac
  exit 0;;
'image tag') cp "$(at "$3")" "$(at "$4")"; exit $?;;
esac`;

/** Puts an image into that engine, under its name and its id. */
export function loadImage(folder: string, name: string, id: string, more: object = {}): void {
  const text = JSON.stringify({ Id: id, RepoDigests: [], Os: 'linux', Architecture: ARCH, ...more });
  for (const each of [name, id]) writeFileSync(join(folder, each.replaceAll('/', '_')), text);
}
