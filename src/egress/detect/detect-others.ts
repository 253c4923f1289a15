import type { Call, Site } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { detectCode } from './detect-code.ts';
import { mayFetch } from './other-tools.ts';
import { resolvePath } from '../values/paths.ts';
import { isKnownRepository } from '../world/repositories.ts';

/** Commands whose arguments are text, not something to contact. */
const QUIET = new Set(
  'echo printf test [ : true false sed grep egrep awk cat tee head tail tr cut export local declare readonly typeset unset set trap read git alias return exit go xx-go'.split(
    ' ',
  ),
);
/** Programs whose first word is a file or a name, whatever it is called. */
const LOCAL = new Set(
  (
    'ls mkdir rmdir rm cp mv ln install chmod chown chgrp touch stat file find which command type man info apropos dirname basename realpath readlink ' +
    'sort uniq wc diff cmp comm tar zip unzip gzip gunzip xz bzip2 zstd md5sum sha1sum sha256sum sha512sum pwd cd pushd popd test mount umount mktemp ' +
    'id groupadd useradd usermod addgroup adduser dpkg dpkg-query ldconfig ldd strip strings nm objdump patch seq sleep kill wait exec env hash logger'
  ).split(' '),
);
const VERB = /^(?:install|clone|fetch|pull|download)$/;
/** Words of one command that are another one which reaches out: `setsid apt-get update`, `zsh -c 'git fetch'`. */
const RUNS_TOOL =
  /(?:^|[\s/;&|("'`])(?:git\s+(?:clone|fetch|pull|remote|submodule|ls-remote)|(?:xx-)?(?:apt|apt-get|aptitude)\s+(?:-\S+\s+)*(?:update|install|upgrade|source|build-dep)|(?:curl|wget)\s+\S|(?:xx-)?go\s+(?:get|install|mod)|pip[\d.]*\s+(?:install|download))(?:\s|$|\S)/;
/** A tool of a cross toolchain: its prefix says for which machine (`$(xx-info)-gcc`, `${CROSS_COMPILE}ld`). Rule: GCC manual, "Invoking GCC". */
const CROSS_TOOL =
  /[-})](?:gcc|g\+\+|cc|c\+\+|cpp|clang|clang\+\+|ld|as|ar|nm|ranlib|strip|objcopy|objdump|readelf|pkg-config)(?:-[\d.]+)?$/;
const BUILDERS = new Set(['make', 'gmake', 'cmake', 'ninja', 'meson']);

/** Whatever else reaches out, or looks as if it did: a place that no rule covers is told, never passed over. `sure`: its name is known. */
export function detectOthers(call: Call, site: Site, sure: boolean): void {
  const { name, args } = call;
  const fetches = mayFetch(
    name,
    args.map(({ text, choices }) => ({ text, isKnown: choices !== null })),
  );
  if (fetches === true) unknownCall(call, site, `no rule for ${name}`);
  else if (detectCode(call, site) || detectBuilder(call, site)) return;
  else if (!QUIET.has(name) && args.some((arg) => /(?:https?|ftps?|git|ssh|rsync|svn):\/\//i.test(arg.text)))
    unknownCall(call, site, `a URL is given to ${name}`);
  else if (!sure && ((!/^[\w.+-]+$/.test(name) && !CROSS_TOOL.test(name)) || args.some((arg) => VERB.test(arg.text))))
    unknownCall(call, site, `the command ${name} is not known`);
  else if (fetches === null && isFetchingVerb(call))
    unknownCall(call, site, `what ${name} ${verbOf(call)} does is not known`);
  else if ((name === 'awk' || !QUIET.has(name)) && RUNS_TOOL.test(args.map((arg) => arg.text).join(' ')))
    unknownCall(call, site, `${name} may run what stands behind it`);
}

/** `thing install x`: a program that is not known, with a verb of those that fetch. */
function isFetchingVerb(call: Call): boolean {
  return !QUIET.has(call.name) && !LOCAL.has(call.name) && !BUILDERS.has(call.name) && VERB.test(verbOf(call));
}

function verbOf({ args }: Call): string {
  return args.find(({ text }) => !text.startsWith('-'))?.text ?? '';
}

/** `make` and its kin run what a file says that is not followed: the tree's, or one of a repository that is not known. */
function detectBuilder(call: Call, site: Site): boolean {
  if (!BUILDERS.has(call.name)) return false;
  const cwd = folderOf(call);
  const found = site.world.checkoutAt(cwd);
  if (found !== null && !isKnownRepository(found.checkout.url, found.folder))
    unknownCall(call, site, `it builds ${found.checkout.url}, whose sources are not at hand`);
  else if (found === null && call.name.endsWith('make') && call.name !== 'cmake' && site.world.isTree(cwd))
    unknownCall(call, site, "it runs the tree's own Makefile, which is not followed");
  else return false;
  return true;
}

/** Where a builder works: `make -C DIR`, `cmake -S DIR`, `cmake --build DIR`, `cmake DIR`, else the working directory. */
function folderOf(call: Call): string {
  const { args, state } = call;
  const isCmake = call.name === 'cmake';
  const option = isCmake ? /^(?:-S|--build)(?:=?(.+))?$/ : /^(?:-C|--directory)(?:=?(.+))?$/;
  let folder = state.cwd;
  for (const [index, { text }] of args.entries()) {
    const match = option.exec(text);
    if (match !== null) folder = resolvePath(folder, match[1] ?? args[index + 1]?.text ?? '');
    else if (isCmake && index === args.length - 1 && !text.startsWith('-')) folder = resolvePath(folder, text);
    if (isCmake && match !== null) break;
  }
  return folder;
}
