import { EXIT, MobyBuildError } from '../../errors.ts';
import { proxyVariable, withScheme } from '../../system/http/proxy-variables.ts';
import { redactText } from '../../system/redact.ts';
import type { Note } from '../../types.ts';
import { PREDEFINED, stepProxies, type StepProxies, type StepProxy } from './step-proxies.ts';

type Environment = Readonly<Record<string, string | undefined>>;

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
  const steps = stepProxies(environment);
  // Which hosts are asked directly says nothing where there is no proxy.
  const wanted = steps.given.some(({ name }) => name !== 'no_proxy')
    ? steps.given.filter(({ name }) => !said.has(name))
    : [];
  const near = network === 'host' ? [] : wanted.filter(onLoopback);
  // A step that was told of a proxy it cannot reach would fail where it could have gone by itself.
  const left = wanted.filter((each) => !near.includes(each));
  const kinds = left.some(({ name }) => name !== 'no_proxy') ? left : [];
  const given = new Set(byName);
  return {
    // Both cases, as docker's own client does: curl and apt hear the lower, others the upper alone.
    inherited: [...byName, ...kinds.flatMap(({ name }) => [name, name.toUpperCase()])],
    buildArgs: Object.fromEntries(Object.entries(buildArgs).filter(([name]) => !given.has(name))),
    notes: [
      ...handedNote(kinds),
      ...translatedNote(kinds),
      ...unheardNote(steps),
      ...loopbackNote(near),
      ...(engine === null ? [] : engineNote(environment, engine)),
    ],
  };
}

/**
 * The proxy variables that the environment of the build has in another form, or not at all (`stepProxies`). They may hold passwords. One
 * whose two cases the caller set to values of their own is left so, unless its form would not be read.
 */
export function bothCases(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    stepProxies(environment).given.flatMap(({ name, lower, upper, socks }) => [
      ...valueFor(name, lower, socks, environment),
      ...valueFor(name.toUpperCase(), upper, socks, environment),
    ]),
  );
}

function valueFor(name: string, value: string, socks: boolean, environment: Environment): [string, string][] {
  const has = environment[name] ?? '';
  const serves = has.includes('://') || /^no_proxy$/iu.test(name);
  if (has === value || (has !== '' && serves && !socks)) return [];
  return [[name, value]];
}

function handedNote(kinds: readonly StepProxy[]): readonly Note[] {
  if (kinds.length === 0) return [];
  return [
    {
      level: 'info',
      code: 'proxy-in-build',
      message: `${kinds.map(({ name }) => name).join(', ')} of this environment ${kinds.length === 1 ? 'is' : 'are'} handed to the steps of the build, and kept out of image and cache key.`,
    },
  ];
}

/** A command that is pasted into a shell takes its values from there, so the shell has to have them. */
function translatedNote(kinds: readonly StepProxy[]): readonly Note[] {
  const moved = kinds.filter(({ from, socks }) => from !== null || socks).filter(({ name }) => name !== 'all_proxy');
  const [first] = moved;
  if (first === undefined) return [];
  const lines = moved.flatMap(({ name, lower, upper }) =>
    lower === upper ? [assigned(name, lower)] : [assigned(name, lower), assigned(name.toUpperCase(), upper)],
  );
  const why = [
    ...(moved.some(({ from }) => from !== null) ? ['apt and Go do not read all_proxy'] : []),
    ...(moved.some(({ socks }) => socks) ? ['of SOCKS, apt reads socks5h:// alone and older Go socks5://'] : []),
  ].join('; ');
  return [
    {
      level: 'info',
      code: 'proxy-translated',
      message: `The steps get the proxy ${proxyPlace(first.lower)} as ${moved.map(({ name }) => name).join(' and ')}: ${why}.`,
      hint: `To run the printed command yourself, set the same first: export ${lines.join(' ')}`,
    },
  ];
}

/** As a shell reads it, without password. */
function assigned(name: string, value: string): string {
  return `${name}="${redactText(value).replaceAll(/["$`\\]/gu, '')}"`;
}

function unheardNote({ unheard }: StepProxies): readonly Note[] {
  if (unheard.length === 0) return [];
  const [name = ''] = unheard;
  return [
    {
      level: 'warning',
      code: 'proxy-not-heard',
      message: `${unheard.join(', ')} names a proxy of a kind that apt and Go do not know: their steps connect directly.`,
      hint: `Set http_proxy and https_proxy to an http:// or socks5h:// proxy. A proxy that speaks SOCKS 4 often speaks SOCKS 5 at the same port: export ${name}="socks5h://HOST:PORT"`,
    },
  ];
}

function onLoopback({ name, lower }: StepProxy): boolean {
  return name !== 'no_proxy' && LOOPBACK.test(lower);
}

function loopbackNote(near: readonly StepProxy[]): readonly Note[] {
  if (near.length === 0) return [];
  return [
    {
      level: 'warning',
      code: 'proxy-on-loopback',
      message: `${near.map(({ name }) => name).join(', ')} names a proxy on this machine's loopback, where the steps of a build do not reach it: they are not told of it.`,
      hint: 'If they need it: --network host, or let the proxy listen for other machines ("allow LAN") and name it by an address that containers reach.',
    },
  ];
}

/** The engine pulls images by itself, and no client tells it how. */
function engineNote(environment: Environment, engine: EngineProxies): readonly Note[] {
  const wanted = ['https_proxy', 'all_proxy', 'http_proxy']
    .map((name) => proxyVariable(name, environment))
    .find(Boolean);
  const has = engine.https ?? engine.http;
  if (wanted === undefined) return has === null ? [] : [onlyEngine(has)];
  if (has !== null && proxyPlace(has) === proxyPlace(wanted)) return [];
  const value = redactText(withScheme(wanted)).replaceAll(/["$`\\]/gu, '');
  return [
    {
      level: 'warning',
      code: 'engine-proxy',
      message: `The engine pulls images ${has === null ? 'through no proxy' : `through ${proxyPlace(has)}`}, and this environment says ${proxyPlace(wanted)}; no client can change that.`,
      hint: `If pulls fail: "proxies": {"http-proxy": "${value}", "https-proxy": "${value}", "no-proxy": "localhost,127.0.0.0/8"} in /etc/docker/daemon.json (from 23.0 on), or Environment="HTTPS_PROXY=${value}" "HTTP_PROXY=${value}" under [Service] in a drop-in of docker.service, then restart it. A builder of its own takes --driver-opt env.HTTPS_PROXY=${value}.`,
    },
  ];
}

/** The reverse: requests of this machine and the steps go out directly, and a network that needs a proxy lets neither through. */
function onlyEngine(proxy: string): Note {
  const text = withScheme(proxy).replaceAll(/["$`\\]/gu, '');
  return {
    level: 'warning',
    code: 'engine-proxy',
    message: `The engine pulls images through ${proxyPlace(proxy)}, and this environment names no proxy: clones, probes and the steps of the build connect directly.`,
    hint: `If they fail: export https_proxy="${redactText(text)}" http_proxy="${redactText(text)}" (the engine hides a login in it).`,
  };
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
