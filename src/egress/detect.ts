import type { Call, Site } from './call.ts';
import { detectApt } from './detect-apt.ts';
import { detectSourceChange, detectSourceWrite } from './detect-apt-source.ts';
import { detectGit } from './detect-git.ts';
import { detectGo } from './detect-go.ts';
import { detectHttp } from './detect-http.ts';
import { detectOthers } from './detect-others.ts';
import { detectPip } from './detect-pip.ts';

type Detector = (call: Call, site: Site) => void;

/** Which rule looks at which command. */
const DETECTORS: ReadonlyMap<string, Detector> = new Map<string, Detector>([
  ['git', detectGit],
  ['curl', detectHttp],
  ['wget', detectHttp],
  ['apt', detectApt],
  ['apt-get', detectApt],
  ['aptitude', detectApt],
  ['xx-apt', detectApt],
  ['xx-apt-get', detectApt],
  ['go', detectGo],
  ['xx-go', detectGo],
  ['pip', detectPip],
  ['pip3', detectPip],
  ['pip2', detectPip],
  ['rm', detectSourceChange],
  ['sed', detectSourceChange],
]);

/** Looks at one command with the rule for its name, and at what it writes. `sure`: the name is known. */
export function detect(call: Call, site: Site, sure: boolean): void {
  detectSourceWrite(call, site);
  const python =
    /^python[\d.]*$/.test(call.name) && call.args[0]?.text === '-m' && /^pip3?$/.test(call.args[1]?.text ?? '');
  const detector = sure ? DETECTORS.get(call.name) : undefined;
  if (python) detectPip({ ...call, args: call.args.slice(2) }, site);
  else if (detector !== undefined) detector(call, site);
  else detectOthers(call, site);
}
