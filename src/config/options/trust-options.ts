import * as z from 'zod';
import { BUILDING, PLANNING, option } from './option.ts';
import { absolutePath } from './paths.ts';
import { plainText, shaped } from './values.ts';

/** What is believed, and what a build is held against. */
export const TRUST_OPTIONS = {
  trustImages: option({
    flag: 'trust-image',
    form: 'list',
    commas: true,
    schema: z.array(shaped(/^(?:\*|[a-z0-9][a-z0-9._/-]*)$/u, 'the name of an image, such as golang, or *')),
    fallback: [],
    description:
      'Take the digest of this image from the first mirror that has it, without a second witness (* for all images). Repeatable.',
    placeholder: 'NAME',
    group: 'Mirrors',
    commands: [...PLANNING, 'bundle'],
    inFile: true,
  }),
  lock: option({
    flag: 'lock',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'with --locked: ./moby-build.lock',
    description:
      'A lock file. Its digests count as known, and a build writes what it used to it. With --locked it is only read.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: [...PLANNING, 'bundle'],
    inFile: true,
    locate: absolutePath,
  }),
  seal: option({
    flag: 'seal',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description:
      'Let the steps of the build reach the hosts of the plan alone, and with --bundle none; the manifest lists each host that was contacted.',
    placeholder: '',
    group: 'Mirrors',
    commands: ['build'],
    inFile: true,
  }),
  sealHosts: option({
    flag: 'seal-host',
    form: 'list',
    commas: true,
    schema: z.array(shaped(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu, 'the name of a host, such as cdn.example')),
    fallback: [],
    description:
      'With --seal: one more host that the build may reach, such as one that a registry sends it to. Repeatable.',
    placeholder: 'HOST',
    group: 'Mirrors',
    commands: ['build'],
    inFile: true,
  }),
  sealImage: option({
    flag: 'seal-image',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'the one that buildx takes, of Docker Hub',
    description: 'With --seal: the image of BuildKit for the builder that is made for this build alone.',
    placeholder: 'REF',
    group: 'Mirrors',
    commands: ['build'],
    inFile: true,
  }),
  locked: option({
    flag: 'locked',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Refuse to build anything that differs from the lock file.',
    placeholder: '',
    group: 'Mirrors',
    commands: BUILDING,
    inFile: true,
  }),
} as const;
