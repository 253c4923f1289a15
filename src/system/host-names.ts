import { lookup, Resolver } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';

/** How names become addresses during one run. */
export interface HostNames {
  /** As `net.connect` takes it. */
  readonly lookup: LookupFunction;
  /** Gives up what is still being asked. */
  readonly cancel: () => void;
}

/** A name server that has not answered by then is taken for dead; asked twice. */
const TIMEOUT_MS = 1_500;

/**
 * Each name is asked once, of the hosts file and then of the name servers, and can be given up. The system's own function
 * cannot: where no name server answers it blocks four threads for half a minute each, and the process cannot leave. It is asked
 * for names without a dot and below `.local` only, which name servers do not know.
 */
export function hostNames(hostsFile = '/etc/hosts'): HostNames {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  const known = new Map<string, Promise<readonly LookupAddress[]>>();
  const addressesOf = (name: string): Promise<readonly LookupAddress[]> => {
    const asked = known.get(name) ?? resolve(name, resolver, hostsFile);
    known.set(name, asked);
    return asked;
  };
  return {
    lookup: (name, options, callback) => {
      addressesOf(name.toLowerCase()).then(
        (all) => {
          const [first] = all;
          if (options.all === true) callback(null, [...all]);
          else callback(null, first?.address ?? '', first?.family);
        },
        (cause: unknown) => {
          callback(cause as NodeJS.ErrnoException, '', 0);
        },
      );
    },
    cancel: () => {
      resolver.cancel();
    },
  };
}

async function resolve(name: string, resolver: Resolver, hostsFile: string): Promise<readonly LookupAddress[]> {
  const family = isIP(name);
  if (family !== 0) return [{ address: name, family }];
  const written = hostsEntry(await hostsText(hostsFile), name);
  if (written.length > 0) return written;
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ];
  if (found.length > 0) return found;
  const codes = [four, six].flatMap((each) => (each.status === 'rejected' ? [codeOf(each.reason)] : []));
  if (codes.some((code) => code === 'ENOTFOUND' || code === 'ENODATA')) {
    if (!name.includes('.') || name.endsWith('.local')) return lookup(name, { all: true });
    throw Object.assign(new Error(`there is no name ${name}`), { code: 'ENOTFOUND' });
  }
  throw Object.assign(new Error(`no name server answers for ${name} (${codes.join(', ')})`), { code: 'EAI_AGAIN' });
}

/** The addresses that a hosts file (hosts(5)) has for a name. */
function hostsEntry(text: string, name: string): readonly LookupAddress[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().toLowerCase().split(/\s+/u);
    const family = isIP(address);
    return family !== 0 && names.includes(name) ? [{ address, family }] : [];
  });
}

async function hostsText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return '';
    throw cause;
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
