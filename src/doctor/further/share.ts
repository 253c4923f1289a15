/** What names a person or a machine. */
export interface Personal {
  readonly userName: string;
  readonly hostName: string;
}

/** Places that are alike on every machine. */
const COMMON_PLACES =
  /^\/(?:usr|bin|sbin|proc|sys|snap\/bin|run\/systemd)(?:\/|$)|^\/(?:var\/)?run\/docker\.sock$|^\/etc\/(?:resolv\.conf|docker\/daemon\.json|os-release)$|^\/$/u;

/**
 * A text of the report for others: paths, hosts, addresses and names of people become placeholders. Versions, sizes and names of programs
 * stay. Pure.
 */
export function shareable(text: string, { userName, hostName }: Personal): string {
  const named = [userName, hostName.split('.')[0] ?? '', hostName]
    .filter((name) => name.length > 1 && /^[\w.-]+$/u.test(name) && !['root', 'localhost'].includes(name))
    .toSorted((a, b) => b.length - a.length);
  let shared = text
    .replaceAll(/\b(unix:\/\/)?(\/(?:var\/)?run\/docker\.sock)/gu, '$1$2')
    .replaceAll(/\b(https?|ssh|tcp|socks\w*|git):\/\/[^\s'",;)]+/giu, '$1://HOST')
    .replaceAll(/(?<![\w.:])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.])/gu, 'ADDRESS')
    .replaceAll(/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])/giu, 'ADDRESS')
    .replaceAll(/(?<![\w.:/-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:[a-z]{2,})(?::\d+)?(?![\w/(-])/giu, (name) =>
      isFile(name) ? name : 'HOST',
    )
    .replaceAll(/(?<![\w.:~/-])(?:~?\/|unix:\/\/\/)[^\s'",;)]*/gu, (path) =>
      COMMON_PLACES.test(path.replace(/^unix:\/\//u, '').replace(/:$/u, '')) ? path : 'PATH',
    )
    .replaceAll(/\bcontext (?!default\b)[\w.+-]+/gu, 'context NAME');
  for (const name of named)
    shared = shared.replaceAll(new RegExp(String.raw`(?<![\w-])${name.replaceAll('.', '[.]')}(?![\w-])`, 'gu'), 'NAME');
  return shared;
}

/** Words with a dot that are no hosts. */
function isFile(name: string): boolean {
  return name === 'docker.io' || /\.(?:json|conf|sh|gz|js|pem|crt|yaml|yml|service|sock)$/iu.test(name);
}
