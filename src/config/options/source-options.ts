import * as z from 'zod';
import { BUILDING, PLANNING, PROBING, option } from './option.ts';
import { absolutePath } from './paths.ts';
import { arch, commitId, gitRefOrRange, holdsCredentials, plainText, shaped, word } from './values.ts';
import { ARCH_NAMES } from '../../cpus.ts';
import { TARGET_NAMES } from '../../types.ts';

export const DEFAULT_REF = 'v20.10.12';
export const DEFAULT_SOURCE = 'https://github.com/moby/moby.git';

/** Where the tree comes from: a git URL, or a directory (absolute path). */
export type SourceLocation =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'directory'; readonly path: string };

/** A scheme that git fetches from, or git's `user@host:path`. `ext::` and other helpers are none: they run commands. */
const GIT_URL = /^(?:(?:https?|git|ssh|file):\/\/|[a-z0-9_][\w.-]*@[\w.-]+:)/iu;

const sourceLocation = plainText
  .refine(
    (value) => GIT_URL.test(value) || !/^[a-z0-9+.-]+:/iu.test(value),
    'must be an https, http, git, ssh or file URL, or a directory',
  )
  .refine(
    (value) => !/^https?:/iu.test(value) || !holdsCredentials(value),
    'holds a user name or password; a git credential helper keeps them out of logs',
  )
  .refine((value) => !value.startsWith('-'), 'must not start with a dash')
  .transform((value): SourceLocation =>
    GIT_URL.test(value) ? { kind: 'url', url: value } : { kind: 'directory', path: value },
  );

/** Which tree is built, and for what. */
export const SOURCE_OPTIONS = {
  ref: option({
    flag: 'ref',
    form: 'value',
    schema: gitRefOrRange,
    fallback: null,
    fallbackText: `${DEFAULT_REF}; with a source directory, the tag of its HEAD`,
    description:
      'The tag of moby to build; audit also takes A..B: what changed between two tags. bundle create: repeatable, or a list as for --refs.',
    placeholder: 'TAG',
    several: 'refs',
    group: 'Source',
    commands: PROBING,
    inFile: true,
  }),
  source: option({
    flag: 'source',
    form: 'value',
    schema: sourceLocation,
    fallback: { kind: 'url', url: DEFAULT_SOURCE },
    fallbackText: DEFAULT_SOURCE,
    description: 'A git URL to clone from, or an existing tree, which is copied and never written to.',
    placeholder: 'URL|DIR',
    group: 'Source',
    commands: PROBING,
    inFile: true,
    locate: (value, base): SourceLocation =>
      value.kind === 'url' ? value : { kind: 'directory', path: absolutePath(value.path, base) },
  }),
  commit: option({
    flag: 'commit',
    form: 'value',
    schema: commitId,
    fallback: null,
    description: 'The full commit id of the ref, if the built-in table lacks the ref or has another id.',
    placeholder: 'SHA',
    group: 'Source',
    commands: PROBING,
    inFile: true,
  }),
  inPlace: option({
    flag: 'in-place',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Patch and build the source directory itself instead of a copy.',
    placeholder: '',
    group: 'Source',
    commands: BUILDING,
    inFile: false,
  }),
  arch: option({
    flag: 'arch',
    form: 'value',
    schema: arch,
    fallback: null,
    fallbackText: "this machine's",
    description:
      'CPU architecture to build for: amd64 (x86_64), arm64 (aarch64), …. --platform linux/arm64 is the same. bundle create: repeatable.',
    placeholder: 'ARCH',
    several: 'arches',
    values: ARCH_NAMES,
    aliases: ['platform'],
    group: 'Source',
    commands: ['build', 'patch', 'audit', 'mirrors', 'verify', 'smoke', 'pack', 'doctor', 'bundle'],
    inFile: true,
  }),
  emulate: option({
    flag: 'emulate',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description:
      'Run the steps of 20.10 and 22.06 for another architecture under emulation, about ten times slower, instead of cross-compiling between amd64 and arm64.',
    placeholder: '',
    group: 'Source',
    commands: [...PLANNING, 'mirrors'],
    inFile: true,
  }),
  lean: option({
    flag: 'lean',
    form: 'boolean',
    schema: z.boolean(),
    fallback: null,
    fallbackText: 'left out where a profile chooses mirrors',
    description:
      'Keep what a Linux build fetches and does not use (mingw, go-winres), and apt’s lists for each stage. audit shows the tree as it is.',
    placeholder: '',
    group: 'Source',
    commands: [...PLANNING, 'mirrors', 'bundle'],
    inFile: true,
    negated: true,
  }),
  target: option({
    flag: 'target',
    form: 'value',
    schema: word(TARGET_NAMES),
    fallback: 'binary',
    description:
      'What to build: static binaries (binary), binaries linked against the C library (dynbinary), or all. From 23.0 on, binary is only dockerd and docker-proxy.',
    placeholder: 'TARGET',
    several: 'targets',
    group: 'Source',
    commands: PROBING,
    inFile: true,
  }),
  withDeps: option({
    flag: 'with-deps',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description:
      'Also build containerd, runc and the other programs that the daemon calls. This is target all from 23.0 on; older series always do it.',
    placeholder: '',
    group: 'Source',
    commands: PROBING,
    inFile: true,
  }),
  suite: option({
    flag: 'suite',
    form: 'value',
    schema: shaped(/^[a-z][a-z0-9-]*$/u, 'the name of a Debian release, such as bookworm'),
    fallback: null,
    fallbackText: "the tree's own",
    description:
      'Move the build to another Debian release: base image, package sources, and the lines of the tree that name its own release.',
    placeholder: 'NAME',
    group: 'Source',
    commands: PROBING,
    inFile: true,
  }),
} as const;
