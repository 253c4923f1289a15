import type { Call, Site } from '../world/call.ts';
import { keepUrl, splitOptions, unknownCall, urlsOf } from '../world/call.ts';
import { hostOf } from '../world/default-hosts.ts';
import { afterConfig, redirected } from '../world/git-redirects.ts';
import { baseName, resolvePath } from '../values/paths.ts';
import type { KeptPoint } from '../world/points.ts';
import { repositoryFacts } from '../world/repositories.ts';
import type { Checkout } from '../world/stage-world.ts';
import { certain, known } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** Options whose value is the next word. Rule: git(1), git-clone(1), git-fetch(1). */
const GLOBAL = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path', '--config-env']);
const CLONE = new Set([
  '-b',
  '--branch',
  '-o',
  '--origin',
  '-c',
  '--config',
  '-u',
  '--upload-pack',
  '--depth',
  '-j',
  '--jobs',
  '--reference',
  '--reference-if-able',
  '--separate-git-dir',
  '--template',
  '--filter',
  '--shallow-since',
  '--shallow-exclude',
  '--server-option',
  '--bundle-uri',
]);
const FETCH = new Set([
  '--depth',
  '-j',
  '--jobs',
  '--filter',
  '--refmap',
  '--upload-pack',
  '-o',
  '--server-option',
  '--shallow-since',
  '--shallow-exclude',
  '--negotiation-tip',
  '--deepen',
  '-s',
  '-X',
]);
/** A repository of the machine itself is no reaching out. Rule: git-clone(1), "GIT URLS". */
const LOCAL = /^(?:\/|\.|file:)/;
/** `-c`: settings that change what a command of git does, or whom it asks. */
const SETS_COMMAND = /^(?:alias\.[^=]+|url\..+\.insteadof)=/i;
/** Commands of git that ask nobody, '' among them: `git --version`. Of others that is not known. Rule: git(1). */
const OFFLINE = new Set([
  '',
  ...(
    'add am annotate apply bisect blame branch bundle cat-file check-attr check-ignore check-mailmap check-ref-format cherry cherry-pick clean column commit ' +
    'commit-graph commit-tree count-objects describe diff diff-files diff-index diff-tree difftool fast-export fast-import fmt-merge-msg for-each-ref ' +
    'format-patch fsck gc get-tar-commit-id grep hash-object help hook index-pack init init-db interpret-trailers log ls-files ls-tree mailinfo mailsplit ' +
    'merge merge-base merge-file merge-index merge-tree mktag mktree mv name-rev notes pack-objects pack-refs patch-id prune prune-packed range-diff ' +
    'read-tree rebase reflog repack replace rerere restore rev-list rev-parse revert rm shortlog show show-branch show-ref sparse-checkout stash status ' +
    'stripspace symbolic-ref tag unpack-file unpack-objects update-index update-ref update-server-info var verify-commit verify-pack verify-tag version ' +
    'whatchanged worktree write-tree'
  ).split(' '),
  ...[
    'lfs env',
    'lfs ls-files',
    'lfs status',
    'lfs track',
    'lfs untrack',
    'lfs version',
    'subtree merge',
    'subtree split',
  ],
]);
const FETCHING_ALIAS = /^!|\b(?:clone|fetch|pull|push|remote|submodule|ls-remote)\b/;
const SUBMODULE_OPTIONS = ['--recursive', '--recurse-submodules'];

/** git: what it fetches, and the work trees that it leaves. */
export function detectGit(call: Call, site: Site): void {
  const { cwd, command, args } = split(call);
  if (command.choices === null || (command.text !== '' && call.args.some((arg) => SETS_COMMAND.test(arg.text)))) {
    unknownCall(call, site, `what git ${command.text} does is not known`);
    return;
  }
  switch (command.text) {
    case 'clone':
      clone(call, site, args, cwd);
      return;
    case 'remote':
      remote(call, site, args, cwd);
      return;
    case 'fetch':
    case 'pull':
      fetch(call, site, args, cwd);
      return;
    case 'ls-remote': {
      const [repository = known('origin')] = splitOptions(args, FETCH).operands;
      contact(call, site, repository, site.world.checkoutAt(cwd)?.checkout);
      return;
    }
    case 'checkout':
    case 'switch':
    case 'reset': {
      const checkout = site.world.checkoutAt(cwd)?.checkout;
      const ref = splitOptions(args, new Set(['-b', '-B'])).operands.at(-1);
      if (checkout !== undefined && ref !== undefined && ref.text !== 'FETCH_HEAD') checkout.version = ref.text;
      return;
    }
    case 'submodule':
      if (args.some((arg) => arg.text === 'update' || arg.text === 'add')) submodules(call, site, cwd);
      return;
    case 'config': {
      const { world } = site;
      const after = afterConfig(world.redirects, args.map(certain), world.branches > 0);
      if (after === null) unknownCall(call, site, 'what this git config changes is not known');
      world.redirects = after ?? world.redirects;
      if (args.some((arg) => arg.text.startsWith('alias.')) && args.some((arg) => FETCHING_ALIAS.test(arg.text)))
        unknownCall(call, site, 'a new name for a git command is not followed');
      return;
    }
    case 'archive':
      for (const [name, value] of splitOptions(args, new Set(['--remote'])).options)
        if (name === '--remote') keepUrl(call, site, value, 'git', 'git-url', true);
      return;
    default:
      if (OFFLINE.has(command.text) || OFFLINE.has(`${command.text} ${args[0]?.text ?? ''}`)) return;
      unknownCall(call, site, `no rule for git ${command.text}`);
  }
}

function split(call: Call): { cwd: string; command: Value; args: readonly Value[] } {
  let { cwd } = call.state;
  let at = 0;
  for (; at < call.args.length; at++) {
    const { text } = call.args[at] ?? known('');
    if (!text.startsWith('-')) break;
    if (text === '-C') cwd = resolvePath(cwd, call.args[at + 1]?.text ?? '');
    if (GLOBAL.has(text)) at++;
  }
  return { cwd, command: call.args[at] ?? known(''), args: call.args.slice(at + 1) };
}

function clone(call: Call, site: Site, args: readonly Value[], cwd: string): void {
  const { options, operands } = splitOptions(args, CLONE);
  const [url, folder] = operands;
  if (url === undefined) return;
  // What is done in the work tree of a local one is looked at all the same.
  const isLocal = LOCAL.test(url.text);
  const points = isLocal ? [] : keepUrl(call, site, url, 'git', 'git-url', true);
  const text = urlsOf(url)[0] ?? url.text;
  const own = known(baseName(text.replace(/[?#].*$/, '')).replace(/\.git$/, ''));
  const targets = pathsOf(folder ?? own).map((path) => resolvePath(cwd, path));
  const name = certain(options.get('-o') ?? options.get('--origin')) ?? 'origin';
  const remotes = new Map<string, KeptPoint | null>(
    isLocal ? [[name, null]] : points.slice(0, 1).map((point) => [name, point]),
  );
  const branch = options.get('-b') ?? options.get('--branch');
  const checkout = { url: text, stage: site.stage, remotes, version: branch?.text ?? null };
  for (const target of targets) site.world.checkOut(target, checkout);
  const [target = cwd] = targets;
  if (SUBMODULE_OPTIONS.some((option) => options.has(option))) submodules(call, site, target);
}

/** Every path that a word may be; where that is not known, the text stands for it. */
function pathsOf(value: Value): readonly string[] {
  return value.choices ?? [value.text];
}

function remote(call: Call, site: Site, args: readonly Value[], cwd: string): void {
  const [verb, ...rest] = args;
  const operands = splitOptions(rest, new Set(['-t', '-m', '--mirror'])).operands;
  const [name, url] = operands;
  if (verb?.text === 'update') {
    fetch(call, site, [], cwd);
    return;
  }
  if (['show', 'prune'].includes(verb?.text ?? '') && name !== undefined && !rest.some((arg) => arg.text === '-n')) {
    contact(call, site, name, site.world.checkoutAt(cwd)?.checkout);
    return;
  }
  if ((verb?.text !== 'add' && verb?.text !== 'set-url') || name === undefined || url === undefined) return;
  // Only a later fetch reaches out; the line that an edit would change is this one.
  const isLocal = LOCAL.test(certain(url) ?? '');
  const point: KeptPoint | null | undefined = isLocal ? null : keepUrl(call, site, url, 'git', 'git-url', false)[0];
  const checkout: Checkout = site.world.checkouts.get(cwd) ?? {
    url: urlsOf(url)[0] ?? url.text,
    stage: site.stage,
    remotes: new Map(),
    version: null,
  };
  if (point !== undefined) checkout.remotes.set(name.text, point);
  site.world.checkOut(cwd, checkout);
  if (rest.some((arg) => arg.text === '-f')) point?.reachedFrom(call.line);
}

function fetch(call: Call, site: Site, args: readonly Value[], cwd: string): void {
  const { options, operands } = splitOptions(args, FETCH);
  const [repository = known('origin'), ref] = operands;
  const checkout = site.world.checkoutAt(cwd)?.checkout;
  if (options.has('--all') && checkout !== undefined)
    for (const point of checkout.remotes.values()) point?.reachedFrom(call.line);
  else for (const each of options.has('--multiple') ? operands : [repository]) contact(call, site, each, checkout);
  const recursive = options.get('--recurse-submodules');
  if (recursive !== undefined && recursive.text !== 'no') submodules(call, site, cwd);
  if (checkout !== undefined && ref !== undefined) checkout.version = ref.text.replace(/^\+?([^:]+).*$/, '$1');
}

/** A remote's name, or a URL. */
function contact(call: Call, site: Site, repository: Value, checkout: Checkout | undefined): void {
  const point = checkout?.remotes.get(repository.text);
  if (point !== undefined) point?.reachedFrom(call.line);
  else if (urlsOf(repository).length > 0) keepUrl(call, site, repository, 'git', 'git-url', true);
  else unknownCall(call, site, `the remote ${repository.text} is not known here`);
}

/** Submodules stand in the fetched repository, not in the tree: only known repositories tell theirs. */
export function submodules(call: Call, site: Site, folder: string): void {
  const checkout = site.world.checkoutAt(folder)?.checkout;
  const facts = checkout === undefined ? undefined : repositoryFacts(checkout.url).submodules;
  if (facts === undefined) {
    unknownCall(call, site, 'it pulls submodules that the tree does not name');
    return;
  }
  for (const url of facts.urls.flatMap((written) => redirected(written, site.world.redirects))) {
    site.points.add({
      file: call.source.file,
      line: call.line,
      netLine: call.line,
      kind: 'git',
      url,
      host: hostOf(url),
      anchor: null,
      note: facts.note,
      key: url,
    });
  }
}
