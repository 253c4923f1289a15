import * as z from 'zod';
import { CHOSEN_NAMES } from '../../names.ts';
import { PLANNING, option } from './option.ts';
import { gitRef } from './values.ts';

/** Every character of it is plain text to a shell, to a Dockerfile, in a URL's query and for make. */
const VERSION = /^[0-9A-Za-z][0-9A-Za-z._/-]{0,127}$/;

/** A tag, a branch or a commit id of a component. Out comes a full id in lower case. */
const version = gitRef.superRefine((value, context) => {
  const problem = !VERSION.test(value)
    ? 'must be a tag, a branch or a commit id, such as v1.1.12: letters, digits, and . _ - / between them'
    : /^\d+(?:\.\d+)+/.test(value)
      ? `must be a name as git has it: did you mean v${value}?`
      : null;
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** What is built beside moby itself. */
export const COMPONENT_OPTIONS = {
  components: option({
    flag: 'component',
    form: 'pairs',
    schema: z.partialRecord(
      z.enum(CHOSEN_NAMES),
      version.transform((value) => (/^[0-9A-Fa-f]{40}$/.test(value) ? value.toLowerCase() : value)),
    ),
    fallback: {},
    description: `Build another version of a component under the same moby (runc=v1.1.12): ${CHOSEN_NAMES.join(', ')} (with --base). Repeatable.`,
    placeholder: 'NAME=REF|COMMIT',
    names: CHOSEN_NAMES,
    group: 'Source',
    commands: [...PLANNING, 'bundle'],
    inFile: true,
  }),
} as const;
