import { fork, type ChildProcess } from 'node:child_process';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { onLeave, throwIfStopping, watchChild } from '../process/supervisor.ts';

/** How names become addresses during one run. */
export interface HostNames {
  /** As `net.connect` takes it. */
  readonly lookup: LookupFunction;
  /** Gives up what is still being looked up: those lookups fail with ECANCELLED. Later ones work. */
  readonly cancel: () => void;
}

/** Where a found name is kept, and how long: the probe asks a host many times, and a mirror that moves is seen again. */
export interface HostNamesOptions {
  readonly keepMs?: number | undefined;
  /** The environment of the lookups: resolv.conf(5) has RES_OPTIONS and LOCALDOMAIN. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const KEEP_MS = 60_000;

/** libuv gives half of its threads to lookups; a stuck name must not hold up the others. */
const THREADS = '64';

type Addresses = readonly LookupAddress[];
interface Pending {
  readonly found: (addresses: Addresses) => void;
  readonly failed: (cause: Error) => void;
}
type Answer = { readonly name: string } & ({ readonly addresses: Addresses } | { readonly code: string });

/**
 * Names resolve as they do for git and apt on this machine, by getaddrinfo(3): /etc/nsswitch.conf, /etc/hosts, search domains.
 * One child process does it (bin/look-up.cjs says why); it starts with the first name and does not keep this process alive.
 * A name that was found is kept for a minute. A failure is not kept: the next request asks again.
 */
export function hostNames({ keepMs = KEEP_MS, env = process.env }: HostNamesOptions = {}): HostNames {
  const known = new Map<string, { readonly addresses: Addresses; readonly until: number }>();
  const asked = new Map<string, Promise<Addresses>>();
  const helper = new LookUps(env);

  const addressesOf = (name: string): Promise<Addresses> => {
    const kept = known.get(name);
    if (kept !== undefined && kept.until > performance.now()) return Promise.resolve(kept.addresses);
    const running = asked.get(name) ?? helper.ask(name);
    if (!asked.has(name)) {
      asked.set(name, running);
      running
        .then(
          (addresses) => known.set(name, { addresses, until: performance.now() + keepMs }),
          () => known.delete(name),
        )
        .finally(() => asked.delete(name));
    }
    return running;
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
      helper.end();
    },
  };
}

/** The child process, and what it has been asked. */
class LookUps {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #pending = new Map<string, Pending>();
  #child: ChildProcess | null = null;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** One name is asked for once at a time. */
  ask(name: string): Promise<Addresses> {
    return new Promise((found, failed) => {
      throwIfStopping();
      this.#pending.set(name, { found, failed });
      const child = (this.#child ??= this.#start());
      // While a name is looked up, somebody waits for it.
      child.channel?.ref();
      child.send(name, (error) => {
        if (error !== null) this.#fail(name, 'ECANCELLED');
      });
    });
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#ended();
  }

  #start(): ChildProcess {
    // NODE_OPTIONS is meant for this process: a debugger's port, for one, is taken.
    const { NODE_OPTIONS: _, ...env } = this.#env;
    const child = fork(join(packageRoot(), 'bin/look-up.cjs'), {
      execArgv: [],
      env: { ...env, UV_THREADPOOL_SIZE: THREADS },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const unwatch = child.pid === undefined ? () => undefined : watchChild(child.pid);
    const forget = onLeave(() => child.kill('SIGKILL'));
    const gone = (): void => {
      unwatch();
      forget();
      if (this.#child === child) this.#ended();
    };
    child.once('exit', gone);
    child.once('error', gone);
    child.on('message', (message) => {
      this.#answer(message as Answer);
    });
    child.unref();
    return child;
  }

  #answer(answer: Answer): void {
    const pending = this.#pending.get(answer.name);
    if ('code' in answer) this.#fail(answer.name, answer.code);
    else {
      this.#pending.delete(answer.name);
      pending?.found(answer.addresses);
    }
    if (this.#pending.size === 0) this.#child?.channel?.unref();
  }

  /** The child is gone: by `end`, or by a signal that ends this run. */
  #ended(): void {
    this.#child = null;
    for (const name of [...this.#pending.keys()]) this.#fail(name, 'ECANCELLED');
  }

  #fail(name: string, code: string): void {
    const pending = this.#pending.get(name);
    this.#pending.delete(name);
    pending?.failed(Object.assign(new Error(`${name}: ${code}`), { code }));
  }
}
