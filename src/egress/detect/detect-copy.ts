import { isSourcesPath, readSources } from '../world/apt-sources.ts';
import type { Call, Site } from '../world/call.ts';
import { splitOptions, unknownCall } from '../world/call.ts';
import { SEARCH_PATH } from './follow-script.ts';
import { baseName, resolvePath } from '../values/paths.ts';

const OPTIONS = new Set([
  '-t',
  '--target-directory',
  '-m',
  '--mode',
  '-o',
  '--owner',
  '-g',
  '--group',
  '-S',
  '--suffix',
]);
/** Folders that need no slash behind them to be known as such. */
const FOLDERS = new Set([...SEARCH_PATH, '/etc/apt/sources.list.d', '/tmp', '/']);

/** cp, mv, install, ln: a file of the tree, or one that the build wrote, then stands at another path too; and so may a list of sources. */
export function detectCopy(call: Call, site: Site): void {
  const { options, operands } = splitOptions(call.args, OPTIONS);
  if (call.name === 'install' && (options.has('-d') || options.has('--directory'))) return;
  const given = options.get('-t') ?? options.get('--target-directory');
  const target = given ?? operands.at(-1);
  const sources = given === undefined ? operands.slice(0, -1) : operands;
  if (target === undefined) return;
  const { world } = site;
  const place = resolvePath(call.state.cwd, target.text);
  const isFolder = given !== undefined || sources.length > 1 || /(?:^|\/)\.?$/.test(target.text) || FOLDERS.has(place);
  for (const source of sources) {
    const path = isFolder ? resolvePath(place, baseName(source.text)) : place;
    const found = world.find(resolvePath(call.state.cwd, source.text));
    if (found.kind === 'text') world.write(path, found.texts);
    if (found.kind === 'file') world.put(path, found.path);
    if (!isSourcesPath(path)) continue;
    const texts = found.kind === 'text' ? found.texts.map((text) => (text.sure ? text.source.text : null)) : [];
    const text = found.kind === 'file' ? world.read(path) : texts.includes(null) ? null : texts.join('\n');
    if (text === null || text === '') unknownCall(call, site, `the list of sources put at ${path} is not known`);
    else world.apt.put(path, readSources(text), world.branches > 0);
  }
}
