import { quoteWord } from '../system/command-line.ts';
import { duration, size } from './amounts.ts';
import { buildingLine, titleOf, type Building } from './progress/building-line.ts';

/** Every sentence that a user sees and that is not an error's own. */
export const MESSAGES = {
  bug: 'This is a mistake in moby-build. Please report it with the lines below.',
  checkOptions: 'Check the options',
  machineNotNeeded: 'nothing is built on this machine',
  dryRunFetchesNothing: 'a dry run fetches no components',
  notLocked: 'no lock file has to be kept to',
  trustsNothing: (idle: readonly string[], names: readonly string[]) =>
    `--trust-image ${idle.join(', ')}: this build takes no image of that name; it takes ${names.join(', ')}.`,
  crossCompiled: (arch: string, own: string) =>
    `Everything is cross-compiled for ${arch} on ${own}, by a patch of its own.`,
  notLean: (where: string) =>
    `${where} is not as moby has it, so what a Linux build leaves unused (mingw, go-winres) is fetched all the same.`,
  checkMachine: 'Check this machine',
  smokeTook: (checks: number, time: string) => `${checks} checks in ${time}.`,
  smokeNeedsFolder: 'smoke needs the folder that a build made: moby-build smoke DIR',
  checking: (index: number, count: number, title: string) => `${index}/${count} ${title}`,
  lookingAround: 'Asking the engine and this machine',
  waitingFor: (title: string) => `Waiting for a server (${title})`,
  checkedFor: (request: {
    readonly ref: string | null;
    readonly arch: string;
    readonly profile: string;
    readonly smoke: boolean;
  }) =>
    `Checked for ${request.ref === null ? 'the source directory' : `moby ${request.ref}`}, ${request.arch}, profile ${request.profile}${request.smoke ? ', with smoke' : ''}`,
  wouldRun: 'These commands install what is missing:',
  runThese: 'Run them?',
  fixNeedsYes: 'Nothing was installed. Add --yes to run these commands without a question.',
  smoke: 'Start dockerd and check it',
  smokeNotAsked: 'ask for it with --smoke',
  daemonsSaid: (path: string) => `What the daemons said: ${path}`,
  planning: 'Fetching what a plan needs, scanning, planning',
  auditing: 'Finding the egress points of the tree',
  reachesNothing: 'This target has no egress point.',
  leftOutside: (count: number) =>
    `${count} outside the closure ${count === 1 ? 'is' : 'are'} left as the tree has ${count === 1 ? 'it' : 'them'}:`,
  outsideAudit: (count: number, target: string) =>
    `${count} more ${count === 1 ? 'egress point is' : 'egress points are'} outside the closure of ${target} (--all lists them).`,
  hostsContacted: (target: string, profile: string) => `A build of ${target} under profile ${profile} contacts:`,
  hostsAsked: 'It may also ask (to measure, for digests of images, where another one fails):',
  hostsReplaced: (target: string) =>
    `The tree also names these for ${target}; under this profile they are not contacted:`,
  hostsOutside: (target: string) => `Named outside what ${target} needs:`,
  hubToo:
    'Docker Hub answers from further hosts: auth.docker.io for tokens, production.cloudflare.docker.com for layers.',
  registriesToo: 'A registry may send to further hosts for tokens and layers, which it alone can name.',
  defaultsToo:
    'A host in <…> is what the base image (apt, pip) or the go command is set to; the tree does not name it, so look there.',
  tagsRead: (count: number) => `${count} ${count === 1 ? 'tag' : 'tags'} of moby`,
  driftAdded: (count: number) => `added: ${count}`,
  driftRemoved: (count: number) => `removed: ${count}`,
  driftChanged: (count: number) => `changed: ${count}`,
  driftNone: 'No egress point was added, removed or changed.',
  driftHidden: (count: number) =>
    `${count} more ${count === 1 ? 'difference is' : 'differences are'} outside the closure (--all lists them).`,
  auditingTags: (count: number) => `Reading ${count} ${count === 1 ? 'tag' : 'tags'} from the clone’s objects`,
  building: (at: Building) => buildingLine(at, duration),
  titleOf,
  builtAfter: (time: string) => `Built in ${time}.`,
  endedAfter: (time: string) => `Ended after ${time}.`,
  nothingToApply: 'the tree is built as it is',
  wouldFetch: 'A build would fetch:',
  storeEmpty: (store: string) => `The store of sources is empty (${store}).`,
  storeHolds: (amount: string, store: string) => `The store holds ${amount}: ${store}`,
  storeSound: (count: number) => `${count} stored ${count === 1 ? 'source is' : 'sources are'} undamaged.`,
  baseParts: (count: number, amount: string) =>
    `${count} ${count === 1 ? 'part' : 'parts'} of base images (--base debian): ${amount}`,
  nothingOld: 'Nothing in the store is that old.',
  remains: (path: string) => `Left by a killed run, or damaged: ${path}`,
  removed: 'removed',
  inUse: (pid: number) => `in use (process ${pid})`,
  freed: (amount: string) => `${amount} freed.`,
  fetchSource: 'Fetch the source',
  baseReady: (packages: number, suite: string, go: string) => `${packages} packages of Debian ${suite}, Go ${go}`,
  basePlaced: (suite: string, go: string) => `Debian ${suite} with Go ${go}`,
  fetchSources: 'Fetch the components',
  placeSources: 'Hand over the components',
  sourcesByMirror: 'the build fetches them itself',
  noSources: 'this build fetches none with git',
  scan: 'Find the egress points',
  probe: 'Measure the mirrors',
  probing: (done: number, all: number) => `${done} of ${all} answers`,
  probed: (objects: number) => `${objects} ${objects === 1 ? 'object' : 'objects'} measured`,
  choiceKept: (day: string) => `as measured on ${day}`,
  noProbe: '--no-probe',
  profileNotMeasured: (name: string) => `profile ${name} is used unmeasured`,
  sampleAsked: (image: string) =>
    `No mirror serves a clone of moby, so the needs of the tree are not known; common objects were measured instead (${image} and others).`,
  configFile: (file: string | null) =>
    file === null ? 'No configuration file was read.' : `The configuration file is ${file}.`,
  configWritten: (file: string) => `${file} was written. Each setting that it does not make is a comment.`,
  configNotWritten: (file: string) => `Nothing was written. Add --yes to write this to ${file}.`,
  catalogueOf: (count: number, day: string) =>
    `${count} ${count === 1 ? 'entry' : 'entries'}, gathered on ${day}. Only entries that are alive or degraded are chosen.`,
  probeTook: (profile: string, objects: number, time: string) =>
    `Profile ${profile}: ${objects} ${objects === 1 ? 'object' : 'objects'} measured in ${time}.`,
  profileSaved: (file: string) => `What was chosen is in ${file}: moby-build --profile ${quoteWord(file)} takes it.`,
  engineTrust: (registries: readonly string[]) => ({
    message: `The steps of the build trust the certificates of --ca. The engine fetches images itself (${registries.join(', ')}) and uses its own list of trusted certificates.`,
    hint: `If that authority signed a registry's certificate, put the file on the engine's machine: /etc/docker/certs.d/${registries[0] ?? 'HOST'}/ca.crt. No restart is needed.`,
  }),
  netrcReadable: (file: string) => ({
    message: `${file} holds passwords, and other users of this machine may read it.`,
    command: `chmod 600 ${file}`,
  }),
  netrcLeftOut: (file: string, byDefault: boolean) => ({
    message: `git is given the logins in ${file} for the hosts that it clones from, and no others${byDefault ? '; the entry "default" is never used' : ''}.`,
    ...(byDefault
      ? { hint: 'Add an entry "machine HOST" for a mirror that needs a login, or name a file with --netrc FILE.' }
      : {}),
  }),
  gitUnchecked: (names: readonly string[]) => ({
    message: `git does not verify certificates of servers, because you have set ${names.join(', ')}. Commits are still verified.`,
    hint: 'Remove the setting. If a certificate is missing, name it with --ca FILE.',
  }),
  cacheBelieved: () => ({
    message: 'Steps that --cache-from holds are taken as they are: whoever can write there decides what they contain.',
    hint: 'Read from a cache that only your own builds write to.',
  }),
  registryLogin: (hosts: readonly string[]) => ({
    message: `The engine pulls images with the logins of the docker client. A build hands it those of --netrc; the printed command does not.`,
    hint: `Before it: ${hosts.map((host) => `docker login ${host}`).join('; ')}`,
  }),
  nobodyToAsk: 'The profile names no mirror.',
  measuring: 'Measuring the mirrors for this tree',
  pinImages: 'Pin base images',
  imagesPinned: (count: number, asked: number) =>
    count === 0
      ? 'none is to be fetched'
      : `${count} by digest${asked === 0 ? ', known before' : asked === count ? '' : `, ${asked} of them asked from registries`}`,
  byTag: (references: readonly string[]) =>
    `No registry was asked, so ${references.join(', ')} ${references.length === 1 ? 'keeps its tag' : 'keep their tags'}; a build pins the digest.`,
  argumentByTag: (reference: string, name: string) =>
    `${reference} is named by a build argument and keeps its tag: the engine takes the image that has this tag then (--trust-image ${name}).`,
  digestBasis: (basis: string, operators: readonly string[], sources: readonly string[] = []) =>
    ({
      user: 'the digest is yours',
      tree: 'the digest is in the tree',
      lock: 'the digest is that of the lock file',
      table: `the digest is publicly documented, by ${sources.join(', ')}`,
      documented: `the same digest is named by ${[...operators, ...sources].join(', ')}`,
      official: 'the digest is named by the official registry',
      operators: `the same digest is named by ${operators.join(', ')}`,
      trusted: 'the digest is the one that this mirror names',
    })[basis] ?? basis,
  lock: 'Compare with the lock file',
  served: (suites: number, modules: number) =>
    suites + modules === 0
      ? 'no suite and no module to compare'
      : [
          ...(suites === 0 ? [] : [`${suites} suites dated`]),
          ...(modules === 0 ? [] : [`${modules} modules summed`]),
        ].join(', '),
  servedUnknown: (what: string, reason: string) => `${what} is not in the lock file: ${reason}.`,
  plan: 'Plan the rewrites',
  apply: 'Apply the patches',
  build: 'Compile',
  fetchAgain: (mirror: string, what: string, reason: string, seconds: number) =>
    `${mirror} did not serve ${what}: ${reason}. It is tried again in ${seconds} s.`,
  buildAgain: (what: string, url: string, seconds: number, attempt: number) =>
    `The build failed at ${url}: ${what}. It runs again in ${seconds} s (try ${attempt} of 3); finished steps are kept.`,
  mirrorSwitched: (from: string, what: string, url: string, to: string) =>
    `${from} failed the build at ${url}: ${what}. The build is planned again with ${to}.`,
  builderGone: (name: string, said: string) => ({
    message: `The connection to builder ${name} was lost during the build: ${said}.`,
    hint: `docker buildx inspect ${name} says whether it runs. Then run the same command again: finished steps are kept.`,
    command: `docker buildx inspect ${name}`,
  }),
  engineGone: (said: string) => ({
    message: `The engine stopped during the build: ${said}.`,
    hint: 'Start the engine again, then run the same command again: finished steps are kept.',
  }),
  cacheNotUsed: (step: string) => `The build went on without a cache, for this step failed: ${step}.`,
  logIs: (file: string) => `The whole log is ${file}`,
  builderAway: (name: string, why: string) => `Builder ${name} gets no cell: ${why}.`,
  makingSeal: 'Making a builder that reaches the hosts of the plan alone',
  tryingSeal: 'Trying a step that must reach nothing',
  sealedOff: (hosts: readonly string[], noNetwork: boolean) => ({
    message: `${hosts.join(', ')} ${hosts.length === 1 ? 'is no host' : 'are no hosts'} of the plan, and a step of the build asked for ${hosts.length === 1 ? 'it' : 'them'}.`,
    hint: noNetwork
      ? 'With --bundle no step has a network. What the step wants has to be in the bundle, or be left out.'
      : 'If a mirror of the plan sends the build there (blobs of a registry, a redirect), let it through with --seal-host HOST. Else the tree reaches out where no egress point was found: look at the place.',
  }),
  sealRefused: (hosts: readonly string[]) =>
    `Steps asked for ${hosts.join(', ')}, which are not in the plan, were refused, and built without.`,
  sealWords: (hosts: number) => `sealed: ${hosts} hosts contacted, all of the plan`,
  sealNoNetwork: 'sealed: no step had a network',
  collect: 'Collect the binaries',
  verify: 'Verify the binaries',
  comparing: 'Read both outputs',
  manifest: 'Write the manifest',
  verifyingBundle: 'Verifying the bundle',
  imageOfBundle: (digest: string) => `the bundle has it: ${digest}`,
  bundleHas: (objects: number, file: string, ref: string, arch: string, target: string) =>
    `All ${objects} objects of ${ref}, ${arch}, target ${target}, are in ${file}, and whole.`,
  bundleForOther: (file: string, builds: string) => `${file} is for another build: ${builds}.`,
  bundleForSeveral: (file: string) => `${file} is for several of the builds that may be meant:`,
  bundleDecides: (flags: readonly string[], file: string) =>
    `${flags.join(', ')} ${flags.length === 1 ? 'is' : 'are'} not heeded: everything comes from ${file}.`,
  packagesOfBundle: (files: number) => `${files} files of packages and modules`,
  imagesOfBundle: (images: number) => `${images} ${images === 1 ? 'image' : 'images'}`,
  serving: (objects: number, url: string) =>
    `Serving ${objects} ${objects === 1 ? 'object' : 'objects'} at ${url} until Ctrl+C. A build on this machine takes them with:`,
  servedRequests: (requests: number, missing: number) =>
    `${requests} requests; ${missing} of them for what is not in the bundle.`,
  gather: 'Fetch what the plan needs',
  writeBundle: 'Write the bundle',
  bundledBuild: (index: number, count: number, ref: string, arch: string, target: string) =>
    `This is build ${index} of ${count}: ${ref}, ${arch}, target ${target}`,
  fetchingBlob: (image: string, bytes: number) => `${image}, ${size(bytes)}`,
  fetchingModules: (module: string) => `modules of ${module}`,
  imageByTagOnly: 'the plan leaves it with a tag, so nobody can say which image a build would take',
  clonedByBuild:
    'the build clones it itself, because which commit is wanted, or how it is fetched, is not of a form that is known',
  commitOfTree: 'the tree, or the built-in table, names this commit',
  readingSuites: 'apt reads the suites',
  fetchingPackage: (name: string, bytes: number) => `${name}, ${size(bytes)}`,
  signedByArchive: (date: string) =>
    `its signature${date === '' ? '' : `, of ${date}`}, checked with the keys of the base image`,
  listedBySuite: 'the signed list of its suite',
  checksumDatabase: (name: string) => `checksum database ${name}`,
  signedItself: 'it is signed, and the go command knows its key',
  notBundled: (kind: string) => `bundles hold no objects of kind ${kind}`,
  bundleWritten: (file: string, objects: number, bytes: string, sha256: string) =>
    `${objects} ${objects === 1 ? 'object' : 'objects'}, ${bytes}, in ${file}\nIts SHA-256, to be compared after each copy: ${sha256}`,
  readingBundle: (index: number, path: string) => `file ${index}: ${path}`,
  bundleBuild: (ref: string, commit: string, arch: string, target: string) =>
    `For moby ${ref} (${commit}), ${arch}, target ${target}`,
  bundleGaps: (count: number) =>
    `${count} ${count === 1 ? 'thing that these builds fetch is' : 'things that these builds fetch are'} not in it:`,
  bundleHolds: (objects: number, bytes: string) =>
    `${objects} ${objects === 1 ? 'object' : 'objects'}, ${bytes}. Nothing was checked: bundle verify reads all of it.`,
  bundleSound: (objects: number, files: number, bytes: string) =>
    `All ${objects} objects are whole: ${files} files, ${bytes}.`,
  moreFaults: (count: number) => `and ${count} more (--json has all)`,
  bundleExpects: (count: number) =>
    `It leaves out ${count} ${count === 1 ? 'object' : 'objects'} that the machine has that builds from it.`,
  bundleSum: (sha256: string) => `The SHA-256 of the whole bundle is ${sha256}.`,
  bundleSince: (files: number, name: string, sha256: string) =>
    `It leaves ${files} files to an older bundle, ${name} (SHA-256 ${sha256}), which is needed, too.`,
  bundleParts: (parts: number, file: string) =>
    `It is in ${parts} ${parts === 1 ? 'part' : 'parts'}; carry them and the list. To join them: cat ${file}.[0-9]* > ${file}`,
  bundleAdded: (count: number) => `${count} added`,
  bundleRemoved: (count: number) => `${count} removed`,
  bundleChanged: (count: number) => `${count} with another digest`,
  bundleSame: (count: number) => `${count} ${count === 1 ? 'object is' : 'objects are'} the same.`,
  nothingToClean: 'Nothing is left of earlier runs.',
  logIsEmpty: 'The log is empty.',
  causeNotKnown: 'Not known: no line of this log is one whose cause is known.',
  readTheLines: 'The lines above are those that tell most, with their numbers in the log.',
  logHasCode: (code: string) => `The log holds an error of moby-build: moby-build explain ${code} shows its page.`,
  notRemoved: 'not removed',
  cleanNeedsYes: 'Nothing was removed. Add --yes to remove this.',
  dryRun: 'Dry run: nothing was written.',
  interrupted: 'Finished work is kept. Run the same command again to continue.',
  patchesApplied: (count: number) => `${count} ${count === 1 ? 'patch' : 'patches'} applied`,
  alreadyApplied: 'The tree has these patches already; nothing was changed.',
  patchesWritten: (count: number, directory: string) =>
    `${count} ${count === 1 ? 'patch' : 'patches'} and a series file in ${directory}`,
  covered: (covered: number, closure: number, target: string) =>
    covered === closure
      ? `All ${closure} egress points of target ${target} are resolved.`
      : `${covered} of the ${closure} egress points of target ${target} are resolved;\n${closure - covered} ${closure - covered === 1 ? 'is' : 'are'} left unchanged.`,
  outsideClosure: (count: number, target: string) =>
    `${count} more ${count === 1 ? 'egress point is' : 'egress points are'} outside the closure of ${target}\n(--verbose lists them, --all rewrites them).`,
  unknownPlaces: (count: number) =>
    `${count} ${count === 1 ? 'call' : 'calls'} may use the network in a way that is not understood:`,
  commandToRun: 'The command that a build runs:',
  builtIn: (directory: string) => `The binaries are in ${directory}`,
  logIn: (path: string) => `The whole log: ${path}`,
  reportIn: (path: string) => `The report: ${path}`,
  reportFailed: (why: string) => `The report was not written: ${why}`,
  moreWarnings: (count: number) =>
    `${count} more ${count === 1 ? 'warning is' : 'warnings are'} in the log and in the report.`,
  interruptedBy: (signal: string) => `Interrupted by ${signal}.`,
} as const;
