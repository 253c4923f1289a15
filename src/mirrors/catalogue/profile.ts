import { z } from 'zod';
import { MIRROR_KEY_FORMS, MIRROR_KINDS, readMirrorKey } from '../../names.ts';
import type { MirrorKind } from '../../types.ts';

const entries = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'is a text or a list of texts');

const about: Readonly<Record<MirrorKind, string>> = {
  frontend:
    'The image of the `# syntax` line: `builtin` drops the line, `official` keeps it, else a catalogue id or an image template.',
  image:
    'Base images: catalogue ids, `official`, or templates such as registry.example/hub/{image}; {short} is the name without library/, {name} its last part.',
  apt: 'Debian packages: catalogue ids, `official`, or bases before /debian.',
  'apt-security': 'Debian security updates: bases before /debian-security. Without it the apt mirror is used.',
  git: 'Clones: catalogue ids, `official`, or templates such as https://git.example/{owner}/{repo}.git.',
  gomod: 'Go module proxies, asked in this order.',
  gosumdb: 'The checksum database of Go modules: a name, name+hash+key, or off.',
  http: 'Downloads by curl, wget or ADD: catalogue ids, `official`, or templates.',
  pip: 'The index of Python packages.',
};

/** What a user's profile file holds. An entry of a list is a catalogue id, `official`, or a mirror value. */
export const profileSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'is a plain name: letters, digits, . _ -')
    .describe('Shown in reports and in the manifest.'),
  about: z.string().max(400).optional().describe('One sentence for people.'),
  mirrors: z
    .object(
      Object.fromEntries(MIRROR_KINDS.map((kind) => [kind, entries.optional().describe(about[kind])])) as {
        [K in MirrorKind]: z.ZodOptional<typeof entries>;
      },
    )
    // `git:containerd/containerd`, `apt:bookworm-security`
    .catchall(entries)
    .superRefine((value, context) => {
      for (const key of Object.keys(value))
        if (readMirrorKey(key) === null)
          context.addIssue({ code: 'custom', path: [key], message: `is none of ${MIRROR_KEY_FORMS.join(', ')}` });
    })
    .describe('For each kind the mirrors in the order of preference.'),
});

/** The mirrors of one part of a kind, in the order of preference. */
export interface ProfilePart {
  readonly kind: MirrorKind;
  readonly part: string;
  readonly values: readonly string[];
}

/** An ordered list of mirrors for each kind. */
export interface Profile {
  readonly name: string;
  readonly about?: string | undefined;
  /**
   * `chosen`: from the lists below; `recipe`: the recipe of 2022 to the letter, with its gaps; `untouched`: no change at all.
   */
  readonly style: 'chosen' | 'recipe' | 'untouched';
  /** true: its mirrors are measured before a choice; else its order stands. */
  readonly measured?: boolean | undefined;
  readonly mirrors: Readonly<{ [K in MirrorKind]?: readonly string[] | undefined }>;
  /** Mirrors of single repositories and suites, in place of those of the whole kind. */
  readonly parts?: readonly ProfilePart[] | undefined;
}

const CN: Profile['mirrors'] = {
  frontend: ['builtin'],
  // Nobody knows who runs two of them: 1panel is the second voice besides daocloud, which has few images.
  image: ['daocloud', '1ms', 'dockerproxy.net', '1panel'],
  // 163 and nju carry archived suites too, but one is slow and the other is not seen to serve plain http.
  apt: ['aliyun', 'tencent', 'ustc', 'tuna', '163', 'nju'],
  git: ['ghfast.top', 'hk.gh-proxy.org', 'wget.la', 'githubfast.com', 'gitclone.com'],
  // No `direct` at the end: it would clone from hosts that no mirror stands for.
  gomod: ['goproxy.cn', 'aliyun', 'goproxy.io'],
  http: ['ghfast.top', 'wget.la', 'aliyun-docker-ce'],
};

/** The profiles that come with the product. */
export const PROFILES: readonly Profile[] = [
  {
    name: 'auto',
    about: 'Every usable mirror of the catalogue and the official hosts, measured.',
    style: 'chosen',
    measured: true,
    mirrors: CN,
  },
  {
    name: 'cn',
    about: 'Mirrors in China for everything that the build reaches, measured.',
    style: 'chosen',
    measured: true,
    mirrors: CN,
  },
  {
    name: 'upstream',
    about: "The official hosts; archived suites at Debian's archive.",
    style: 'chosen',
    mirrors: {
      frontend: ['official'],
      image: ['official'],
      apt: ['official', 'archive.debian.org'],
      git: ['official'],
      gomod: ['official'],
      http: ['official'],
      pip: ['official'],
    },
  },
  { name: 'direct', about: 'No change at all: the tree as it is.', style: 'untouched', mirrors: {} },
  {
    name: '163',
    about: 'The recipe of 2022 for moby v20.10.12, to the letter.',
    style: 'recipe',
    mirrors: { apt: ['163'], git: ['ghproxy.com'], gomod: ['goproxy.cn'] },
  },
];

/** The built-in profile of that name, or undefined. */
export function builtinProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
