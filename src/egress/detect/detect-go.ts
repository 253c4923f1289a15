import type { Call, Site } from '../world/call.ts';
import { anchorAt, lineOf, splitOptions, unknownCall } from '../world/call.ts';
import { goLocations, hostOf, severalHosts } from '../world/default-hosts.ts';
import { redirected } from '../world/git-redirects.ts';
import { usesModules } from '../world/go-mode.ts';
import { isPrivate, patternsIn } from '../world/private-modules.ts';
import { isBelowGopath, modulePath, repositoryFacts } from '../world/repositories.ts';
import { resolvePath } from '../values/paths.ts';
import { certain } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** Verbs that ask nobody, and no verb at all. Rule: `go help`. */
const QUIET = /^(?:|-.*|version|help|fmt|fix|clean|doc|bug|telemetry)$/;
/** The tools of Go itself, and none; others are built from the go.mod at hand (Go 1.24). */
const GO_TOOL =
  /^(?:|addr2line|api|asm|buildid|cgo|compile|covdata|cover|dist|distpack|doc|fix|link|nm|objdump|pack|pprof|preprofile|test2json|trace|vet|yacc)$/;
const BUILDING = new Set(['build', 'install', 'run', 'test', 'vet', 'list', 'generate']);
/** Options of the go command whose value is the next word. Rule: `go help build`, `go help testflag`. */
const OPTIONS = new Set(
  '-o -p -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix -ldflags -mod -modfile -overlay -pgo -pkgdir -tags -toolexec -C -exec -run -timeout -count -coverprofile'.split(
    ' ',
  ),
);

/** `go build`, `go install`, `go get`, `go mod download`: when they load modules, and which. */
export function detectGo(written: Call, site: Site): void {
  const call = inFolder(written);
  const [verb, ...rest] = call.args;
  if (verb?.choices === null) {
    unknownCall(call, site, `what go ${verb.text} does is not known`);
    return;
  }
  const { options, operands } = splitOptions(rest, OPTIONS);
  const packages = operands.filter((operand) => operand.choices !== null || !operand.text.startsWith('$'));
  const isOff = !usesModules(certain(call.state.get('GO111MODULE')), site.world.go, {
    belowGopath: isBelowGopath(call.state.cwd),
    inSources: site.world.checkoutAt(call.state.cwd) !== null,
  });
  const flags = `${call.state.get('GOFLAGS')?.text ?? ''} ${options.get('-mod')?.text ?? ''} ${[...options.keys()].join(' ')}`;
  // Rule: https://go.dev/doc/toolchain: another release than the image's is a module, fetched as others are.
  const toolchain = certain(call.state.get('GOTOOLCHAIN'));
  if (toolchain !== null && /^go\d/.test(toolchain)) load(call, site, `golang.org/toolchain@${toolchain}`);
  switch (verb?.text ?? '') {
    case 'get':
    case 'install':
    case 'run': {
      const versioned = packages.filter((item) => /^[^.@/][^@]*\.[^@]*@/.test(item.text));
      for (const item of versioned) load(call, site, item.text);
      if (versioned.length > 0) return;
      if (verb?.text !== 'get') break;
      for (const item of packages) {
        if (isOff) vcs(call, site, item.text);
        else load(call, site, item.text);
      }
      return;
    }
    case 'work':
      if (['sync', 'vendor'].includes(rest[0]?.text ?? '')) own(call, site, false);
      return;
    case 'mod':
      if (['download', 'tidy', 'vendor', 'graph', 'verify', 'why'].includes(rest[0]?.text ?? ''))
        own(call, site, false);
      return;
    case 'env':
      // It stays for all later commands.
      if (
        rest.some(({ text }) => text === '-w') &&
        rest.some(({ text }) => /^GO(?:PROXY|NOPROXY|PRIVATE|FLAGS|TOOLCHAIN)=/.test(text))
      )
        unknownCall(call, site, 'what go env -w changes is not followed');
      return;
    case 'tool':
      if (!GO_TOOL.test(rest.find(({ text }) => !text.startsWith('-'))?.text ?? '')) own(call, site, true);
      return;
    default:
      if (QUIET.test(verb?.text ?? '')) return;
      if (!BUILDING.has(verb?.text ?? '')) {
        unknownCall(call, site, `what go ${verb?.text ?? ''} does is not known`);
        return;
      }
  }
  if (isOff || /(?:^|[ =])vendor(?: |$)|-mod=vendor/.test(flags)) return;
  own(call, site, true, packages, /(?:^|[ =])(?:mod|readonly)(?: |$)/.test(flags));
}

/** `go -C DIR …`: the command in that folder. Rule: `go help build`; Go 1.20 on, the first flag. */
function inFolder(call: Call): Call {
  const [flag, next, ...rest] = call.args;
  const match = /^--?C(?:=(.+))?$/.exec(flag?.text ?? '');
  if (match === null) return call;
  const folder = match[1] ?? next?.text ?? '';
  const state = call.state.copy();
  state.cwd = resolvePath(state.cwd, folder);
  return { ...call, state, args: match[1] === undefined ? rest : call.args.slice(1) };
}

/** Builds what stands in the working directory: its go.mod decides, unless all it needs is in its vendor/. */
function own(call: Call, site: Site, building: boolean, packages: readonly Value[] = [], ignoresVendor = false): void {
  const { cwd } = call.state;
  if (site.world.isTree(cwd)) {
    // moby's own tree is vendored in all series; `go mod …` and `-mod=mod` there would load.
    if (!building || ignoresVendor) load(call, site, 'the tree itself', null);
    return;
  }
  const imported = packages.find((item) => /^[\w-]+(?:\.[\w-]+)+\//.test(item.text));
  const found = site.world.checkoutAt(cwd);
  if (found === null) {
    if (imported !== undefined) load(call, site, imported.text);
    else unknownCall(call, site, 'it builds Go sources that are not known here');
    return;
  }
  const { checkout, folder } = found;
  if (building && !ignoresVendor && repositoryFacts(checkout.url).vendored === true) return;
  // The version is said where a reader does not see it beside the command: another stage fetched it, or a path names the package.
  const says = checkout.version !== null && (checkout.stage !== site.stage || imported !== undefined);
  load(call, site, `${modulePath(checkout.url, folder)}${says ? `@${checkout.version ?? ''}` : ''} (its go.mod)`, null);
}

/** @param path the module's; null: those that a go.mod asks for */
function load(call: Call, site: Site, module: string, path: string | null = module.replace(/@.*$/, '')): void {
  if (goesPastTheProxy(call, site, path)) return;
  const value = call.state.get('GOPROXY');
  if (value?.choices === null) {
    unknownCall(call, site, `the module proxy ${value.text} is not known`);
    return;
  }
  const location = severalHosts((value?.choices ?? ['']).flatMap(goLocations));
  if (location === null) return;
  const origin = value?.origin ?? null;
  site.points.add({
    file: call.source.file,
    line: lineOf(origin, call),
    netLine: call.line,
    kind: 'gomod',
    ...location,
    module,
    anchor: anchorAt(origin, 'goproxy', site.world.tree),
    key: module.replace(/@[^/]*$|(?<=[^/])@\S+(?= \()/, ''),
  });
}

/**
 * GONOPROXY, or GOPRIVATE where that is not set: a module that it names comes from its own repository. What a go.mod asks for is not read, so
 * there the place is unknown.
 */
function goesPastTheProxy(call: Call, site: Site, path: string | null): boolean {
  const name = (call.state.get('GONOPROXY')?.text ?? '') === '' ? 'GOPRIVATE' : 'GONOPROXY';
  const value = call.state.get(name);
  const lists = value === undefined ? [''] : value.choices;
  if (lists === null) {
    unknownCall(call, site, `which modules ${name} takes past the module proxy is not known`);
    return false;
  }
  if (lists.every((list) => patternsIn(list).length === 0)) return false;
  if (path === null) {
    unknownCall(
      call,
      site,
      `${name} takes modules past the module proxy, and which of them this go.mod asks for is not known`,
    );
    return false;
  }
  if (!lists.some((list) => isPrivate(list, path))) return false;
  vcs(call, site, path);
  return lists.every((list) => isPrivate(list, path));
}

/** `go get` in GOPATH mode, and a module past the proxy: the version control system of the import path itself. */
function vcs(call: Call, site: Site, item: string): void {
  const path = item.replace(/\/\.\.\.$/, '');
  const host = path.split('/')[0] ?? '';
  if (!host.includes('.')) return;
  // Of github.com it knows that it serves git, so git's own settings count (`go help importpath`).
  for (const url of redirected(`https://${path}`, site.world.redirects))
    site.points.add({
      file: call.source.file,
      line: call.line,
      netLine: call.line,
      kind: 'gomod',
      url,
      host: hostOf(url),
      module: path,
      anchor: null,
      key: `${path}\0${url}`,
    });
}
