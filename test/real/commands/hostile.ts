import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where programs that a repository names say that they ran: one line each. */
export class Trap {
  readonly file: string;
  private readonly dir: string;

  /** @param dir outside the repository */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.dir = dir;
    this.file = join(dir, 'ran');
  }

  /** A program that says its name. */
  program(name: string): string {
    const path = join(this.dir, name);
    writeFileSync(path, `#!/bin/sh\necho ${name} >> ${this.file}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** What ran since the last time this was asked. */
  sprung(): readonly string[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').trim().split('\n');
    rmSync(this.file);
    return [...new Set(lines)].sort();
  }
}

/** Every hook that githooks(5) has, and then some. */
const HOOKS = [
  ...[
    'applypatch-msg',
    'pre-applypatch',
    'post-applypatch',
    'pre-commit',
    'post-commit',
    'post-checkout',
    'post-merge',
  ],
  ...['pre-push', 'pre-receive', 'update', 'post-update', 'reference-transaction', 'pre-auto-gc', 'post-rewrite'],
  ...['fsmonitor-watchman', 'post-index-change', 'prepare-commit-msg', 'commit-msg', 'pre-rebase'],
];

/** Ways to be asked for a missing object, each of which runs a program. */
export const REMOTES: Readonly<Record<'uploadpack' | 'ext::' | 'ssh' | 'vcs', (trap: Trap, there: string) => string>> =
  {
    uploadpack: (trap: Trap, there: string) =>
      `url = file://${there}\n\tuploadpack = ${trap.program('uploadpack')};git-upload-pack`,
    'ext::': (trap: Trap) => `url = ext::${trap.program('ext')}`,
    ssh: (trap: Trap) => {
      trap.program('ssh-command');
      return 'url = ssh://127.0.0.1/x';
    },
    vcs: (trap: Trap) => `url = x\n\tvcs = ext\n\tvcsUrl = ${trap.program('vcs')}`,
  };

/** Gives a repository a configuration that names a program wherever git would run one. @param gitDir `.git`, or a bare repository */
export function arm(gitDir: string, trap: Trap, remote: string): void {
  const program = (name: string): string => trap.program(name);
  const hooks = join(gitDir, 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of HOOKS) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\necho hook-${hook} >> ${trap.file}\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  mkdirSync(join(gitDir, 'info'), { recursive: true });
  writeFileSync(join(gitDir, 'info/attributes'), '* filter=evil diff=evil merge=evil\n');
  writeFileSync(join(gitDir, 'included'), `[core]\n\tfsmonitor = ${program('included-fsmonitor')}\n`);
  const bare = !gitDir.endsWith('.git') || existsSync(join(gitDir, '../objects'));
  writeFileSync(
    join(gitDir, 'config'),
    `[core]
	repositoryformatversion = 1
	bare = ${String(bare)}
	fsmonitor = ${program('fsmonitor')}
	hooksPath = ${hooks}
	sshCommand = ${program('ssh-command')}
	gitProxy = ${program('git-proxy')}
	askPass = ${program('askpass')}
	pager = ${program('pager')}
	editor = ${program('editor')}
	alternateRefsCommand = ${program('alternate-refs')}
[extensions]
	partialClone = origin
	worktreeConfig = true
[remote "origin"]
	promisor = true
	${remote}
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[include]
	path = ${join(gitDir, 'included')}
[filter "evil"]
	clean = ${program('clean')}
	smudge = ${program('smudge')}
	process = ${program('process')}
	required = true
[diff]
	external = ${program('diff-external')}
[diff "evil"]
	textconv = ${program('textconv')}
	command = ${program('diff-command')}
[merge "evil"]
	driver = ${program('merge-driver')}
[credential]
	helper = !${program('credential')}
[gpg]
	program = ${program('gpg')}
[log]
	showSignature = true
[uploadpack]
	packObjectsHook = ${program('pack-objects-hook')}
[submodule]
	recurse = true
[gc]
	auto = 1
[trace2]
	eventTarget = ${join(gitDir, 'trace2')}
[alias]
${['rev-parse', 'ls-tree', 'cat-file', 'for-each-ref', 'tag', 'fetch', 'init', 'update-ref', 'read-tree']
  .map((name) => `\t${name} = !${program(`alias-${name}`)}\n`)
  .join('')}`,
  );
  writeFileSync(join(gitDir, 'config.worktree'), `[core]\n\tfsmonitor = ${program('worktree-fsmonitor')}\n`);
}

/** Takes an object out of a repository that keeps its objects loose. */
export function takeAway(gitDir: string, name: string): void {
  const id = execFileSync('git', ['--git-dir', gitDir, 'rev-parse', name], { encoding: 'utf8' }).trim();
  rmSync(join(gitDir, 'objects', id.slice(0, 2), id.slice(2)));
}

/** Every file and folder: mode, times, bytes. */
export function picture(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const facts = lstatSync(join(root, path));
      const bytes = facts.isFile() ? readFileSync(join(root, path), 'latin1') : '';
      return `${path} ${String(facts.mode)} ${String(facts.mtimeMs)} ${String(facts.ctimeMs)} ${bytes}`;
    });
}
