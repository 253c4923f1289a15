import type { Call, Site } from '../world/call.ts';
import { detectApt } from './detect-apt.ts';
import { detectCopy } from './detect-copy.ts';
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
  ['rm', detectSourceChange],
  ['sed', detectSourceChange],
  ['cp', detectCopy],
  ['mv', detectCopy],
  ['install', detectCopy],
  ['ln', detectCopy],
]);
/** What these leave behind counts for later commands that do reach out. */
const BOOKKEEPING = new Set(['git', 'rm', 'sed', 'cp', 'mv', 'install', 'ln']);

/** Looks at one command with the rule for its name, and at what it writes. `sure`: the name is known. */
export function detect(call: Call, site: Site, sure: boolean): void {
  detectSourceWrite(call, site);
  if (site.offline && !BOOKKEEPING.has(call.name)) return;
  const pip = pipCall(call);
  const detector = sure ? DETECTORS.get(call.name) : undefined;
  if (pip !== null) detectPip(pip, site);
  else if (detector !== undefined) detector(call, site);
  else detectOthers(call, site, sure);
}

/** `pip`, `pip3.11`, `python3 -I -m pip`: the call with pip's own arguments, or null. */
function pipCall(call: Call): Call | null {
  if (/^pip[\d.]*$/.test(call.name)) return call;
  if (!/^(?:python|pypy)[\d.]*$/.test(call.name)) return null;
  const at = call.args.findIndex((arg) => arg.text === '-m');
  const isPip = at !== -1 && /^pip[\d.]*$/.test(call.args[at + 1]?.text ?? '');
  return isPip ? { ...call, args: call.args.slice(at + 2) } : null;
}
