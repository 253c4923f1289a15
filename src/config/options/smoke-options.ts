import * as z from 'zod';
import { option } from './option.ts';
import { shaped } from './values.ts';

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
