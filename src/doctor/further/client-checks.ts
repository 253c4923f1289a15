import { join } from 'node:path';
import semver from 'semver';
import type { Verdict } from '../context.ts';
import { needsClient, requireEngine } from '../engine-checks.ts';
import { mendBuildx } from '../engine-fixes.ts';
import { CouldNotLook, type Asked, type FurtherCheck } from './asked.ts';

/** Named contexts in bake files, which our override file uses, came with it (docker/buildx, release notes of v0.8.0). */
const LEAST_BUILDX = '0.8.0';

/** How the docker client is set up. */
export const CLIENT_CHECKS: readonly FurtherCheck[] = [
  {
    id: 'buildx-version',
    title: 'buildx version',
    group: 'Engine',
    skip: (asked) =>
      needsClient(asked) ??
      (asked.builtBy !== 'bake'
        ? 'this release is built without bake'
        : asked.engine?.buildxVersion === null
          ? 'there is no buildx'
          : null),
    run: judgeBuildx,
  },
  {
    id: 'docker-host',
    title: 'choice of the engine',
    group: 'Engine',
    skip: needsClient,
    run: judgeHost,
  },
  {
    id: 'api-version',
    title: 'DOCKER_API_VERSION',
    group: 'Engine',
    skip: needsClient,
    run: judgeApi,
  },
  {
    id: 'credential-helper',
    title: 'credential helpers',
    group: 'Engine',
    skip: needsClient,
    run: judgeHelpers,
  },
];

function judgeBuildx(asked: Asked): Verdict {
  const said = requireEngine(asked).buildxVersion ?? '';
  const version = semver.coerce(said);
  if (version === null) throw new CouldNotLook(`buildx says that its version is ${said}`);
  return semver.lt(version, LEAST_BUILDX)
    ? { result: 'failed', seen: `${said}; ${LEAST_BUILDX} is the least`, fix: mendBuildx(asked) }
    : { result: 'ok', seen: said };
}

/** DOCKER_HOST wins over a chosen context, and the client says so only at `docker context use` (docker/cli, cli/command/cli.go). */
function judgeHost({ env, engine }: Asked): Verdict {
  const host = env['DOCKER_HOST'] ?? '';
  const context = env['DOCKER_CONTEXT'] ?? '';
  if (host !== '' && context !== '')
    return {
      result: 'warning',
      seen: `DOCKER_HOST=${host} wins over DOCKER_CONTEXT=${context}`,
      fix: 'unset DOCKER_HOST   # if the context is meant',
    };
  if (host !== '') return { result: 'ok', seen: `DOCKER_HOST=${host}` };
  return { result: 'ok', seen: `context ${engine?.context ?? 'default'}` };
}

function judgeApi(asked: Asked): Verdict {
  const wanted = asked.env['DOCKER_API_VERSION'] ?? '';
  const { apiVersion, minApiVersion, refused } = requireEngine(asked);
  if (wanted === '') return { result: 'ok', seen: 'not set: client and engine agree by themselves' };
  const fix = 'unset DOCKER_API_VERSION';
  const version = semver.coerce(wanted);
  if (version === null) return { result: 'failed', seen: `${wanted} is no version`, fix };
  const least = semver.coerce(minApiVersion ?? '');
  const most = semver.coerce(apiVersion ?? '');
  if (refused?.kind === 'api-version' || (least !== null && semver.lt(version, least)))
    return {
      result: 'failed',
      seen: `${wanted}, and the engine does not speak it${minApiVersion === null ? '' : ` (${minApiVersion} is the least)`}`,
      fix,
    };
  if (most !== null && semver.gt(version, most))
    return { result: 'failed', seen: `${wanted}, and the engine speaks ${apiVersion ?? ''} at most`, fix };
  return { result: 'warning', seen: `${wanted} is set; newer features of the engine are off`, fix };
}

/** The client asks the programs of `credsStore` and `credHelpers` before a pull, and fails without them (docker/cli, cli/config). */
async function judgeHelpers({ env, look, machine }: Asked): Promise<Verdict> {
  const folder = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? '/', '.docker');
  const file = join(folder, 'config.json');
  const text = await look.text(file);
  if (text === null) return { result: 'ok', seen: 'none' };
  let names: readonly string[];
  try {
    names = helpersOf(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return { result: 'failed', seen: `${file} is no JSON`, fix: `Correct ${file}, or move it away.` };
  }
  for (const name of names) {
    const program = `docker-credential-${name}`;
    if ((await machine.program(program)) === null)
      return {
        result: 'warning',
        seen: `${file} names ${program}, which is not on PATH: pulls may fail`,
        fix: `Install ${program}, or remove "credsStore" and "credHelpers" from ${file}.`,
      };
  }
  return { result: 'ok', seen: names.length === 0 ? 'none' : names.join(', ') };
}

function helpersOf(config: unknown): readonly string[] {
  if (typeof config !== 'object' || config === null) return [];
  const { credsStore, credHelpers } = config as { readonly credsStore?: unknown; readonly credHelpers?: unknown };
  const all = [
    credsStore,
    ...(typeof credHelpers === 'object' && credHelpers !== null ? (Object.values(credHelpers) as unknown[]) : []),
  ];
  // The client joins the name to a program's; a path in it would be another program.
  return [...new Set(all.filter((name): name is string => typeof name === 'string' && /^[\w.-]+$/u.test(name)))];
}
