import type { Call, Site } from './call.ts';
import { unknownCall } from './call.ts';

/** Tools that fetch and that no kind of point stands for. */
const OTHER_TOOLS: ReadonlyMap<string, RegExp> = new Map([
  ['apk', /^(?:add|update|upgrade|fetch)$/],
  ['yum', /^(?:install|update|upgrade|makecache)$/],
  ['dnf', /^(?:install|update|upgrade|makecache)$/],
  ['microdnf', /^(?:install|update|upgrade)$/],
  ['zypper', /^(?:in|install|up|update|ref|refresh)$/],
  ['pacman', /^-S/],
  ['npm', /^(?:install|i|ci|add)$/],
  ['yarn', /^(?:install|add)$/],
  ['pnpm', /^(?:install|i|add)$/],
  ['gem', /^install$/],
  ['cargo', /^(?:install|fetch|build)$/],
  ['docker', /^(?:pull|run|build)$/],
  ['skopeo', /^(?:copy|sync)$/],
  ['svn', /^(?:co|checkout|export)$/],
  ['hg', /^(?:clone|pull)$/],
  ['add-apt-repository', /./],
  ['apt-add-repository', /./],
]);

/** Commands whose arguments are text, not something to contact. */
const QUIET = new Set(
  'echo printf test [ : true false sed grep egrep awk cat tee head tail tr cut export local declare readonly typeset unset set trap read git alias return exit go xx-go'.split(
    ' ',
  ),
);

/** Whatever else reaches out, or looks as if it did: a place that no rule covers is told, never passed over. */
export function detectOthers(call: Call, site: Site): void {
  const verb = OTHER_TOOLS.get(call.name);
  if (verb !== undefined && call.args.some((arg) => verb.test(arg.text)))
    unknownCall(call, site, `no rule for ${call.name}`);
  else if (
    !QUIET.has(call.name) &&
    call.args.some((arg) => /(?:^|=)(?:https?|ftps?|git|ssh|rsync|svn):\/\//i.test(arg.text))
  )
    unknownCall(call, site, `a URL is given to ${call.name}`);
}
