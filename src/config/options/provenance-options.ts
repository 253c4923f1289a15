import { option } from './option.ts';
import { absolutePath } from './paths.ts';
import { plainText } from './values.ts';

/** What a result is held against, besides what lies beside it. */
export const PROVENANCE_OPTIONS = {
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
} as const;
