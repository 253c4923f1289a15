import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Note } from '../../types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that BuildKit knows as build arguments without an ARG, in both cases: RUN steps have them, the image and the cache key do not
 * (Dockerfile reference, "Predefined ARGs").
 */
const PREDEFINED = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'];

/** The address of a proxy that only this machine itself reaches: `127.0.0.1:3128`, `http://user:word@localhost`. */
const LOOPBACK = /^(?:[a-z0-9+.-]+:\/\/)?(?:[^/@]*@)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/iu;

/** What the engine says of its own proxies (`docker info`), without passwords; null: none. */
export interface EngineProxies {
  readonly http: string | null;
  readonly https: string | null;
}

export interface ProxyVerdict {
  /** Build arguments that are handed over by name alone: whoever runs the build takes the value from its environment. */
  readonly inherited: readonly string[];
  /** The build arguments that are left to be given with their values. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
}

/**
 * How the proxies of the caller's environment reach the steps of a build. Their values may hold a password, so they stay out of every
 * argument: also those of `--build-arg HTTP_PROXY`, where the environment says the same. Pure.
 *
 * @param engine null: no engine was asked
 * @throws MobyBuildError `secret-in-argument` (2) for `--build-arg HTTP_PROXY=http://user:password@…`
 */
export function judgeProxies(
  environment: Environment,
  buildArgs: Readonly<Record<string, string>>,
  network: string | undefined,
  engine: EngineProxies | null,
): ProxyVerdict {
  const own = Object.entries(buildArgs).filter(([name]) => PREDEFINED.includes(name.toLowerCase()));
  const byName = own.filter(([name, value]) => environment[name] === value).map(([name]) => name);
  const spoken = own.filter(([name]) => !byName.includes(name));
  for (const [name, value] of spoken) if (/\/\/[^/]*@|^[^/]*@/u.test(value)) throw secretInArgument(name);
  const said = new Set(own.map(([name]) => name.toLowerCase()));
  const set = PREDEFINED.filter((name) => valueOf(name, environment) !== undefined);
  // Which hosts are asked directly says nothing where there is no proxy.
  const wanted = set.some((name) => name !== 'no_proxy') ? set.filter((name) => !said.has(name)) : [];
  const near = network === 'host' ? [] : wanted.filter((name) => onLoopback(name, environment));
  // A step that was told of a proxy it cannot reach would fail where it could have gone by itself.
  const left = wanted.filter((name) => !near.includes(name));
  const kinds = left.some((name) => name !== 'no_proxy') ? left : [];
  const given = new Set(byName);
  return {
    // Both cases, as docker's own client does: curl and apt hear the lower, others the upper alone.
    inherited: [...byName, ...kinds.flatMap((name) => [name, name.toUpperCase()])],
    buildArgs: Object.fromEntries(Object.entries(buildArgs).filter(([name]) => !given.has(name))),
    notes: [...handedNote(kinds), ...loopbackNote(near), ...(engine === null ? [] : engineNote(environment, engine))],
  };
}

/** The variables that the other case of a proxy variable lacks, for the environment of the build. They may hold passwords. */
export function bothCases(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PREDEFINED.flatMap((name) => {
      const value = valueOf(name, environment);
      if (value === undefined) return [];
      return [name, name.toUpperCase()].filter((each) => (environment[each] ?? '') === '').map((each) => [each, value]);
    }),
  );
}

/** The lower-case one wins, as in curl; an empty one is none. */
function valueOf(name: string, environment: Environment): string | undefined {
  return [environment[name], environment[name.toUpperCase()]].find((value) => value !== undefined && value !== '');
}

function handedNote(kinds: readonly string[]): readonly Note[] {
  if (kinds.length === 0) return [];
  return [
    {
      level: 'info',
      code: 'proxy-in-build',
      message: `${kinds.join(', ')} of this environment ${kinds.length === 1 ? 'is' : 'are'} handed to the steps of the build, and kept out of image and cache key.`,
    },
  ];
}

function onLoopback(name: string, environment: Environment): boolean {
  return name !== 'no_proxy' && LOOPBACK.test(valueOf(name, environment) ?? '');
}

function loopbackNote(near: readonly string[]): readonly Note[] {
  if (near.length === 0) return [];
  return [
    {
      level: 'warning',
      code: 'proxy-on-loopback',
      message: `${near.join(', ')} names a proxy on this machine's loopback, where the steps of a build do not reach it: they are not told of it.`,
      hint: 'If they need it: --network host, or name the proxy by an address that containers reach.',
    },
  ];
}

/** The engine pulls images by itself, and no client tells it how. */
function engineNote(environment: Environment, engine: EngineProxies): readonly Note[] {
  const wanted = valueOf('https_proxy', environment) ?? valueOf('all_proxy', environment);
  if (wanted === undefined) return [];
  const has = engine.https ?? engine.http;
  if (has !== null && proxyPlace(has) === proxyPlace(wanted)) return [];
  return [
    {
      level: 'info',
      code: 'engine-proxy',
      message: `The engine pulls images ${has === null ? 'through no proxy' : `through ${proxyPlace(has)}`}, and this environment says ${proxyPlace(wanted)}; no client can change that.`,
      hint: 'If pulls fail: "proxies": {"http-proxy": …, "https-proxy": …, "no-proxy": …} in daemon.json (from 23.0 on), or HTTPS_PROXY in a drop-in of docker.service, then restart it. A builder of its own takes --driver-opt env.HTTPS_PROXY=….',
    },
  ];
}

/** Host and port of a proxy, without what else its URL may hold. Pure. */
export function proxyPlace(proxy: string): string {
  return proxy
    .replace(/^[a-z0-9+.-]+:\/\//iu, '')
    .replace(/^.*@/u, '')
    .replace(/[/?#].*$/u, '')
    .toLowerCase();
}

function secretInArgument(name: string): MobyBuildError {
  return new MobyBuildError({
    code: 'secret-in-argument',
    exitCode: EXIT.usage,
    message: `--build-arg ${name} holds a user name or a password, which every user of this machine could read in the list of processes.`,
    where: `--build-arg ${name}`,
    hint: `Set the variable ${name} in the environment; the steps of the build get it from there.`,
  });
}
