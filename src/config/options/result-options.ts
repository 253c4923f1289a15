import * as z from 'zod';
import { option } from './option.ts';
import { plainText, shaped, word } from './values.ts';
import { absolutePath } from './paths.ts';

const checkId = shaped(/^[a-z0-9][a-z0-9-]*$/u, 'the id of a check (--list shows them)');

/** What of a daemon's start-up is looked at. */
export const SMOKE_OPTIONS = {
  smoke: option({
    flag: 'smoke',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description:
      'Start the built daemon, apart from the daemon of this machine, and check its start-up (needs root); doctor: check what that needs.',
    placeholder: '',
    group: 'Build',
    commands: ['build', 'doctor'],
    inFile: true,
  }),
  only: option({
    flag: 'only',
    form: 'list',
    commas: true,
    schema: z.array(checkId),
    fallback: [],
    description: 'Run only this check. Repeatable.',
    placeholder: 'ID',
    group: 'Build',
    commands: ['smoke', 'doctor'],
    inFile: false,
  }),
  skip: option({
    flag: 'skip',
    form: 'list',
    commas: true,
    schema: z.array(checkId),
    fallback: [],
    description: 'Skip this check. Repeatable.',
    placeholder: 'ID',
    group: 'Build',
    commands: ['smoke'],
    inFile: false,
  }),
  list: option({
    flag: 'list',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'List the checks; start nothing.',
    placeholder: '',
    group: 'Build',
    commands: ['smoke', 'doctor'],
    inFile: false,
  }),
} as const;

/** What a result is held against besides what lies beside it, and what goes into packages of it. */
export const RESULT_OPTIONS = {
  provenance: option({
    flag: 'provenance',
    form: 'value',
    schema: plainText,
    fallback: null,
    description: 'Also check this statement of provenance: files, upstream, mirrors, patches, builder. Asks nobody.',
    placeholder: 'FILE',
    group: 'Build',
    commands: ['verify'],
    inFile: false,
    locate: absolutePath,
  }),
  cli: option({
    flag: 'cli',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'no client is packed',
    description: 'A docker client to put into the package; a build of moby makes none.',
    placeholder: 'FILE',
    group: 'Output',
    commands: ['pack'],
    inFile: true,
    locate: absolutePath,
  }),
  tree: option({
    flag: 'tree',
    form: 'value',
    schema: plainText,
    fallback: null,
    fallbackText: 'what the build kept in tree-files.json',
    description: 'The moby tree whose units, start scripts and licences go into the package.',
    placeholder: 'DIR',
    group: 'Output',
    commands: ['pack'],
    inFile: false,
    locate: absolutePath,
  }),
  containerd: option({
    flag: 'containerd',
    form: 'value',
    schema: word(['own', 'outside']),
    fallback: null,
    fallbackText: 'own where the build has one',
    description: 'Which containerd dockerd uses: own, which it starts itself, or outside, another package’s.',
    placeholder: 'WHICH',
    group: 'Output',
    commands: ['pack'],
    inFile: true,
  }),
} as const;
