import type { Call, Site } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { detectCode } from './detect-code.ts';
import { FETCHING_ALONE, OTHER_TOOLS } from './other-tools.ts';
import { resolvePath } from '../values/paths.ts';
import { isKnownRepository } from '../world/repositories.ts';

/** Commands whose arguments are text, not something to contact. */
const QUIET = new Set(
  'echo printf test [ : true false sed grep egrep awk cat tee head tail tr cut export local declare readonly typeset unset set trap read git alias return exit go xx-go'.split(
    ' ',
  ),
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
  // xx's wrappers take what the tool takes: xx-apk, xx-cargo.
  const verb = OTHER_TOOLS.get(name.replace(/^xx-/, ''));
  if (
    verb !== undefined &&
    (args.some((arg) => verb.test(arg.text)) || (args.length === 0 && FETCHING_ALONE.has(name)))
  )
    unknownCall(call, site, `no rule for ${name}`);
  else if (detectCode(call, site) || detectBuilder(call, site)) return;
  else if (!QUIET.has(name) && args.some((arg) => /(?:https?|ftps?|git|ssh|rsync|svn):\/\//i.test(arg.text)))
    unknownCall(call, site, `a URL is given to ${name}`);
  else if (!sure && ((!/^[\w.+-]+$/.test(name) && !CROSS_TOOL.test(name)) || args.some((arg) => VERB.test(arg.text))))
    unknownCall(call, site, `the command ${name} is not known`);
  else if ((name === 'awk' || !QUIET.has(name)) && RUNS_TOOL.test(args.map((arg) => arg.text).join(' ')))
    unknownCall(call, site, `${name} may run what stands behind it`);
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
