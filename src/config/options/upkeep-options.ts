import * as z from 'zod';
import { option } from './option.ts';
import { absolutePath } from './paths.ts';
import { ARCH_NAMES } from '../../cpus.ts';
import { arch, listenAddress, plainText } from './values.ts';

/** What is done with what the checks of the machine find. */
export const DOCTOR_OPTIONS = {
  fix: option({
    flag: 'fix',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description:
      'Install the packages that are missing: shows each command, asks once (--yes: does not), removes nothing.',
    placeholder: '',
    group: 'Build',
    commands: ['doctor'],
    inFile: false,
  }),
  share: option({
    flag: 'share',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Leave paths, hosts, addresses and names out of the report, for others to read.',
    placeholder: '',
    group: 'Output',
    commands: ['doctor'],
    inFile: false,
  }),
} as const;

/** `2G` → bytes. What is smaller than a part that anybody would carry is a slip of the hand. */
const partSize = z
  .string()
  .regex(/^\d{1,6}[KMG]i?B?$/iu, 'must be a size, such as 2G or 700M')
  .transform(
    (text) => Number.parseInt(text, 10) * 1024 ** (1 + 'KMG'.indexOf((/[KMG]/iu.exec(text)?.[0] ?? '').toUpperCase())),
  )
  .refine((bytes) => bytes >= 64 * 1024, 'must be 64K at least');

/** How a bundle is made and served. */
export const BUNDLE_OPTIONS = {
  builderArch: option({
    flag: 'builder-arch',
    form: 'value',
    schema: arch,
    fallback: null,
    fallbackText: 'that of --arch',
    description:
      'bundle create: CPU architecture of the machine that will build. From 23.0 on it cross-compiles; older builds are emulated.',
    placeholder: 'ARCH',
    values: ARCH_NAMES,
    group: 'Build',
    commands: ['bundle'],
    actions: ['create'],
    inFile: false,
  }),
  since: option({
    flag: 'since',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'bundle create: leave out what this older bundle has; a build from the new one needs both.',
    placeholder: 'FILE',
    group: 'Build',
    commands: ['bundle'],
    actions: ['create'],
    inFile: false,
    locate: absolutePath,
  }),
  want: option({
    flag: 'want',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'bundle create: make what this file of bundle want asks for, without what is there.',
    placeholder: 'FILE',
    group: 'Build',
    commands: ['bundle'],
    actions: ['create'],
    inFile: false,
    locate: absolutePath,
  }),
  split: option({
    flag: 'split',
    form: 'value',
    schema: partSize,
    fallback: null,
    fallbackText: 'one file',
    description:
      'bundle create: write parts of this size (2G, 700M), FILE.001 and so on, and FILE.sha256, the list of them.',
    placeholder: 'SIZE',
    group: 'Output',
    commands: ['bundle'],
    actions: ['create'],
    inFile: false,
  }),
  listen: option({
    flag: 'listen',
    form: 'value',
    schema: listenAddress,
    fallback: { address: '127.0.0.1', port: 8470 },
    fallbackText: '127.0.0.1:8470',
    description: 'bundle serve: the address and port to serve at; port 0 takes a free one.',
    placeholder: 'ADDRESS:PORT',
    group: 'Output',
    commands: ['bundle'],
    actions: ['serve'],
    inFile: false,
  }),
} as const;

/** Longer than anybody keeps a cache, and still a date. */
const MOST_DAYS = 36_500;

/** What of the store of sources is meant. */
export const CACHE_OPTIONS = {
  olderThan: option({
    flag: 'older-than',
    form: 'value',
    schema: z
      .string()
      .regex(/^\d+$/u, 'must be a number of days')
      .transform(Number)
      .refine((days) => days <= MOST_DAYS, `must be ${String(MOST_DAYS)} days at most`),
    fallback: null,
    fallbackText: 'all of it',
    description: 'prune: only sources that no run has used for this many days.',
    placeholder: 'DAYS',
    group: 'Build',
    commands: ['cache'],
    inFile: false,
  }),
} as const;
