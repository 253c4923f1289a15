import type { NextCommand } from '../next-command.ts';
import { NEXT } from '../next-command.ts';
import type { Fault } from './faults.ts';

/** Who prints it. */
export type Tool =
  | 'git'
  | 'ssh'
  | 'curl'
  | 'wget'
  | 'apt'
  | 'go'
  | 'docker'
  | 'buildx'
  | 'buildkit'
  | 'engine'
  | 'make'
  | 'shell'
  | 'compiler'
  | 'kernel'
  | 'qemu'
  | 'node'
  | 'moby'
  | 'archive';

/** A message of a program, and what is known of it. */
export interface Symptom {
  /** Stable: it is never given to another message. */
  readonly code: `MB-${string}`;
  readonly tool: Tool;
  readonly fault: Fault;
  /** Tried on one line, without colours and without the prefix of its step. */
  readonly pattern: RegExp;
  readonly cause: string;
  readonly hint: string;
  readonly next: NextCommand | null;
  /** The program and the file that the wording is from, or `seen in a run` with what was run. */
  readonly source: string;
  /** Lines as they are printed. */
  readonly samples: readonly [string, ...string[]];
  /** For a fetch of our own: one clause, in which `$1` is the first group that matched. */
  readonly reason?: string;
  /**
   * `after`: it mostly follows from another fault, and counts where no other line explains it. `never`: it only says that something
   * failed.
   */
  readonly counts?: 'after' | 'never';
}

type Advice = Pick<Symptom, 'cause' | 'hint' | 'next'>;

const AGAIN = NEXT.again();

/** What is said of a fault where a row does not say it better. */
const ADVICE: Readonly<Record<Fault, Advice>> = {
  'no-object': advice(
    'The registry does not have this image, or not for this platform.',
    'Name another registry, or another image with --image.',
    NEXT.mirror('image', 'REGISTRY'),
  ),
  login: advice(
    'A mirror wants a login, or another one than it was given.',
    'Put the login into a netrc file.',
    NEXT.netrc(),
  ),
  refused: advice(
    'The mirror refuses this address, this client, or this object: some serve a list of their own only.',
    'Let another mirror be chosen.',
    NEXT.profile('auto'),
  ),
  'no-file': advice(
    'The mirror does not have this file.',
    'It may have been moved, or the mirror is behind. Let another mirror be chosen.',
    NEXT.profile('auto'),
  ),
  'no-repository': advice(
    'The git mirror does not have this repository, or does not show it without a login.',
    'Name another mirror.',
    NEXT.mirror('git', 'https://MIRROR/{url}'),
  ),
  'proxy-login': advice(
    'The proxy wants a login.',
    'Give it in the proxy variable.',
    'export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT',
  ),
  'proxy-gone': advice(
    'The proxy that is named does not take the connection: it does not run, or its address is 127.0.0.1 and the engine is elsewhere.',
    'Start it, or correct its address in the proxy variables and in the configuration of the engine.',
    'env | grep -i _proxy; docker info | grep -i proxy',
  ),
  untrusted: advice(
    'A certificate is not trusted in the build: the network re-signs TLS with an authority of its own, or the CA bundle of the base image is too old.',
    'Hand the authority of your network to the build with --ca.',
    NEXT.ca(),
  ),
  'other-protocol': advice(
    'The answer is a page for people: a login portal, an error page, or a parked domain.',
    'Open the address in a browser to see what answers, and name another mirror.',
    NEXT.profile('auto'),
  ),
  redirects: advice(
    'The mirror sends from one address to the next without end.',
    'Name another mirror.',
    NEXT.profile('auto'),
  ),
  'plain-http': advice(
    'The server speaks plain http, and was asked by https.',
    'Write its address with http://; for a registry, name it in insecure-registries of the engine.',
    'docker info --format "{{json .RegistryConfig.IndexConfigs}}"',
  ),
  'apt-unchecked': advice(
    'apt could not check signatures in the container. The usual reason is the engine: before 20.10.10 its seccomp profile stops system calls that newer base images use. A full disk does the same.',
    'Update the engine, or build on an older suite. The mirror is not to blame.',
    'docker version --format "{{.Server.Version}}"',
  ),
  clock: advice(
    "The clock of this machine or of the engine's is wrong.",
    'Set the clock, and try again.',
    'timedatectl',
  ),
  tampered: advice(
    'What came is not what its signature or its checksum says.',
    'Do not retry until it passes. Name another mirror; if it says the same again, somebody alters what you receive.',
    NEXT.profile('auto'),
  ),
  damaged: advice('What came is damaged.', 'Let another mirror be chosen.', NEXT.profile('auto')),
  busy: advice(
    'A step of an earlier build still runs in the engine and holds apt’s cache: one that was killed leaves its steps behind.',
    'Wait until it is done, and try again.',
    AGAIN,
  ),
  'too-many': advice(
    'The server counts requests, and this address has had its share.',
    'Wait, log in, or name another mirror.',
    NEXT.profile('auto'),
  ),
  'server-failed': advice('The mirror, or a gateway before it, failed for a moment.', 'Try again.', AGAIN),
  cut: advice(
    'A connection broke off: the mirror, a proxy, or a firewall on the way cut it.',
    'Try again. Where every mirror does that, the network of the engine is at fault.',
    AGAIN,
  ),
  slow: advice(
    'A server sends so slowly that the transfer was given up.',
    'Let a faster mirror be chosen.',
    NEXT.profile('auto'),
  ),
  silent: advice(
    'A host does not answer in time from where the build runs.',
    'Try again. Where every host does that and this machine reaches them, look at the engine: MTU of its bridge, proxy, DNS, firewall.',
    AGAIN,
  ),
  'no-name-server': advice(
    'No name server answers where the build runs.',
    "Look at the engine's DNS: a resolver on 127.0.0.53 of this machine is not one in a container.",
    'docker run --rm busybox cat /etc/resolv.conf',
  ),
  syncing: advice(
    'The apt mirror was being updated, or a proxy altered what it served.',
    'Try again in an hour, or name another mirror.',
    AGAIN,
  ),
  'no-name': advice(
    "A host's name does not resolve where the build runs.",
    'The name may be wrong, or the name servers there do not know it: an engine has a DNS of its own.',
    AGAIN,
  ),
  nobody: advice(
    'Nobody takes the connection: the host is down, or a firewall stops it.',
    'Let another mirror be chosen, or name the proxy that leads out.',
    AGAIN,
  ),
  'no-ref': advice(
    'The git mirror does not have the commit that the tree pins: it is behind, or cut off.',
    'Name another mirror.',
    NEXT.mirror('git', 'https://MIRROR/{url}'),
  ),
  'no-singles': advice(
    'The git server hands out what a tag or a branch names, and no commit by its id (protocol 0 without uploadpack.allowAnySHA1InWant, or plain files over HTTP).',
    'Let this machine fetch the components: it takes the tag or branch that holds the commit, or the whole history, and checks the id. On the server, git config uploadpack.allowAnySHA1InWant true.',
    NEXT.sourcesByHost(),
  ),
  'no-package': advice(
    'apt has no list with this package: an unreachable mirror shows only like this, for apt-get update ends well without it.',
    'Look for the failure of apt-get update further up, and let the mirrors be measured again.',
    AGAIN,
  ),
  disk: advice('The disk where the engine keeps its data is full.', 'Free some space there.', 'docker builder prune'),
  memory: advice(
    'The kernel ended the compiler or the linker: memory is short (linking dockerd takes about 2 GB).',
    'Give the machine, or the virtual machine of the engine, more memory or swap.',
    'free -m',
  ),
  permission: advice('This user may not do this.', 'Look at the owner and the mode.', 'docker info'),
  platform: advice(
    "This machine's kernel or processor cannot run a program of the build.",
    'Build for this architecture, or register an emulator.',
    AGAIN,
  ),
  engine: advice(
    'The engine, its client or its builder is not as the build needs it.',
    'Look at both versions.',
    'docker version',
  ),
  tree: advice('A program of the build found a fault in the source.', 'Read the lines around it.', null),
  outcome: advice('Something before it failed.', 'Read the lines above it.', null),
};

function advice(cause: string, hint: string, next: NextCommand | null): Advice {
  return { cause, hint, next };
}

type More = Partial<Omit<Symptom, 'code' | 'tool' | 'fault' | 'pattern' | 'source' | 'samples'>>;

/** A row of the table; `more` says what is not as with other messages of its fault. */
export function symptom(
  code: Symptom['code'],
  tool: Tool,
  fault: Fault,
  pattern: RegExp,
  source: string,
  samples: Symptom['samples'],
  more: More = {},
): Symptom {
  return { code, tool, fault, pattern, source, samples, ...ADVICE[fault], ...more };
}
