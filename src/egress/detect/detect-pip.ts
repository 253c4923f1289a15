import type { Call, Site } from '../world/call.ts';
import { anchorAt, splitOptions, unknownCall } from '../world/call.ts';
import { pipLocation } from '../world/default-hosts.ts';
import { certain } from '../values/value.ts';

const PIP_OPTIONS = new Set([
  '-i',
  '--index-url',
  '--extra-index-url',
  '-r',
  '--requirement',
  '-c',
  '--constraint',
  '-t',
  '--target',
  '--prefix',
  '--root',
  '-f',
  '--find-links',
  '--proxy',
  '--cert',
  '--trusted-host',
  '--timeout',
  '--retries',
]);

const LOADING = /^(?:install|download|wheel)$/;
/** Rule: pip's own `pip help`. */
const QUIET = /^(?:uninstall|freeze|inspect|list|show|check|config|cache|hash|completion|debug|help)$/;

/** pip install and download: its index. */
export function detectPip(call: Call, site: Site): void {
  const { options, operands } = splitOptions(call.args, PIP_OPTIONS);
  const [verb] = operands;
  if (verb === undefined || (verb.choices !== null && QUIET.test(verb.text))) return;
  if (!LOADING.test(verb.text)) {
    unknownCall(call, site, `what pip ${verb.text} does is not known`);
    return;
  }
  if (options.has('--no-index')) return;
  const index = options.get('-i') ?? options.get('--index-url') ?? call.state.get('PIP_INDEX_URL');
  const location = pipLocation(index === undefined ? undefined : (certain(index) ?? index.text));
  const point = site.points.add({
    file: call.source.file,
    line: call.line,
    netLine: call.line,
    kind: 'pip',
    ...location,
    anchor: anchorAt(index?.origin ?? null, 'http-url', site.world.tree),
    key: location.url,
  });
  point.reachedFrom(call.line);
  if (operands.some((operand) => operand.text.includes('://'))) unknownCall(call, site, 'a URL is given to pip');
}
