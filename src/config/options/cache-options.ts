import * as z from 'zod';
import { option } from './option.ts';

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
