import { expect, it } from 'vitest';
import { optionsPage } from '../../../scripts/options-page.ts';

it('docs/reference/options.md is made from the table of options; npm run docs writes it anew', async () => {
  await expect(optionsPage()).toMatchFileSnapshot('../../../docs/reference/options.md');
});
