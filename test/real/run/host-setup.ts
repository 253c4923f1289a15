import { NOTHING_TAKEN } from '../../../src/bundle/use/local-folders.ts';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asItIs } from '../../../src/mirrors/probe/choices.ts';
import { applyToSource } from '../../../src/run/handover/apply-plan.ts';
import { fetchSources } from '../../../src/run/handover/fetch-sources.ts';
import { getSource } from '../../../src/run/source/get-source.ts';
import { planCommand } from '../../../src/run/compile/make-command.ts';
import { planRewrites, scanSource } from '../../../src/run/plan/make-plan.ts';
import { placeSources } from '../../../src/run/handover/place-sources.ts';
import { begin } from '../../../src/run/begin.ts';
import { runChain } from '../../../src/run/stage/chain.ts';
import type { Io } from '../../../src/run/stage/io.ts';
import type { Applied, Planned, Sourced } from '../../../src/run/stage/stages.ts';
import { CHECKING } from '../../../src/run/steps.ts';
import type { Note } from '../../../src/types.ts';
import { git } from '../store/repository.ts';
import { contextOf } from './run-context.ts';

/**
 * A component's repository, bare, in `dir`: a commit with files of its past, then the one to be pinned with one file, then one more.
 * @param base where git may be started
 * @returns the id of the middle one
 */
export function makeComponent(base: string, dir: string, tag: string | null, files: number): string {
  git(base, 'init', '--quiet', '--bare', '--initial-branch=main', dir);
  const commit = (mark: number, text: string, from: string) =>
    `commit refs/heads/main\nmark :${String(mark)}\ncommitter T <t@example.invalid> 1639396800 +0000\ndata ${String(text.length)}\n${text}\n${from}`;
  const blobs = Array.from({ length: files }, (_, index) => {
    const text = `file ${String(index)} of ${dir}`;
    return `M 100644 inline past/${String(index)}\ndata ${String(text.length)}\n${text}\n`;
  });
  const lines = [
    commit(1, 'past', blobs.join('')),
    commit(2, 'pinned', 'from :1\ndeleteall\nM 100644 inline Makefile\ndata 4\nall:\n'),
    ...(tag === null ? [] : [`tag ${tag}\nfrom :2\ntagger T <t@example.invalid> 1639396800 +0000\ndata 1\nt\n`]),
    commit(3, 'later', 'from :2\nM 100644 inline More\ndata 1\nx\n'),
  ];
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: dir,
    input: lines.join(''),
    env: { PATH: process.env['PATH'] },
  });
  return git(dir, 'rev-parse', 'main~1');
}

/** What every tree of moby has; of it, only the Makefile is read: whether it calls bake (23.0 and later, harmless before). */
const SURROUNDINGS = {
  Makefile: 'BAKE_CMD := docker buildx bake\nbinary:\n\ttrue\n',
  'hack/make.sh': '#!/bin/bash\n',
  'hack/dockerfile/install/install.sh': '#!/bin/bash\n',
};

/** A tree in a repository of one commit, under a tag. */
export function makeTree(dir: string, tag: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries({ ...SURROUNDINGS, ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '-m', tag);
  git(dir, 'tag', tag);
}

/** Words that name a tree and a profile with git mirrors at these URLs; nobody is measured. */
export function wordsFor(workDir: string, tree: string, mirrors: readonly string[]): string[] {
  const file = join(workDir, 'profile.yaml');
  const list = mirrors.map((url) => `    - ${url}/{owner}/{repo}`).join('\n');
  const others =
    'apt: aliyun\n  gomod: goproxy.cn\n  gosumdb: sum.golang.google.cn\n  frontend: builtin\n  image: [daocloud, 1ms]';
  writeFileSync(file, `name: two\nabout: git mirrors of a test\nmirrors:\n  ${others}\n  git:\n${list}\n`);
  return ['--source', tree, '--profile', file, '--no-probe'];
}

/** What a build does up to the handover of sources, by the steps' own functions. @param name of the work dir that the tree is built in */
export async function prepareBuild(
  workDir: string,
  name: string,
  words: readonly string[],
): Promise<Applied & { readonly dir: string; readonly notes: readonly Note[] }> {
  const { planned, io, notes } = await planBuild(workDir, name, words);
  const readySources = await fetchSources(planned, io);
  const ids = await applyToSource(planned);
  const served = { suites: [], modules: [] };
  const applied = { ...planned, readySources, readyBase: null, served, ...ids };
  await placeSources(applied);
  return { ...applied, dir: planned.source.dir, notes };
}

/** The same up to the plan. */
export async function planBuild(
  workDir: string,
  name: string,
  words: readonly string[],
): Promise<{ readonly planned: Planned; readonly io: Io; readonly notes: readonly Note[] }> {
  const { from, io, notes } = begin('build', await contextOf(workDir, ['build', ...words]));
  const checked = await runChain(CHECKING, from, io);
  const got = await getSource(checked, io, { dir: join(workDir, name), mode: 'full' }, 'build');
  const sourced: Sourced = { ...checked, ...got, machine: { is: 'unchecked' }, outDir: '', logFile: '' };
  const scanned = { ...sourced, ...scanSource(sourced), crossing: [], excluded: [], base: null, spareBase: null };
  const pinned = { ...scanned, order: asItIs, images: [], bundled: [], ofEngine: [], lacking: [], pins: new Map() };
  const planned = { ...pinned, ...(await planRewrites(pinned, io)), taken: NOTHING_TAKEN };
  return { planned: { ...planned, command: planCommand(planned, io) }, io, notes };
}
