import type { Call, Site } from '../world/call.ts';
import { splitOptions } from '../world/call.ts';

const LOADING = new Set([
  'update',
  'install',
  'reinstall',
  'upgrade',
  'full-upgrade',
  'dist-upgrade',
  'dselect-upgrade',
  'build-dep',
  'source',
  'download',
  'satisfy',
  'changelog',
]);
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
  if (verb.choices !== null && !verb.choices.some((choice) => LOADING.has(choice))) return;
  const location = site.world.apt.location(site.world.suite, (path) => site.world.read(path));
  site.points.add({
    file: call.source.file,
    line: call.line,
    netLine: call.line,
    kind: 'apt',
    ...location,
    anchor: null,
    key: `${site.runKey}\0${call.source.file}`,
  });
}
