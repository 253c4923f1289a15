/** Hosts that stand for others: Docker Hub's images are named by one, and served by these (docs.docker.com, "Allowlist for Docker Desktop"). */
const STANDS_FOR: Readonly<Record<string, readonly string[]>> = {
  'docker.io': ['registry-1.docker.io', 'auth.docker.io', 'production.cloudflare.docker.com'],
};

/** A host without its port, in lower case: what a proxy lets through. Pure. */
export function bareName(host: string): string {
  const [, bracketed, name] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/u.exec(host) ?? [];
  return (bracketed ?? name ?? host).replace(/\.$/u, '').toLowerCase();
}

/** The names that stand behind hosts of a plan, each once, sorted; placeholders (`<debian default>`) have none. Pure. */
export function namesBehind(hosts: readonly string[]): readonly string[] {
  const real = hosts.filter((host) => host !== '' && !host.startsWith('<')).map(bareName);
  return [...new Set(real.flatMap((host) => [host, ...(STANDS_FOR[host] ?? [])]))].sort();
}

/** How programs say which host they did not reach: curl, git, apt, wget, Go, Python, BuildKit. */
const NAMED: readonly RegExp[] = [
  /could not resolve (?:host|proxy)(?: name)?:? ['"]?([\w.-]+)/iu,
  /temporary failure resolving ['"]([\w.-]+)/iu,
  /unable to resolve host address ['"‘“]?([\w.-]+)/iu,
  /failed to connect to ([\w.-]+) port/iu,
  /could not connect to ([\w.-]+):\d+/iu,
  /cannot initiate the connection to ([\w.-]+):\d+/iu,
  /\blookup ([\w.-]+)(?: on \S+)?: /iu,
  /\bdial tcp:? (?:lookup )?([\w.-]+)[: ]/iu,
  /HTTPSConnectionPool\(host='([\w.-]+)'/iu,
];

/** The first host that the lines of a step say it did not reach; null: they name none. Pure. */
export function hostNotReached(lines: readonly string[]): string | null {
  for (const line of lines) {
    for (const pattern of NAMED) {
      const host = pattern.exec(line)?.[1];
      if (host !== undefined) return bareName(host);
    }
  }
  return null;
}

/** Where a tree writes a host: the first line of the first file by name. Pure. */
export function placeOf(
  host: string,
  files: ReadonlyMap<string, { readonly text: string }>,
): { readonly file: string; readonly line: number } | null {
  const name = new RegExp(
    `(?<![\\w.-])${host.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)}(?![\\w-]|\\.[\\w-])`,
    'iu',
  );
  // The Dockerfile is where steps are written.
  const order = [...files].sort(
    ([a], [b]) => Number(b === 'Dockerfile') - Number(a === 'Dockerfile') || (a < b ? -1 : 1),
  );
  for (const [file, { text }] of order) {
    if (!name.test(text)) continue;
    return { file, line: text.split('\n').findIndex((line) => name.test(line)) + 1 };
  }
  return null;
}
