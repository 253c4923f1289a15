import * as z from 'zod';
import { cacheText, DIRECTORY_FIELD, readCache, readCaches, type CacheDirection } from '../../build-cache.ts';
import { BUILDING, PLANNING, PROBING, option, type PathBase } from './option.ts';
import { absolutePath } from './paths.ts';
import { extraHost, pairs, plainText, shaped, withoutCredentials } from './values.ts';

/** Whole seconds; more than a day would be a mistake. */
const stallSeconds = z
  .union([z.number(), z.string().regex(/^\d+$/u).transform(Number)], 'must be a whole number of seconds')
  .refine((value) => Number.isInteger(value) && value >= 0 && value <= 86_400, 'must be from 0 to 86400 seconds');

/**
 * buildx writes the digest of one cache into the index of every local one, whichever it is: the local one cannot be read again (BuildKit,
 * client/solve.go, storesToUpdate at v0.18.2; seen with buildx 0.13.1).
 */
function refuseLocalBeside(values: readonly string[], context: z.RefinementCtx): void {
  if (values.length < 2 || !readCaches(values, 'to').some(({ type }) => type === 'local')) return;
  context.addIssue({
    code: 'custom',
    message: 'type=local must be the only one: beside another, buildx writes an index to it that names the other one',
  });
}

/** A cache beyond the builder, as `readCache` reads it. */
const cache = (direction: CacheDirection) =>
  withoutCredentials.superRefine((value, context) => {
    const read = readCache(value, direction);
    if (typeof read === 'string') context.addIssue({ code: 'custom', message: read });
  });

/** make runs in the tree: a directory is named from the root. */
function located(value: string, direction: CacheDirection, base: PathBase): string {
  const read = readCache(value, direction);
  if (typeof read === 'string' || read.type !== 'local') return value;
  const field = DIRECTORY_FIELD[direction];
  return cacheText({ ...read, fields: { ...read.fields, [field]: absolutePath(read.fields[field] ?? '', base) } });
}

/** How the build is run, and where its files go. */
export const BUILD_OPTIONS = {
  dryRun: option({
    flag: 'dry-run',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Show the plan (patch set, what is fetched, the command; for matrix the cells) and write nothing.',
    placeholder: '',
    group: 'Build',
    commands: ['build', 'matrix', 'clean'],
    inFile: false,
  }),
  bundle: option({
    flag: 'bundle',
    form: 'list',
    commas: false,
    schema: z.array(plainText),
    fallback: [],
    description:
      'build: take everything from this file of bundle create; nobody is asked, and no step has a network. Repeatable: a bundle made with --since, and the older one. sbom: the bundle of the build, which has the digests of the Debian packages. bundle want: a bundle that is there.',
    placeholder: 'FILE',
    group: 'Build',
    commands: ['build', 'sbom', 'bundle'],
    actions: ['want'],
    inFile: false,
    locate: (files, base) => files.map((file) => absolutePath(file, base)),
  }),
  workDir: option({
    flag: 'work-dir',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: "in the user's cache, one folder for each ref and arch",
    description: 'Where trees and logs are kept.',
    placeholder: 'DIR',
    group: 'Build',
    commands: ['build', 'patch', 'doctor', 'cache', 'clean', 'report', 'bundle'],
    inFile: true,
    locate: absolutePath,
  }),
  out: option({
    flag: 'out',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText:
      'build: ./moby-<ref>-linux-<arch>; patch, bundle want: stdout; pack: DIR-packages; bundle create: needed',
    description:
      'Where the binaries (build), the numbered patches (patch) or the packages (pack) go; bundle create, bundle want: the file to write.',
    placeholder: 'DIR',
    group: 'Build',
    commands: [...PLANNING, 'pack', 'bundle'],
    inFile: true,
    locate: absolutePath,
  }),
  report: option({
    flag: 'report',
    form: 'list',
    commas: false,
    schema: z.array(shaped(/\.(?:html|md)$/iu, 'a file whose name ends with .html or .md')),
    fallback: [],
    description:
      'Write a report of the run to this file, also where it fails; .html or .md (for a job summary). Repeatable.',
    placeholder: 'FILE',
    group: 'Build',
    commands: [...BUILDING, 'report'],
    inFile: true,
    locate: (files, base) => files.map((file) => absolutePath(file, base)),
  }),
  docker: option({
    flag: 'docker',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'docker on PATH',
    description: 'The docker client to use.',
    placeholder: 'PATH',
    group: 'Build',
    commands: BUILDING,
    inFile: true,
    locate: (value, base) => (value.includes('/') ? absolutePath(value, base) : value),
  }),
  dockerContext: option({
    flag: 'docker-context',
    form: 'value',
    schema: shaped(/^[a-z0-9][\w.+-]*$/iu, 'the name of a docker context (docker context ls shows them)'),
    fallback: null,
    fallbackText: "docker's own choice",
    description: 'The docker context whose engine builds.',
    placeholder: 'NAME',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
  }),
  buildArgs: option({
    flag: 'build-arg',
    form: 'pairs',
    schema: pairs(/^[a-z_]\w*$/iu, 'a name of letters, digits and underscores', plainText.or(z.literal(''))).refine(
      // BuildKit takes it for the frontend, whatever the Dockerfile's first line says: no plan would show that image, and nobody check it.
      (args) => !Object.hasOwn(args, 'BUILDKIT_SYNTAX'),
      { error: 'would take a frontend past the plan; use --frontend REF', path: ['BUILDKIT_SYNTAX'] },
    ),
    fallback: {},
    description: 'A build argument for the Dockerfile. Repeatable.',
    placeholder: 'NAME=VALUE',
    group: 'Build',
    commands: PROBING,
    inFile: true,
  }),
  sourceDate: option({
    flag: 'source-date',
    form: 'boolean',
    schema: z.boolean(),
    fallback: true,
    description: 'Stamp dockerd with the time of the source, so that building it again gives the same bytes.',
    placeholder: '',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
  }),
  network: option({
    flag: 'network',
    form: 'value',
    schema: shaped(/^[a-z0-9][\w.:-]*$/iu, 'a network mode, such as host'),
    fallback: null,
    description: 'Network mode of the RUN steps.',
    placeholder: 'MODE',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
  }),
  stallTimeout: option({
    flag: 'stall-timeout',
    form: 'value',
    schema: stallSeconds,
    // Long: a step that fetches may also compile, and under emulation that takes its time and prints nothing.
    fallback: 1800,
    description:
      'If a build step uses the network and prints nothing for this many seconds, end it and continue with the next mirror; 0: never.',
    placeholder: 'SECONDS',
    group: 'Build',
    commands: BUILDING,
    inFile: true,
  }),
  addHosts: option({
    flag: 'add-host',
    form: 'list',
    commas: true,
    schema: z.array(extraHost),
    fallback: [],
    description: 'An extra line of /etc/hosts for the RUN steps. Repeatable.',
    placeholder: 'HOST:IP',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
  }),
  dockerBuildOpts: option({
    flag: 'docker-build-opt',
    form: 'list',
    schema: z.array(plainText),
    fallback: [],
    description: 'One more argument for docker build (--docker-build-opt=--no-cache). Repeatable.',
    placeholder: 'ARG',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
  }),
  cacheFrom: option({
    flag: 'cache-from',
    form: 'list',
    commas: false,
    schema: z.array(cache('from')),
    fallback: [],
    description: 'A cache that steps are taken from: type=registry,ref=…, local, gha, s3 or azblob. Repeatable.',
    placeholder: 'CACHE',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
    locate: (values, base) => values.map((value) => located(value, 'from', base)),
  }),
  cacheTo: option({
    flag: 'cache-to',
    form: 'list',
    commas: false,
    schema: z.array(cache('to')).superRefine(refuseLocalBeside),
    fallback: [],
    description: 'A cache that the results of all steps are written to. Repeatable.',
    placeholder: 'CACHE',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
    locate: (values, base) => values.map((value) => located(value, 'to', base)),
  }),
  makeArgs: option({
    flag: 'make-arg',
    form: 'list',
    schema: z.array(plainText),
    fallback: [],
    description: "One more argument on make's command line (PRODUCT=mine). Repeatable.",
    placeholder: 'ARG',
    group: 'Build',
    commands: PLANNING,
    inFile: true,
  }),
} as const;
