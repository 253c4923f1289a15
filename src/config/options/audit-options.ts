import * as z from 'zod';
import { option } from './option.ts';
import { plainText, word } from './values.ts';

/**
 * A pattern on names of tags. It is given to git behind `refs/tags/`; what no name of a ref can hold (git-check-ref-format(1)) finds nothing,
 * so it is refused here, where it can be said.
 */
const tagPattern = plainText.refine(
  (value) => !/^[-/]|\.\.|\/\/|@\{|[ ~^:\\]/u.test(value),
  'must be a pattern on names of tags, such as v20.10.* (in quotes: the shell has patterns of its own)',
);

/** What an audit looks at, and in which form it says it. */
export const AUDIT_OPTIONS = {
  hosts: option({
    flag: 'hosts',
    form: 'boolean',
    schema: z.boolean(),
    fallback: false,
    description: 'List hosts only: those that a build contacts under this profile, and those that the tree names.',
    placeholder: '',
    group: 'Source',
    commands: ['audit'],
    inFile: false,
  }),
  tags: option({
    flag: 'tags',
    form: 'value',
    schema: tagPattern,
    fallback: null,
    description: 'Print totals for every tag that matches, read from the clone that --source DIR names.',
    placeholder: 'PATTERN',
    group: 'Source',
    commands: ['audit'],
    inFile: false,
  }),
  format: option({
    flag: 'format',
    form: 'value',
    schema: word(
      ['table', 'markdown', 'tgz', 'deb', 'rpm', 'cyclonedx', 'spdx'],
      'table, markdown (audit), tgz, deb, rpm (pack), cyclonedx, spdx (sbom)',
    ),
    fallback: null,
    fallbackText: 'audit: table; pack: tgz; sbom: cyclonedx',
    description:
      'audit: table for a terminal, markdown for an issue or a wiki (nothing shortened); pack: tgz, deb or rpm; sbom: cyclonedx (1.6) or spdx (2.3), both JSON.',
    placeholder: 'FORM',
    group: 'Output',
    commands: ['audit', 'pack', 'sbom'],
    inFile: false,
  }),
} as const;
