import type { Call, Site } from './call.ts';
import { anchorAt, splitOptions, unknownCall } from './call.ts';
import { pipLocation } from './default-hosts.ts';
import { hostOf } from './default-hosts.ts';
import { locateImage } from './image-reference.ts';
import { certain } from './value.ts';

const PIP_OPTIONS = new Set(['-i', '--index-url', '--extra-index-url', '-r', '--requirement', '-c', '--constraint', '-t', '--target', '--prefix', '--root', '-f', '--find-links', '--proxy', '--cert', '--trusted-host', '--timeout', '--retries']);

/** pip install and download: its index. */
export function detectPip(call: Call, site: Site): void {
  const { options, operands } = splitOptions(call.args, PIP_OPTIONS);
  if (!['install', 'download', 'wheel'].includes(operands[0]?.text ?? '')) return;
  if (options.has('--no-index')) return;
  const index = options.get('-i') ?? options.get('--index-url') ?? call.state.get('PIP_INDEX_URL');
  const location = pipLocation(index === undefined ? undefined : (certain(index) ?? index.text));
  site.points.add({
    file: call.source.file,
    line: call.line,
    netLine: call.line,
    kind: 'pip',
    ...location,
    anchor: anchorAt(index?.origin ?? null, 'http-url', site.world.tree),
    key: location.url,
  });
}

/** moby's contrib/download-frozen-image-v2.sh DIR IMAGE…: each image is fetched by curl from the registry that the script names. */
export function detectFrozenImages(call: Call, site: Site, scriptPath: string): void {
  const script = site.world.tree.get(scriptPath)?.text ?? '';
  const base = /^\s*registryBase=(['"]?)(https?:\/\/[^'"\s]+)\1/m.exec(script)?.[2];
  const registry = base === undefined ? null : hostOf(base);
  for (const image of call.args.slice(1)) {
    const located = locateImage(certain(image) ?? image.text);
    const elsewhere = registry !== null && registry !== located.host;
    const { origin } = image;
    site.points.add({
      file: call.source.file,
      line: origin?.file === call.source.file && origin.place === 'script' ? origin.line : call.line,
      netLine: call.line,
      kind: 'frozen-image',
      url: elsewhere ? located.url.replace(/^docker\.io\//, `${registry}/`) : located.url,
      host: elsewhere ? registry : located.host,
      note: `the registry stands in ${scriptPath}`,
      anchor: null,
      key: located.url,
    });
  }
}

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
const QUIET = new Set('echo printf test [ : true false sed grep egrep awk cat tee head tail tr cut export local declare readonly typeset unset set trap read git alias return exit go xx-go'.split(' '));

/** Whatever else reaches out, or looks as if it did: a place that no rule covers is told, never passed over. */
export function detectOthers(call: Call, site: Site): void {
  const verb = OTHER_TOOLS.get(call.name);
  if (verb !== undefined && call.args.some((arg) => verb.test(arg.text))) unknownCall(call, site, `no rule for ${call.name}`);
  else if (!QUIET.has(call.name) && call.args.some((arg) => /(?:^|=)(?:https?|ftps?|git|ssh|rsync|svn):\/\//i.test(arg.text))) unknownCall(call, site, `a URL is given to ${call.name}`);
}
