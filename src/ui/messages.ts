import { quoteWord } from '../system/command-line.ts';
import { duration } from './amounts.ts';

/** Every sentence that a user sees and that is not an error's own. */
export const MESSAGES = {
  bug: 'This is a mistake in moby-build. Please report it with the lines below.',
  machineLooksGood: 'This machine has what the build needs.',
  checkOptions: 'Check the options',
  machineNotNeeded: 'nothing is built on this machine',
  dryRunFetchesNothing: 'a dry run fetches no components',
  notLocked: 'no lock file has to be kept to',
  trustsNothing: (idle: readonly string[], names: readonly string[]) =>
    `--trust-image ${idle.join(', ')}: this build takes no image of that name; it takes ${names.join(', ')}.`,
  checkMachine: 'Check this machine',
  smokeTook: (checks: number, time: string) => `${checks} checks in ${time}.`,
  smokeNeedsFolder: 'smoke needs the folder that a build made: moby-build smoke DIR',
  checking: (index: number, count: number, title: string) => `${index}/${count} ${title}`,
  smoke: 'Start dockerd and check it',
  smokeNotAsked: 'ask for it with --smoke',
  smokeElsewhere: 'it is built for another machine',
  daemonsSaid: (path: string) => `What the daemons said: ${path}`,
  planning: 'Fetching what a plan needs, scanning, planning',
  auditing: 'Finding where the tree reaches for the network',
  reachesNothing: 'This target reaches for nothing.',
  leftOutside: (count: number) =>
    `${count} outside the closure ${count === 1 ? 'is' : 'are'} left as the tree has ${count === 1 ? 'it' : 'them'}:`,
  outsideAudit: (count: number, target: string) =>
    `${count} more ${count === 1 ? 'place is' : 'places are'} outside what ${target} needs (--all lists them).`,
  hostsContacted: (target: string, profile: string) => `A build of ${target} under profile ${profile} contacts:`,
  hostsAsked: 'It may also ask (to measure, for digests of images, where another one fails):',
  hostsReplaced: (target: string) => `The tree names these for ${target} too; under this profile nobody contacts them:`,
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
  driftNone: 'No place came, went or changed.',
  driftHidden: (count: number) =>
    `${count} more ${count === 1 ? 'difference is' : 'differences are'} outside the closure (--all lists them).`,
  auditingTags: (count: number) => `Reading ${count} ${count === 1 ? 'tag' : 'tags'} from the clone’s objects`,
  /** Where a build stands. `total`: the steps of the last build of this kind, where there was one; `step`: the one that spoke last. */
  building: (at: {
    readonly clock: string;
    readonly finished: number;
    readonly running: number;
    readonly step: { readonly words: string; readonly seconds: number } | null;
    readonly last: { readonly steps: number; readonly seconds: number } | null;
  }) => {
    const { clock, finished, running, step, last } = at;
    // A build that has more steps than the last one is another build.
    const known = last !== null && finished + running <= last.steps;
    const others = step !== null && running > 1 ? `, and ${running - 1} more` : '';
    return [
      clock,
      known ? `${finished} of ${last.steps} steps` : `${finished} ${finished === 1 ? 'step' : 'steps'}`,
      ...(step === null ? [] : [`${step.words} (${step.seconds.toFixed(0)} s)${others}`]),
      ...(last === null ? [] : [`last time ${duration(last.seconds)}`]),
    ].join('  ');
  },
  nothingToApply: 'the tree is built as it is',
  wouldFetch: 'What a build would fetch:',
  storeEmpty: (store: string) => `The store of sources is empty (${store}).`,
  storeHolds: (amount: string, store: string) => `${amount} in ${store}`,
  storeSound: (count: number) => `${count} stored ${count === 1 ? 'source is' : 'sources are'} sound, to the last bit.`,
  nothingOld: 'Nothing in the store is so old.',
  remains: (path: string) => `Left by a killed run, or damaged: ${path}`,
  removed: 'removed',
  inUse: (pid: number) => `in use (process ${pid})`,
  freed: (amount: string) => `${amount} freed.`,
  fetchSource: 'Fetch the source',
  checkSource: 'Check the commit',
  fetchSources: 'Fetch the components',
  placeSources: 'Hand over the components',
  sourcesByMirror: 'the build fetches them itself',
  noSources: 'this build fetches none with git',
  scan: 'Find the egress points',
  probe: 'Measure the mirrors',
  probing: (done: number, all: number) => `${done} of ${all} answers`,
  probed: (objects: number) => `${objects} ${objects === 1 ? 'object' : 'objects'} looked for`,
  choiceKept: (day: string) => `as measured on ${day}`,
  noProbe: '--no-probe',
  profileNotMeasured: (name: string) => `profile ${name} is taken as it stands`,
  sampleAsked: (image: string) =>
    `No mirror serves a clone of moby, so no tree says what it needs; ordinary objects were asked for instead (${image} and others).`,
  catalogueOf: (count: number, day: string) =>
    `${count} ${count === 1 ? 'entry' : 'entries'}, gathered on ${day}. Only those that are alive or degraded are ever chosen.`,
  probeTook: (profile: string, objects: number, time: string) =>
    `Profile ${profile}: ${objects} ${objects === 1 ? 'object' : 'objects'} looked for, in ${time}.`,
  profileSaved: (file: string) => `What was chosen is in ${file}: moby-build --profile ${quoteWord(file)} takes it.`,
  engineTrust: (registries: readonly string[]) => ({
    message: `The steps of the build believe the certificates of --ca. The engine fetches images by itself (${registries.join(', ')}) and goes by its own trust.`,
    hint: `Where a registry's certificate is of that authority, put it on the engine's machine: /etc/docker/certs.d/${registries[0] ?? 'HOST'}/ca.crt. No restart is needed.`,
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
  registryLogin: (hosts: readonly string[]) => ({
    message: `The engine pulls images with the logins of the docker client. A build hands it those of --netrc; the printed command does not.`,
    hint: `Before it: ${hosts.map((host) => `docker login ${host}`).join('; ')}`,
  }),
  nobodyToAsk: 'The profile names nobody.',
  measuring: 'Asking the mirrors for what this tree needs',
  pinImages: 'Pin base images',
  imagesPinned: (count: number, asked: number) =>
    count === 0
      ? 'none is to be fetched'
      : `${count} by digest${asked === 0 ? ', known before' : asked === count ? '' : `, ${asked} of them asked for`}`,
  byTag: (references: readonly string[]) =>
    `Nobody was asked, so ${references.join(', ')} ${references.length === 1 ? 'stays' : 'stay'} by tag; a build settles the digest.`,
  argumentByTag: (reference: string, name: string) =>
    `${reference} is named by a build argument and stays by tag: the engine takes whatever that is (--trust-image ${name}).`,
  digestBasis: (basis: string, operators: readonly string[], sources: readonly string[] = []) =>
    ({
      user: 'the digest is yours',
      tree: 'the digest stands in the tree',
      lock: 'the digest is that of the lock file',
      table: `the digest is publicly documented, by ${sources.join(', ')}`,
      documented: `the digest is named alike by ${[...operators, ...sources].join(', ')}`,
      official: 'the official registry says the digest',
      operators: `the digest is named alike by ${operators.join(', ')}`,
      trusted: 'the digest is what this mirror says',
    })[basis] ?? basis,
  lock: 'Compare with the lock file',
  lockHeld: 'as the lock file holds it',
  served: (suites: number, modules: number) =>
    suites + modules === 0
      ? 'nothing that has a date or a sum'
      : [
          ...(suites === 0 ? [] : [`${suites} suites dated`]),
          ...(modules === 0 ? [] : [`${modules} modules summed`]),
        ].join(', '),
  servedUnknown: (what: string, reason: string) => `${what} is not in the lock file: ${reason}.`,
  plan: 'Plan the rewrites',
  apply: 'Apply the patches',
  prove: 'Scan again: every point as planned',
  build: 'Compile',
  fetchAgain: (mirror: string, what: string, reason: string, seconds: number) =>
    `${mirror} did not serve ${what}: ${reason}. It is asked again in ${seconds} s.`,
  buildAgain: (what: string, url: string, seconds: number, attempt: number) =>
    `The build failed at ${url}: ${what}. It runs again in ${seconds} s (try ${attempt} of 3); finished steps are kept.`,
  mirrorSwitched: (from: string, what: string, url: string, to: string) =>
    `${from} failed the build at ${url}: ${what}. It is planned again with ${to}.`,
  engineGone: (said: string) => ({
    message: `The engine went away while it built: ${said}.`,
    hint: 'Start the engine again, then run the same command again: finished steps are kept.',
  }),
  collect: 'Collect the binaries',
  verify: 'Verify the binaries',
  manifest: 'Write the manifest',
  nothingToClean: 'Nothing is left of earlier runs.',
  notRemoved: 'not removed',
  cleanNeedsYes: 'Nothing was removed. Add --yes to remove this.',
  dryRun: 'Dry run: nothing was written.',
  interrupted: 'Nothing is half done; what is finished is kept, and the same command goes on from it.',
  patchesApplied: (count: number) => `${count} ${count === 1 ? 'patch' : 'patches'} applied`,
  alreadyApplied: 'The tree has these patches already; nothing was changed.',
  patchesWritten: (count: number, directory: string) =>
    `${count} ${count === 1 ? 'patch' : 'patches'} and a series file in ${directory}`,
  covered: (covered: number, closure: number, target: string) =>
    covered === closure
      ? `All ${closure} places that the target ${target} can reach are covered.`
      : `${covered} of the ${closure} places that the target ${target} can reach are covered;\n${closure - covered} ${closure - covered === 1 ? 'is left as it is' : 'are left as they are'}.`,
  outsideClosure: (count: number, target: string) =>
    `${count} more ${count === 1 ? 'place is' : 'places are'} outside what ${target} needs\n(--verbose lists them, --all rewrites them).`,
  unknownPlaces: (count: number) =>
    `${count} ${count === 1 ? 'place looks' : 'places look'} like network use and could not be placed:`,
  commandToRun: 'The command that a build runs:',
  builtIn: (directory: string) => `The binaries are in ${directory}`,
  logIn: (path: string) => `The whole log: ${path}`,
} as const;
