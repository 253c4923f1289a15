import type { Call, Site } from './call.ts';
import { unknownCall } from './call.ts';
import { detectCode } from './detect-code.ts';
import { FETCHING_ALONE, OTHER_TOOLS } from './other-tools.ts';
import { isKnownRepository } from './repositories.ts';

/** Commands whose arguments are text, not something to contact. */
const QUIET = new Set(
  'echo printf test [ : true false sed grep egrep awk cat tee head tail tr cut export local declare readonly typeset unset set trap read git alias return exit go xx-go'.split(
    ' ',
  ),
);
const BUILDERS = new Set(['make', 'gmake', 'cmake', 'ninja', 'meson']);

/** Whatever else reaches out, or looks as if it did: a place that no rule covers is told, never passed over. `sure`: its name is known. */
export function detectOthers(call: Call, site: Site, sure: boolean): void {
  const { name, args } = call;
  const verb = OTHER_TOOLS.get(name);
  if (
    verb !== undefined &&
    (args.some((arg) => verb.test(arg.text)) || (args.length === 0 && FETCHING_ALONE.has(name)))
  )
    unknownCall(call, site, `no rule for ${name}`);
  else if (detectCode(call, site) || detectBuilder(call, site)) return;
  else if (!QUIET.has(name) && args.some((arg) => /(?:https?|ftps?|git|ssh|rsync|svn):\/\//i.test(arg.text)))
    unknownCall(call, site, `a URL is given to ${name}`);
  else if (!sure && args.some((arg) => /^(?:install|clone|fetch|pull|download)$/.test(arg.text)))
    unknownCall(call, site, `the command ${name} is not known`);
}

/** `make` and its kin run what a file says that is not followed: the tree's, or one of a repository that is not known. */
function detectBuilder(call: Call, site: Site): boolean {
  if (!BUILDERS.has(call.name)) return false;
  const { cwd } = call.state;
  const found = site.world.checkoutAt(cwd);
  if (found !== null && !isKnownRepository(found.checkout.url, found.folder))
    unknownCall(call, site, `it builds ${found.checkout.url}, whose sources are not at hand`);
  else if (found === null && call.name.endsWith('make') && call.name !== 'cmake' && site.world.isTree(cwd))
    unknownCall(call, site, "it runs the tree's own Makefile, which is not followed");
  else return false;
  return true;
}
