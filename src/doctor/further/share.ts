/** What names a person or a machine. */
export interface Personal {
  readonly userName: string;
  readonly hostName: string;
}

/** Places that are alike on every machine. */
const COMMON_PLACES =
  /^\/(?:usr|bin|sbin|proc|sys|snap\/bin|run\/systemd)(?:\/|$)|^\/(?:var\/)?run\/docker\.sock$|^\/etc\/(?:resolv\.conf|docker\/daemon\.json|os-release)$|^\/$/u;

/** Pages that our own sentences name. */
const PUBLIC_PAGES = /^https:\/\/(?:docs\.docker\.com|nodejs\.org|github\.com\/docker)\//u;

/**
 * A text of the report for others: paths, hosts, addresses and names of people become placeholders. Versions, sizes and names of programs
 * stay. Pure.
 */
export function shareable(text: string, { userName, hostName }: Personal): string {
  const named = [userName, hostName.split('.')[0] ?? '', hostName]
    .filter((name) => name.length > 1 && /^[\w.-]+$/u.test(name) && !['root', 'localhost'].includes(name))
    .toSorted((a, b) => b.length - a.length);
  let shared = text
    .replaceAll(/\b(https?|ssh|tcp|socks\w*|git):\/\/[^\s'",;)]+/giu, (url, scheme: string) =>
      PUBLIC_PAGES.test(url) ? url : `${scheme}://HOST`,
    )
    .replaceAll(/(?<![\w.:])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.])/gu, 'ADDRESS')
    .replaceAll(/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])/giu, 'ADDRESS')
    .replaceAll(/(?<![\w.:/-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:[a-z]{2,})(?::\d+)?(?![\w/(-])/giu, (name) =>
      isFile(name) ? name : 'HOST',
    )
    .replaceAll(/(?<![\w.:~/-])(?:~?\/|unix:\/\/\/)[^\s'",;)]*/gu, (place) => {
      const end = /[.:]*$/u.exec(place)?.[0] ?? '';
      const path = place.slice(0, place.length - end.length);
      return COMMON_PLACES.test(path.replace(/^unix:\/\//u, '')) ? place : `PATH${end}`;
    })
    .replaceAll(/(?<![\w./-])[a-z][\w-]*:\d{2,5}(?![\w.])/giu, 'HOST')
    .replaceAll(/\b(context|builder) (?!default\b|prune\b)[\w.+-]+/gu, '$1 NAME')
    .replaceAll(/\bDOCKER_CONTEXT=\S+/gu, 'DOCKER_CONTEXT=NAME');
  for (const name of named)
    shared = shared.replaceAll(new RegExp(String.raw`(?<![\w-])${name.replaceAll('.', '[.]')}(?![\w-])`, 'gu'), 'NAME');
  return shared;
}

/** Words with a dot that are no hosts. */
function isFile(name: string): boolean {
  return name === 'docker.io' || /\.(?:json|conf|sh|gz|js|pem|crt|yaml|yml|service|sock)$/iu.test(name);
}
