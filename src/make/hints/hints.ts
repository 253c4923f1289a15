import { NEXT } from '../../next-command.ts';
import type { Hint, HintRow } from './hint-row.ts';
import { SETUP_HINTS } from './setup-hints.ts';
import { TRANSPORT_HINTS } from './transport-hints.ts';

/**
 * Lines that builds of moby fail with. The order is from the cause to its consequences: the first row that
 * matches any line is the best. Each row has a sample in its test.
 */
const ROWS: readonly HintRow[] = [
  {
    id: 'no-space',
    pattern: /no space left on device|You don't have enough free space|ENOSPC/i,
    means: 'The disk where the engine keeps its data is full.',
    command: 'docker builder prune',
  },
  {
    id: 'out-of-memory',
    pattern:
      /signal: killed|Killed signal terminated program|\bcollect2: .*\bld\b.* signal 9|exit code: 137|Cannot allocate memory/i,
    means: 'The kernel ended the compiler or the linker: memory is short (linking dockerd takes about 2 GB).',
    command: 'free -m',
  },
  {
    id: 'foreign-architecture',
    pattern: /exec format error|exec user process caused.*format error/i,
    means: "A step for another architecture ran, and this machine's kernel has no emulator registered for it.",
    command: NEXT.again(),
  },
  {
    id: 'emulator-crash',
    pattern: /qemu: uncaught target signal|qemu-\w+: .*(?:unsupported|unhandled)/i,
    means:
      'The emulator of the other architecture crashed; a newer qemu, or a machine of that architecture, gets further.',
    command: 'ls /proc/sys/fs/binfmt_misc',
  },
  {
    id: 'illegal-instruction',
    pattern: /illegal instruction/i,
    means: 'A program was compiled for a newer processor than the one that ran it.',
    command: 'lscpu',
  },
  {
    id: 'no-buildkit',
    pattern:
      /unknown flag: --(?:output|mount|target)|Unknown flag: mount|the --mount option requires BuildKit|buildx component is missing or broken|BuildKit is enabled but/i,
    means:
      'This docker client cannot build with BuildKit. The checks before a build say how to install what is missing.',
    command: NEXT.again(),
  },
  {
    id: 'no-engine',
    pattern:
      /Cannot connect to the Docker daemon|Is the docker daemon running|error during connect|failed to receive status: rpc error|transport is closing|error reading from server: EOF|code = Unavailable/i,
    means: 'The engine went away, or was not there.',
    command: 'docker info',
  },
  {
    id: 'no-permission',
    pattern:
      /permission denied while trying to connect to the Docker (?:daemon|API)|dial unix \S+: connect: permission denied/i,
    means: 'This user may not talk to the engine.',
    command: 'docker info',
  },
  {
    id: 'entitlement',
    pattern: /network\.host is not allowed|granting entitlement network\.host/i,
    means: "The builder does not allow --network host; the engine's own builder does.",
    command: 'docker buildx use default',
  },
  {
    id: 'rate-limit',
    pattern: /toomanyrequests|You have reached your (?:unauthenticated )?pull rate limit|429 Too Many Requests/i,
    means: 'The registry counts pulls, and this address has had its share.',
    command: NEXT.mirror('image', 'REGISTRY'),
  },
  {
    id: 'banned',
    pattern: /\b403\b.*(?:Forbidden|IP:)|The requested URL returned error: 403/i,
    means: 'The mirror refuses this address, this client, or this object: some serve a list of their own only.',
    command: NEXT.profile('auto'),
  },
  {
    id: 'proxy-login',
    pattern: /\b407\b.*(?:proxy|CONNECT)|Proxy Authentication Required/i,
    means: 'The proxy wants a login.',
    command: 'export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT',
  },
  {
    id: 'login',
    pattern:
      /\b401\b\s+Unauthorized|could not read Username for|Authentication failed for|terminal prompts disabled|no basic auth credentials|authentication required|returned error: 401|unexpected status.*: 401/i,
    means: 'A mirror wants a login, or another one than it was given.',
    command: NEXT.netrc(),
  },
  {
    id: 'not-valid-yet',
    pattern: /is not valid yet/i,
    means: "apt finds a Release file from the future: the clock of this machine or of the engine's is behind.",
    command: 'timedatectl',
  },
  {
    id: 'release-expired',
    pattern: /Release file for \S+ is expired|E: Release file .* expired/i,
    means:
      'The suite is archived and its Release file has run out; moby-build turns that check off where it puts sources for an archived suite.',
    command: NEXT.again(),
  },
  {
    id: 'release-gone',
    pattern:
      /does not have a Release file|no longer has a Release file|^\s*404\s+Not Found \[IP|Failed to fetch \S+\s+404/i,
    means: 'The Debian suite is not there: old releases move to an archive, and few mirrors carry that.',
    command: NEXT.mirror('apt', 'http://MIRROR'),
  },
  {
    id: 'no-pubkey',
    pattern: /NO_PUBKEY|EXPKEYSIG|KEYEXPIRED|The following signatures (?:couldn't be verified|were invalid)/i,
    means:
      "The suite is signed with a key that the base image's keyring does not have, or no longer trusts: the suite is newer or older than the image.",
    command: NEXT.suite('bookworm'),
  },
  {
    id: 'apt-locked',
    pattern: /Could not get lock \/var\/\S+\. It is held by process/i,
    means:
      'A step of an earlier build still runs in the engine and holds apt’s cache: one that was killed leaves its steps behind.',
    command: NEXT.again(),
  },
  {
    id: 'mirror-in-sync',
    pattern: /Hash Sum mismatch|File has unexpected size|Mirror sync in progress/i,
    means: 'The apt mirror was being updated, or a proxy altered what it served.',
    command: NEXT.again(),
  },
  {
    id: 'module-damaged',
    pattern: /zip: not a valid zip file|zip: checksum error|checksum mismatch/i,
    means: 'A module came damaged or altered from its module proxy.',
    command: NEXT.mirror('gomod', 'https://PROXY'),
  },
  {
    id: 'checksum-database',
    pattern:
      /(?:sumdb|\/lookup\/|verifying module|verifying \S+@v).*(?:timeout|timed out|refused|reset|no such host|deadline|50\d|404|403|EOF)|checksum database disabled|SECURITY ERROR/i,
    means: 'Go could not ask its checksum database, or the module is not what the database says.',
    command: NEXT.mirror('gomod', 'https://PROXY'),
  },
  {
    id: 'module-proxy',
    pattern:
      /\bgo(?: get| install| build)?: .*(?:module lookup disabled|dial tcp|i\/o timeout|50\d|TLS handshake|no such host)|reading https?:\/\/\S+\/@v\//i,
    means: 'Go could not load a module from its module proxy.',
    command: NEXT.mirror('gomod', 'https://PROXY'),
  },
  {
    id: 'frontend',
    pattern:
      /failed to solve with frontend (?:gateway|dockerfile)\.v\d+.*(?:docker\/dockerfile|frontend)|resolve image config for \S*docker\/dockerfile|failed to load .*frontend|frontend (?!dockerfile\.v0: failed to create LLB).*(?:not found|grpc)/i,
    means: 'The image that the `# syntax` line names could not be had.',
    command: NEXT.frontendBuiltin(),
  },
  {
    id: 'image-damaged',
    pattern: /unexpected commit digest/i,
    means:
      'A part of an image came damaged or altered. The engine keeps what came, and offers it again whoever serves it next.',
    command: 'docker builder prune --all --force',
  },
  {
    id: 'image-source',
    pattern:
      /failed to resolve source metadata|failed to (?:do request|copy|authorize|fetch (?:anonymous|oauth) token)|pull access denied|manifest unknown|manifest for \S+ not found|no match for platform in manifest|failed to create LLB definition: \S+: not found|pulling from host \S+ failed with status|failed to read expected number of bytes|encountered unknown type text\/html/i,
    means: 'An image could not be had from its registry, or not whole.',
    command: NEXT.mirror('image', 'REGISTRY'),
  },
  {
    id: 'tls',
    pattern:
      /x509:|certificate (?:verify failed|signed by unknown authority|has expired)|server certificate verification failed|SSL certificate problem|Certificate verification failed|certificate is NOT trusted/i,
    means:
      'A certificate is not trusted in the build: the network re-signs TLS with an authority of its own, or the CA bundle of the base image is too old.',
    command: NEXT.ca(),
  },
  {
    id: 'git-dumb-http',
    pattern:
      /dumb http transport does not support shallow|not valid: is this a git repository|info\/refs not valid|unable to update url base from redirection/i,
    means: 'The git mirror answered with something that is not git (a login page, an error page, a redirect).',
    command: NEXT.mirror('git', 'https://MIRROR/{url}'),
  },
  {
    id: 'git-broken-off',
    pattern:
      /RPC failed|early EOF|fetch-pack: (?:unexpected disconnect|invalid index-pack)|GnuTLS recv error|HTTP\/2 stream \d+ was not closed cleanly|The remote end hung up unexpectedly/i,
    means: 'A git transfer broke off on the way.',
    command: NEXT.again(),
  },
  {
    id: 'git-commit-missing',
    pattern: /reference is not a tree|pathspec '.+' did not match|unadvertised object|not our ref/i,
    means: 'The git mirror does not have the commit that the tree pins: it is behind, or cut off.',
    command: NEXT.mirror('git', 'https://MIRROR/{url}'),
  },
  {
    id: 'no-such-host',
    pattern:
      /no such host|Could not resolve (?:host|'|hostname)|Temporary failure (?:in name resolution|resolving)|Name or service not known|server misbehaving|unable to resolve host/i,
    means: "A host's name does not resolve where the build runs.",
    command: NEXT.again(),
  },
  {
    id: 'timeout',
    pattern:
      /dial tcp\b.*(?:i\/o timeout|connection (?:refused|reset)|no route to host|network is unreachable)|TLS handshake timeout|Connection timed out|Failed to connect to|net\/http: request canceled|context deadline exceeded|connection reset by peer|Could not connect to|Unable to connect to/i,
    means: 'A host does not answer from where the build runs.',
    command: NEXT.again(),
  },
  ...TRANSPORT_HINTS,
  {
    id: 'package-missing',
    pattern: /E: Unable to locate package|has no installation candidate|E: Version '.+' for '.+' was not found/i,
    means:
      'apt has no list with this package: an unreachable mirror shows only like this, for apt-get update ends well without it.',
    command: NEXT.again(),
  },
  {
    id: 'dependencies',
    pattern: /unmet dependencies|held broken packages/i,
    means: 'Packages of different Debian releases met: the base image and the sources are not of one suite.',
    command: NEXT.suite('bookworm'),
  },
  ...SETUP_HINTS,
  {
    id: 'no-git-commit',
    pattern: /\.git directory missing and DOCKER_GITCOMMIT not specified/i,
    means: "The tree's own script has no commit to stamp.",
    command: NEXT.again(),
  },
  {
    id: 'dubious-ownership',
    pattern: /detected dubious ownership/i,
    means: 'git does not read a repository that belongs to another user.',
    command: 'git config --global --add safe.directory DIR',
  },
  {
    id: 'no-make',
    pattern: /^env: .?make.?: No such file or directory|^make: command not found/i,
    means: 'make is not installed. The checks before a build say how to install it.',
    command: NEXT.again(),
  },
  {
    id: 'no-docker',
    pattern: /make: docker: (?:No such file|Command not found)|docker: (?:command )?not found/i,
    means: 'make finds no docker client on PATH. The checks before a build say how to install one.',
    command: NEXT.again(),
  },
];

/** The hints for lines of a log, the likeliest cause first; none for lines that nothing is known of. Pure. */
export function hintsFor(lines: readonly string[]): Hint[] {
  return ROWS.filter(({ pattern }) => lines.some((line) => pattern.test(line))).map(({ id, means, command }) => ({
    id,
    means,
    command,
  }));
}

/** All hints, for the tests that each has a sample and a command that exists. */
export const HINTS: readonly Hint[] = ROWS;
export const HINT_IDS: readonly string[] = ROWS.map(({ id }) => id);
