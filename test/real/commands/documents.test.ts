import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import { debianDockerd, whyNoDebianDockerd } from '../../support/debian-dockerd.mjs';
import { makeKeys } from '../../support/make-keys.ts';
import { listed, smallBundle, tarOf } from '../../support/make-bundle.ts';
import { ARCH, BUILDS, ofTree, Stage } from './stage.ts';

type Name = keyof typeof DOCUMENT_SCHEMAS;

let stage: Stage;
let out: string;
beforeAll(async () => {
  stage = new Stage();
  out = join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
  execFileSync('git', ['tag', 'v20.10.13'], { cwd: stage.tree });
  mkdirSync(join(stage.dir, 'temporary'));
  await stage.run(ofTree(stage));
  cpSync(out, join(stage.dir, 'twin'), { recursive: true });
  writeFileSync(join(stage.dir, 'key'), makeKeys('signify').secret);
  // Another copy, of which a file is changed.
  cpSync(out, join(stage.dir, 'damaged'), { recursive: true });
  writeFileSync(join(stage.dir, 'damaged/runc'), 'x');
  symlinkSync('loop', join(stage.dir, 'loop'));
  const { contents, files } = smallBundle();
  writeFileSync(join(stage.cwd, 'whole.tar'), await tarOf(listed(contents, files)));
  writeFileSync(join(stage.cwd, 'damaged.tar'), await tarOf(listed(contents, files).slice(0, -1)));
});
afterAll(() => {
  stage.remove();
});
afterEach(() => {
  stage.make(BUILDS);
});

/** The document that the line writes, read strictly by its schema; and the exit code, which must be the one that the document says. */
async function documentOf(name: Name, args: readonly string[]): Promise<{ status: number; document: object }> {
  const { status, stdout, stderr } = await stage.run([...args, '--json'], { TMPDIR: join(stage.dir, 'temporary') });
  const document = JSON.parse(stdout) as { error?: { exitCode: number } };
  expect(DOCUMENT_SCHEMAS[name].safeParse(document).error, stderr).toBeUndefined();
  expect(document.error?.exitCode ?? 0).toBe(status);
  return { status: status ?? -1, document };
}

const noProbe = ['--mirror', 'git=http://127.0.0.1:9/{url}'];
const unknownRef = ['--ref', 'v20.10.99'];
const failingMake = "echo '#5 [containerd 2/2] RUN install.sh containerd'; echo '#5 ERROR: exit code: 128'; exit 2";

/** Each command and form: the line, the exit code, and a member that it must have got to. */
const CASES: readonly (readonly [string, Name, (at: Stage) => readonly string[], number, string])[] = [
  ['patch', 'patch', (at) => ['patch', ...ofTree(at)], 0, 'patches'],
  ['patch of an unknown ref', 'patch', () => ['patch', ...unknownRef], 2, 'error'],
  ['patch of what is no tree', 'patch', (at) => ['patch', '--source', at.cwd, '--no-probe'], 4, 'error'],
  ['build --dry-run', 'patch', (at) => ['build', ...ofTree(at), '--dry-run'], 0, 'fetches'],
  ['build --dry-run of an unknown ref', 'patch', () => ['build', '--dry-run', ...unknownRef], 2, 'error'],
  ['build of an unknown ref', 'build', () => ['build', ...unknownRef], 2, 'error'],
  ['build with an unknown option', 'build', () => ['build', '--mirorr', 'x'], 2, 'error'],
  ['audit', 'audit', (at) => ['audit', ...ofTree(at)], 0, 'points'],
  ['audit that finds open places', 'audit', (at) => ['audit', '--source', at.tree, '--profile', '163'], 4, 'points'],
  ['audit of what is no tree', 'audit', (at) => ['audit', '--source', at.cwd], 4, 'error'],
  ['audit --hosts', 'audit-hosts', (at) => ['audit', ...ofTree(at), '--hosts'], 0, 'hosts'],
  [
    'audit --ref A..B',
    'audit-drift',
    (at) => ['audit', '--source', at.tree, '--ref', 'v20.10.12..v20.10.13', '--profile', 'cn'],
    0,
    'changed',
  ],
  [
    'audit --ref A..B of a ref that is not there',
    'audit-drift',
    (at) => ['audit', '--source', at.tree, '--ref', 'v20.10.12..v20.10.1'],
    2,
    'error',
  ],
  [
    'audit --tags',
    'audit-tags',
    (at) => ['audit', '--source', at.tree, '--tags', 'v20.*', '--profile', 'cn'],
    0,
    'tags',
  ],
  ['audit --tags that match none', 'audit-tags', (at) => ['audit', '--source', at.tree, '--tags', 'w*'], 2, 'error'],
  ['mirrors list', 'mirrors-list', () => ['mirrors', 'list'], 0, 'mirrors'],
  ['mirrors list --save', 'mirrors-list', () => ['mirrors', 'list', '--save', 'x.yaml'], 2, 'error'],
  [
    'mirrors probe of a kind that the tree does not need',
    'mirrors-probe',
    (at) => ['mirrors', 'probe', '--source', at.tree, '--profile', 'cn', '--kind', 'pip'],
    0,
    'kinds',
  ],
  [
    'mirrors probe of a mirror that is not there',
    'mirrors-probe',
    (at) => ['mirrors', 'probe', '--source', at.tree, '--profile', 'cn', '--kind', 'git', ...noProbe],
    5,
    'kinds',
  ],
  ['mirrors probe of what is no tree', 'mirrors-probe', (at) => ['mirrors', 'probe', '--source', at.cwd], 4, 'error'],
  ['verify of what is damaged', 'verify', (at) => ['verify', join(at.dir, 'damaged')], 7, 'checks'],
  ['verify of no directory', 'verify', () => ['verify', '/nowhere/at/all'], 2, 'error'],
  [
    'compare of two that are the same',
    'compare',
    (at) => ['compare', join(at.dir, 'twin'), join(at.dir, 'twin')],
    0,
    'inputs',
  ],
  [
    'compare of two that differ',
    'compare',
    (at) => ['compare', join(at.dir, 'twin'), join(at.dir, 'damaged')],
    7,
    'files',
  ],
  ['sign', 'sign', (at) => ['sign', out, '--key', join(at.dir, 'key')], 0, 'signature'],
  ['sbom', 'sbom', (at) => ['sbom', join(at.dir, 'twin')], 0, 'inventory'],
  ['sbom with a bundle', 'sbom', (at) => ['sbom', join(at.dir, 'twin'), '--bundle', 'whole.tar'], 0, 'inventory'],
  ['sbom with no bundle', 'sbom', (at) => ['sbom', join(at.dir, 'twin'), '--bundle', 'manifest'], 2, 'error'],
  ['sbom of no build', 'sbom', (at) => ['sbom', at.tree, '--format', 'spdx'], 2, 'error'],
  ['sign without a key', 'sign', (at) => ['sign', join(at.dir, 'twin')], 2, 'directory'],
  ['provenance', 'provenance', (at) => ['provenance', join(at.dir, 'twin')], 0, 'statement'],
  ['provenance of no build', 'provenance', (at) => ['provenance', at.cwd], 2, 'error'],
  [
    'verify --provenance of no file',
    'verify',
    (at) => ['verify', join(at.dir, 'twin'), '--provenance', 'no'],
    2,
    'error',
  ],
  ['compare of what is no output', 'compare', (at) => ['compare', join(at.tree, 'Dockerfile'), at.tree], 2, 'error'],
  ['pack', 'pack', (at) => ['pack', out, '--format', 'tgz', '--out', join(at.dir, 'packed')], 0, 'files'],
  ['pack of no build', 'pack', (at) => ['pack', at.tree, '--format', 'tgz'], 2, 'error'],
  [
    'matrix --dry-run',
    'matrix',
    (at) => ['matrix', '--refs', 'v20.10.12', '--arches', ARCH, ...ofTree(at), '--dry-run'],
    0,
    'cells',
  ],
  ['matrix without refs', 'matrix', () => ['matrix'], 2, 'error'],
  ['smoke --list', 'smoke', () => ['smoke', '--list'], 0, 'list'],
  ['smoke without a folder', 'smoke', () => ['smoke'], 2, 'error'],
  ['smoke of a folder without dockerd', 'smoke', (at) => ['smoke', at.cwd], 2, 'directory'],
  [
    'doctor',
    'doctor',
    (at) => ['doctor', ...ofTree(at), '--only', 'git,make,docker-client,engine,source,ref'],
    0,
    'totals',
  ],
  ['doctor that finds a fault', 'doctor', (at) => ['doctor', '--source', at.cwd, '--no-probe'], 3, 'checks'],
  ['doctor --list', 'doctor', () => ['doctor', '--list'], 0, 'list'],
  ['doctor of an unknown check', 'doctor', () => ['doctor', '--only', 'nothing'], 2, 'error'],
  ['bundle create without a file', 'bundle-create', () => ['bundle', 'create'], 2, 'error'],
  ['bundle want', 'bundle-want', () => ['bundle', 'want', '--ref', 'v20.10.12'], 0, 'want'],
  ['bundle serve of no file', 'bundle-serve', () => ['bundle', 'serve', 'nowhere.tar'], 2, 'error'],
  ['cache ls', 'cache', () => ['cache', 'ls'], 0, 'entries'],
  ['cache verify', 'cache', () => ['cache', 'verify'], 0, 'entries'],
  ['cache prune', 'cache', () => ['cache', 'prune'], 0, 'removed'],
  ['cache of a store that cannot be read', 'cache', (at) => ['cache', '--work-dir', join(at.dir, 'loop')], 1, 'error'],
  ['bundle ls', 'bundle-ls', () => ['bundle', 'ls', 'whole.tar'], 0, 'objects'],
  ['bundle ls of no file', 'bundle-ls', () => ['bundle', 'ls', 'nowhere.tar'], 2, 'error'],
  ['bundle verify', 'bundle-verify', () => ['bundle', 'verify', 'whole.tar'], 0, 'faults'],
  ['bundle verify of what is damaged', 'bundle-verify', () => ['bundle', 'verify', 'damaged.tar'], 5, 'faults'],
  ['bundle diff', 'bundle-diff', () => ['bundle', 'diff', 'damaged.tar', 'whole.tar'], 0, 'same'],
  ['report', 'report', () => ['report'], 0, 'path'],
  ['report of nothing', 'report', () => ['report', 'nowhere'], 2, 'error'],
  // It takes what the others left.
  ['clean', 'clean', () => ['clean'], 0, 'leftovers'],
  ['clean --yes', 'clean', () => ['clean', '--yes'], 0, 'leftovers'],
  ['clean with an unknown option', 'clean', () => ['clean', '--yess'], 2, 'error'],
  ['explain CODE', 'explain', () => ['explain', 'MB-151'], 0, 'page'],
  [
    'explain LOG',
    'explain',
    (at) => {
      const log = join(at.dir, 'failed.log');
      writeFileSync(log, `#1 [runc 1/1] RUN git clone x\n#1 1.0 fatal: early EOF\n#1 ERROR: exit code: 128\n`);
      return ['explain', log];
    },
    0,
    'log',
  ],
  ['explain of a word that is neither', 'explain', () => ['explain', 'no-such-code'], 2, 'error'],
  ['config show', 'config-show', () => ['config', 'show', '--profile', 'cn'], 0, 'values'],
  ['config with a wrong value', 'config-show', () => ['config', '--arch', 'x'], 2, 'error'],
  ['config show of a profile that is not there', 'config-show', () => ['config', '--profile', './no.yaml'], 2, 'notes'],
  ['config init', 'config-init', () => ['config', 'init', '--yes'], 0, 'text'],
  ['config init again', 'config-init', () => ['config', 'init', '--yes'], 2, 'error'],
];

describe('the documents of commands', () => {
  it.each(CASES)('%s is as its schema says', async (_title, name, args, exitCode, member) => {
    const { status, document } = await documentOf(name, args(stage));
    expect(status).toBe(exitCode);
    expect(document).toHaveProperty([member]);
  });

  it('build is as its schema says, and so is that of verify', async () => {
    rmSync(out, { recursive: true, force: true });
    const built = await documentOf('build', ['build', ...ofTree(stage)]);
    for (const member of ['machine', 'points', 'steps', 'binaries', 'manifest', 'log', 'seconds', 'sources'])
      expect(built.document).toHaveProperty([member]);
    const verified = await documentOf('verify', ['verify', out]);
    expect(verified.status).toBe(built.status);
    expect(verified.document).toMatchObject({ directory: out });
    expect((verified.document as { binaries: unknown[] }).binaries).not.toEqual([]);
  });

  it('a build that fails is as its schema says', async () => {
    stage.make(failingMake);
    const { status, document } = await documentOf('build', ['build', ...ofTree(stage)]);
    expect(status).toBe(6);
    expect(document).toMatchObject({ error: { code: 'build-failed' }, binaries: [], manifest: null });
  });

  it('every form that has a schema is among these', () => {
    expect(new Set([...CASES.map(([, name]) => name), 'build'])).toEqual(new Set(Object.keys(DOCUMENT_SCHEMAS)));
  });

  const SMOKES = [
    ['a daemon that starts', () => debianDockerd(), 0],
    [
      'a daemon that does not',
      () => {
        const dir = join(stage.dir, 'no-daemon');
        mkdirSync(dir);
        writeFileSync(join(dir, 'dockerd'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
        return dir;
      },
      7,
    ],
  ] as const;
  it.skipIf(whyNoDebianDockerd() !== null).each(SMOKES)(
    'smoke of %s is as its schema says',
    async (_title, dir, exit) => {
      const { status, document } = await documentOf('smoke', ['smoke', dir(), '--only', 'version']);
      expect(status).toBe(exit);
      expect(document).toMatchObject({ checks: [{ id: 'version' }], totals: { skipped: 0 } });
    },
  );
});
