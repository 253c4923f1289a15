import * as z from 'zod';
import { MIRROR_KEY_FORMS, MIRROR_KINDS, readMirrorKey } from '../../names.ts';
import { suggestion } from '../nearest.ts';
import { BUILDING, DECIDING, PLANNING, PROBING, option } from './option.ts';
import { absolutePath, looksLikeFile } from './paths.ts';
import { imageRef, pairs, plainText, withoutCredentials, word } from './values.ts';

/** The profiles that come with moby-build; any other value is a file. */
export const PROFILE_NAMES = ['auto', 'cn', 'upstream', 'direct', '163'] as const;

const isProfileName = (value: string) => PROFILE_NAMES.some((name) => name === value);

const profile = plainText.superRefine((value, context) => {
  if (isProfileName(value) || looksLikeFile(value)) return;
  context.addIssue({
    code: 'custom',
    message: `must be one of ${PROFILE_NAMES.join(', ')}, or a file (./NAME, NAME.yaml, NAME.json)${suggestion(value, PROFILE_NAMES)}`,
  });
});

const FORMS = MIRROR_KEY_FORMS.join(', ');

/** A kind, or one of its parts: `git`, `git:OWNER/REPO`. JavaScript knows `__proto__` for something else; no kind is named so. */
const mirrorKey = z.string().superRefine((key, context) => {
  if (readMirrorKey(key) !== null) return;
  context.addIssue({ code: 'custom', message: `is none of ${FORMS}${suggestion(key, MIRROR_KINDS)}` });
});

/** What is fetched from where. */
export const MIRROR_OPTIONS = {
  profile: option({
    flag: 'profile',
    form: 'value',
    schema: profile,
    fallback: 'auto',
    description: `An ordered list of mirrors for each kind: ${PROFILE_NAMES.join(', ')}, or a YAML or JSON file.`,
    placeholder: 'NAME|FILE',
    values: PROFILE_NAMES,
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
    locate: (value, base) => (isProfileName(value) ? value : absolutePath(value, base)),
  }),
  mirrors: option({
    flag: 'mirror',
    form: 'pairs',
    schema: z.record(mirrorKey, withoutCredentials),
    fallback: {},
    description: `The mirror to use for one kind of object, or for a part of it; overrides the profile. Kinds: ${FORMS}. Repeatable.`,
    placeholder: 'KIND=VALUE',
    names: MIRROR_KINDS,
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
  }),
  images: option({
    flag: 'image',
    form: 'pairs',
    schema: pairs(/^[a-z0-9][a-z0-9._/-]*$/u, 'the name of an image, such as golang or djs55/vpnkit', imageRef),
    fallback: {},
    description: 'Use this image for that name (golang=registry.example/golang:1.16.12-buster). Repeatable.',
    placeholder: 'NAME=REF',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
  }),
  base: option({
    flag: 'base',
    form: 'value',
    schema: word(['images', 'debian', 'auto']),
    fallback: 'images',
    description:
      "What the build starts from: images of a registry, stages made of Debian's signed packages and Go (debian), or those where no registry is believed (auto).",
    placeholder: 'WAY',
    group: 'Mirrors',
    commands: PLANNING,
    inFile: true,
  }),
  sources: option({
    flag: 'sources',
    form: 'value',
    schema: word(['mirror', 'host']),
    fallback: null,
    fallbackText: 'host; mirror for the profiles 163 and direct, and with --in-place',
    description:
      'How the build gets the components: mirror (each in its own build step) or host (fetched and checked by this machine before the build).',
    placeholder: 'WAY',
    group: 'Mirrors',
    commands: BUILDING,
    inFile: true,
  }),
  frontend: option({
    flag: 'frontend',
    form: 'value',
    schema: imageRef,
    fallback: null,
    fallbackText: "the profile's choice",
    description: "The Dockerfile frontend: `builtin` for the engine's own, or an image.",
    placeholder: 'builtin|REF',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
  }),
  without: option({
    flag: 'without',
    form: 'list',
    commas: true,
    schema: z.array(word(['vpnkit'])),
    fallback: [],
    description: 'Leave a component out (vpnkit). Repeatable.',
    placeholder: 'NAME',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
  }),
  probe: option({
    flag: 'probe',
    form: 'boolean',
    schema: z.boolean(),
    fallback: true,
    description: 'Use the order of the profile without measuring mirrors.',
    placeholder: '',
    group: 'Mirrors',
    commands: DECIDING,
    inFile: true,
    negated: true,
  }),
  offline: option({
    flag: 'offline',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description:
      'Ask no server: take everything from the store and from the engine; what is missing is listed before anything is built. --bundle implies it.',
    placeholder: '',
    group: 'Mirrors',
    commands: ['build', 'patch', 'audit'],
    inFile: true,
  }),
  sourcesList: option({
    flag: 'sources-list',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'Use your own sources in stage base: the lines of a sources.list, or the stanzas of a .sources file.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: PROBING,
    inFile: true,
    locate: absolutePath,
  }),
  aptKeyring: option({
    flag: 'apt-keyring',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'A keyring for apt, if the keyring of the base image is too old for the suite.',
    placeholder: 'FILE',
    group: 'Mirrors',
    commands: DECIDING,
    inFile: true,
    locate: absolutePath,
  }),
  all: option({
    flag: 'all',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Also rewrite the egress points outside the closure of the target; audit: list them too.',
    placeholder: '',
    group: 'Mirrors',
    commands: DECIDING,
    inFile: true,
  }),
  allowUncovered: option({
    flag: 'allow-uncovered',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'Build even if egress points in the closure are left unchanged.',
    placeholder: '',
    group: 'Mirrors',
    commands: [...BUILDING, 'bundle'],
    inFile: true,
  }),
} as const;
