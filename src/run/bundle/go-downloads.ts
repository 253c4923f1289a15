import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { makeFolders } from '../../system/make-folders.ts';
import { wholeTool } from '../../bundle/modules/download-cache.ts';
import { runGit } from '../../system/git/git.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { run } from '../../system/process/run.ts';
import type { ReadySource } from '../../handover/host-sources.ts';
import type { Compared } from '../stage/stages.ts';
import type { Io } from '../stage/io.ts';

/** Long enough for the slowest line, and it ends. */
const MOST_MS = 3600 * 1000;

/** The go command of this machine, with a module cache of its own. */
export interface GoCommand {
  /** Where it downloads to: the layout of a module proxy. */
  readonly downloads: string;
  readonly run: (args: readonly string[], cwd: string, arch: string) => Promise<string | null>;
  /** All that it printed where it failed. */
  readonly said: readonly string[];
}

/**
 * The go command, set to ask whom the plan asks; null: there is none on this machine.
 *
 * @param dir its module cache; a run that goes on finds there what has come
 * @param proxies the value of GOPROXY; null: as this machine has it
 */
export async function goCommand(
  { network, options, resolutions }: Pick<Compared, 'network' | 'options' | 'resolutions'>,
  { env }: Pick<Io, 'env'>,
  dir: string,
  proxies: string | null,
): Promise<GoCommand | null> {
  const { reach } = await network.reach();
  const temp = makeTempDir('go').path;
  await makeFolders(dir);
  const certificates = join(temp, 'certificates.pem');
  if (reach.trust.bundle !== null) writeFileSync(certificates, reach.trust.bundle);
  const settings: Readonly<Record<string, string>> = {
    ...{ GOPATH: dir, GOMODCACHE: join(dir, 'mod'), GOCACHE: join(temp, 'cache'), GOENV: 'off', GO111MODULE: 'on' },
    // No toolchain is fetched, nothing is kept from the checksum database, and no module is cloned from its own host behind our back.
    ...{ GOTOOLCHAIN: 'local', GOPRIVATE: '', GONOSUMDB: '', GONOPROXY: '', GOINSECURE: '', GOWORK: 'off' },
    ...{ GOFLAGS: '-mod=mod -modcacherw', CGO_ENABLED: '1', GOOS: 'linux' },
    ...(proxies === null ? {} : { GOPROXY: proxies }),
    ...(resolutions.gosumdb === null ? {} : { GOSUMDB: resolutions.gosumdb }),
    ...(options.netrc === null ? {} : { NETRC: options.netrc }),
    ...(reach.trust.bundle === null ? {} : { SSL_CERT_FILE: certificates }),
  };
  const said: string[] = [];
  const call = async (args: readonly string[], cwd: string, arch: string): Promise<string | null> => {
    const spec = { file: 'go', args, cwd, env: { ...env, ...settings, GOARCH: arch } as Record<string, string> };
    const { exitCode, stderr } = await run(spec, { allowFailure: true, cleanEnv: true, timeoutMs: MOST_MS });
    if (exitCode === 0) return null;
    said.push(stderr);
    return reasonIn(stderr);
  };
  const there = await call(['version'], temp, 'amd64').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'no-such-program') return 'none';
    throw cause;
  });
  return there === null ? { downloads: downloadsIn(dir), run: call, said } : null;
}

/** The line that says why: of a checksum that is another one it is not the last. Pure. */
function reasonIn(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => line.includes('checksum mismatch')) ?? lines.at(-1) ?? 'go failed';
}

/** Where the go command puts what it downloads, below its own folder. Pure. */
export function downloadsIn(dir: string): string {
  return join(dir, 'mod/cache/download');
}

/**
 * Downloads what `go install PATH@VERSION` of a step needs: all packages are loaded, and nothing is compiled (`go help build`, -n).
 *
 * @returns what go said where it failed
 */
export async function downloadTool(go: GoCommand, tool: string, arch: string): Promise<string | null> {
  return go.run(['install', '-n', wholeTool(tool)], go.downloads.replace(/\/mod\/cache\/download$/u, ''), arch);
}

/**
 * Downloads what a build inside a checkout needs: the packages of its own module, and every go.mod of the graph, which an older go reads whole
 * (https://go.dev/ref/mod#graph-pruning).
 *
 * @returns what go or git said where it failed
 */
export async function downloadCheckout(go: GoCommand, { entry }: ReadySource, arch: string): Promise<string | null> {
  const temp = makeTempDir('checkout');
  try {
    const tree = join(temp.path, 'tree');
    await mkdir(tree);
    await runGit(entry.dir, ['--work-tree', tree, 'read-tree', '--reset', '-u', entry.record.commit], {
      env: { GIT_INDEX_FILE: join(temp.path, 'index') },
    });
    return (await go.run(['list', '-deps', './...'], tree, arch)) ?? (await go.run(['mod', 'graph'], tree, arch));
  } finally {
    temp.remove();
  }
}
