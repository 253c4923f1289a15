import type { Call, Site } from '../world/call.ts';
import { unknownCall } from '../world/call.ts';
import { resolvePath } from '../values/paths.ts';
import { certain } from '../values/value.ts';

/** Interpreters of languages that are not followed. */
const INTERPRETER = /^(?:python[\d.]*|pypy\d*|perl|ruby|node|nodejs|php|lua|tclsh|Rscript|pwsh|powershell)$/;
/** Options whose value is a program. */
const PROGRAM = /^-[A-Za-z]*[ceEr]$|^--(?:eval|run|print)$|^-Command$/;
/** What such a program says when it fetches, or when it calls something that may. */
const NETWORK_CODE =
  /:\/\/|\b(?:urllib|urlopen|urlretrieve|requests|httpx|aiohttp|http\.client|ftplib|socket|subprocess|os\.system|LWP|HTTP::|Net::|open-uri|fetch|file_get_contents|curl|wget|git|pip|apt-get|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|Install-Module)\b/;

/** Whether a text in another language than the shell's looks as if it reached out. */
export function looksLikeNetworkCode(text: string): boolean {
  return NETWORK_CODE.test(text);
}

/** Code for another interpreter, given as an argument, on standard input or in a file of the tree. Out: whether it was told as unknown. */
export function detectCode(call: Call, site: Site): boolean {
  if (!INTERPRETER.test(call.name)) return false;
  const { args, command, source, state } = call;
  const at = args.findIndex((arg) => !arg.text.startsWith('-') || PROGRAM.test(arg.text));
  const first = args[at];
  const given = first === undefined ? [] : PROGRAM.test(first.text) ? args.slice(at + 1, at + 2) : [];
  const bodies = command.redirects.flatMap(({ body }) =>
    body === null ? [] : [source.text.slice(body.start, body.end)],
  );
  const found = first === undefined ? null : site.world.find(resolvePath(state.cwd, first.text));
  const file = found?.kind === 'file' ? (site.world.tree.get(found.path)?.text ?? '') : '';
  const isInput = first === undefined || first.text === '-';
  if (isInput && state.piped?.some((value) => certain(value) === null) === true) {
    unknownCall(call, site, `${call.name} runs what it reads, which is not known`);
    return true;
  }
  const texts = [...given.map((arg) => arg.text), ...bodies, ...(state.piped ?? []).map((value) => value.text), file];
  if (!texts.some(looksLikeNetworkCode)) return false;
  unknownCall(call, site, `it runs with ${call.name}, which is not followed`);
  return true;
}
