import type { Call, Site } from '../world/call.ts';
import { splitOptions, unknownCall } from '../world/call.ts';
import type { Value } from '../values/value.ts';

/** Verbs that ask nobody; any other may load lists or packages. Rule: apt-get(8), apt(8), aptitude(8). */
const QUIET = new Set(
  (
    'remove purge autoremove autopurge clean autoclean auto-clean distclean dist-clean check list show showsrc showpkg search policy depends rdepends ' +
    'edit-sources indextargets moo help markauto unmarkauto hold unhold keep why why-not forget-new versions'
  ).split(' '),
);
const OPTIONS = new Set([
  '-o',
  '--option',
  '-c',
  '--config-file',
  '-t',
  '--target-release',
  '--default-release',
  '-a',
  '--host-architecture',
]);

/** apt-get and its kin: one point for each RUN, judged by the sources that the stage has at its start. */
export function detectApt(call: Call, site: Site): void {
  const [verb] = splitOptions(call.args, OPTIONS).operands;
  if (verb === undefined) return;
  if (verb.choices?.every((choice) => QUIET.has(choice)) === true) return;
  const { otherApt } = site.world;
  if (otherApt !== null) {
    const reason = `apt of ${otherApt} asks the servers of another distribution than Debian, for which there is no rule`;
    unknownCall(call, site, reason);
    return;
  }
  const location = site.world.apt.location(site.world.suite, (path) => site.world.read(path));
  const point = site.points.add({
    file: call.source.file,
    line: call.line,
    netLine: call.line,
    kind: 'apt',
    ...location,
    anchor: null,
    key: `${site.runKey}\0${call.source.file}`,
  });
  point.calls({ words: plainWords(call.args), forTarget: call.name.startsWith('xx-') });
}

/** The words where each is one that is known. */
function plainWords(args: readonly Value[]): readonly string[] | null {
  const words = args.map(({ choices, many }) => (many !== true && choices?.length === 1 ? choices[0] : undefined));
  const known = words.filter((word) => word !== undefined);
  return known.length === words.length ? known.filter((word) => word !== '') : null;
}
