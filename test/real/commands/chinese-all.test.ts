import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { englishLeft } from '../../support/english-left.ts';
import { ARCH, ofTree, Stage } from './stage.ts';

/** Single words that the table of sentences has, and that are names where these commands print them: ids, options, values. */
const NAMES = new Set([
  ...['profile', 'source', 'ref', 'engine', 'builder', 'architecture', 'memory', 'cores', 'clock', 'certificates'],
  ...['commit', 'arch', 'target', 'binary', 'kind', 'key', 'tree', 'yes', 'default'],
]);
const OUT = `moby-v20.10.12-linux-${ARCH}`;

let stage: Stage;
let built: string;
beforeAll(async () => {
  stage = new Stage();
  const wanted = [...ofTree(stage), '--report', 'run.md', '--pack', 'tgz', '--lock', 'x.lock'];
  const { status, stderr } = await stage.run([...wanted, '--lang', 'zh']);
  expect(status, stderr).toBe(0);
  built = stderr;
  writeFileSync(join(stage.cwd, 'failed.log'), LOG);
  writeFileSync(join(stage.cwd, 'bad.yaml'), 'prifile: cn\narch: [a]\nyes: true\n');
}, 120_000);
afterAll(() => {
  stage.remove();
});

const LOG = `#9 [base 3/7] RUN apt-get update
#9 12.3 curl: (28) Connection timed out after 10001 milliseconds
#9 ERROR: process "/bin/sh -c apt-get update" did not complete successfully: exit code: 28
`;

/** The part of an output that is for people. A patch set on stdout is for git. */
const told = (args: readonly string[], ran: { readonly stdout: string; readonly stderr: string }): string =>
  args.includes('--dry-run') || ['patch', 'sbom', 'provenance'].includes(args[0] ?? '')
    ? ran.stderr
    : `${ran.stdout}\n${ran.stderr}`;

describe('with --lang zh no sentence and no word of ours stays English', { timeout: 120_000 }, () => {
  it('in a build, its report, and its job summary', () => {
    expect(englishLeft(built, NAMES)).toEqual([]);
    expect(englishLeft(readFileSync(join(stage.cwd, 'run.md'), 'utf8'), NAMES)).toEqual([]);
  });

  it.each([
    [['build', '--dry-run', '--verbose'], true],
    [['build', '--dry-run', '--profile', '163', '--all'], true],
    [['build', '--dry-run', '--locked', '--lock', 'x.lock', '--build-arg', 'A=B'], true],
    [['audit', '--all'], true],
    [['audit', '--profile', 'direct', '--format', 'markdown', '--all'], true],
    [['audit', '--hosts', '--format', 'markdown'], true],
    [['audit', '--hosts', '--all'], true],
    [['patch', '--out', 'patches'], true],
    [['doctor', '--verbose'], true],
    [['matrix', '--refs', 'v20.10.12', '--arches', 'amd64,arm64', '--dry-run', '--keep-going'], true],
    [['bundle', 'want', '--out', 'want.json'], true],
    [['build', '--out', '/'], true],
    [['verify', OUT], false],
    [['compare', OUT, OUT], false],
    [['sbom', OUT], false],
    [['pack', OUT, '--format', 'deb'], false],
    [['sign', OUT], false],
    [['doctor', '--list'], false],
    [['smoke', '--list'], false],
    [['cache', 'ls'], false],
    [['cache', 'verify'], false],
    [['clean'], false],
    [['report'], false],
    [['config', 'show'], false],
    [['config', 'init'], false],
    [['mirrors', 'list'], false],
    [['explain', 'build-failed'], false],
    [['explain', 'nowhere.log'], false],
    [['explain', 'failed.log'], false],
    [['completion'], false],
    [['bundle', 'ls', 'none.tar'], false],
    [['bild'], false],
    [['build', '--nope', '--ref', 'v99.1', '--arch', 'pdp11', '--split', '1G', '--jobs', '0'], false],
    [['build', '--config', 'bad.yaml'], false],
    [['--help', '--all'], false],
    [['build', '--help'], false],
    [['report', '--help'], false],
  ] as const)('%j', async ([...args], ofThisTree) => {
    const line = [...args, ...(ofThisTree ? ofTree(stage).filter((_, index) => !skips(args, index)) : [])];
    const ran = await stage.run([...line, '--lang', 'zh']);
    expect(ran.stdout + ran.stderr).not.toBe('');
    expect(englishLeft(told(args, ran), NAMES)).toEqual([]);
  });
});

/** A profile that is given is not given twice: `--profile cn` stands third and fourth in the words of the tree. */
function skips(args: readonly string[], index: number): boolean {
  return args.includes('--profile') && (index === 2 || index === 3);
}
