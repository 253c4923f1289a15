import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCommand } from '../../../src/make/command/command.ts';
import { displayCommand } from '../../../src/make/command/display-command.ts';
import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import { bothCases } from '../../../src/make/flags/proxies.ts';
import { run } from '../../../src/system/process/run.ts';
import { materializeLightTree } from '../../support/light-tree.mjs';
import { buildTarget } from '../../unit/build/build-target.ts';
import { readRecord, writeRecorder, type Recorded } from './fake-programs.ts';

/** What a Makefile from 23.0 on does with bake. */
const BAKE_MAKEFILE = 'BAKE_CMD := docker buildx bake\nbinary:\n\t$(BAKE_CMD) binary\n';
const PROXY = 'http://me:hunter2@proxy.corp.example:3128';
const AMBIENT = { https_proxy: PROXY, NO_PROXY: '.corp.example' };
const HANDED = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];

let dir: string;
let out: string;
let netrc: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-secrets-'));
  out = join(dir, 'record');
  netrc = join(dir, 'a, "netrc"');
  materializeLightTree(join(dir, 'old'), { git: false });
  mkdirSync(join(dir, 'new'));
  writeFileSync(join(dir, 'new/Makefile'), BAKE_MAKEFILE);
  writeRecorder(join(dir, 'old-bin'), 'docker', 'build', out);
  writeRecorder(join(dir, 'new-bin'), 'docker', 'buildx', out);
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function command(series: '20.10' | '26.1', changes: Partial<MakeInput> = {}): ReturnType<typeof makeCommand> {
  return makeCommand({
    ...buildTarget(series, 'binary'),
    version: '1.2.3',
    gitCommit: 'f'.repeat(40),
    treeDir: join(dir, series === '20.10' ? 'old' : 'new'),
    arch: 'amd64',
    nativeArch: 'amd64',
    buildArgs: {},
    environment: AMBIENT,
    netrc,
    ...changes,
  });
}

/** As a build runs it, and as a person pastes it. */
async function recorded(series: '20.10' | '26.1', changes: Partial<MakeInput> = {}): Promise<readonly Recorded[]> {
  const { spec } = command(series, changes);
  const bin = join(dir, series === '20.10' ? 'old-bin' : 'new-bin');
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: dir, ...AMBIENT };
  await run({ ...spec, env: { ...env, ...bothCases(AMBIENT), ...spec.env } }, { cleanEnv: true });
  const own = readRecord(out);
  execFileSync('bash', ['-c', displayCommand(spec)], { env, stdio: 'pipe', cwd: '/' });
  return [own, readRecord(out)];
}

/** The words behind each `flag`. */
function after(args: readonly string[], flag: string): string[] {
  return args.filter((_, index) => args[index - 1] === flag);
}

describe('proxies and logins on the three ways to build', () => {
  it('docker build: names of proxies, and a secret whose file may be called anything', async () => {
    for (const { args } of await recorded('20.10')) {
      expect(after(args, '--build-arg')).toEqual(expect.arrayContaining(HANDED));
      expect(after(args, '--secret')).toEqual([`id=moby-build-netrc,"src=${netrc.replaceAll('"', '""')}"`]);
      expect(args.join('\n')).not.toContain('hunter2');
    }
  });

  it('bake: the same by --set, and no question about a file outside the tree', async () => {
    for (const { args, env } of await recorded('26.1')) {
      expect(after(args, '--set')).toEqual([
        ...HANDED.map((name) => `binary.args.${name}`),
        `binary.secrets=id=moby-build-netrc,"src=${netrc.replaceAll('"', '""')}"`,
      ]);
      expect(env['BUILDX_BAKE_ENTITLEMENTS_FS']).toBe('0');
      expect(args.join('\n')).not.toContain('hunter2');
    }
  });

  it('buildx build, where bake does not take an option', async () => {
    for (const { args } of await recorded('26.1', { network: 'host' })) {
      expect(args.slice(0, 2)).toEqual(['buildx', 'build']);
      expect(after(args, '--build-arg')).toEqual(expect.arrayContaining(HANDED));
      expect(after(args, '--secret')).toHaveLength(1);
      expect(args.join('\n')).not.toContain('hunter2');
    }
  });

  it('the values are in the environment of the docker client, in both cases, and nowhere in the command', async () => {
    const [own] = await recorded('20.10');
    expect(own?.env).toMatchObject({
      https_proxy: PROXY,
      HTTPS_PROXY: PROXY,
      no_proxy: '.corp.example',
      NO_PROXY: '.corp.example',
    });
    for (const series of ['20.10', '26.1'] as const) expect(JSON.stringify(command(series))).not.toContain('hunter2');
    expect(readFileSync(`${out}.args`, 'utf8')).not.toContain('hunter2');
  });
});
