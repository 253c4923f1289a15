import * as z from 'zod';
import { option } from './option.ts';

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
