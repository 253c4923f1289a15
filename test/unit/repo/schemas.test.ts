import { describe, expect, it } from 'vitest';
import { optionsJsonSchema } from '../../../src/config/json-schema.ts';
import { OPTION_NAMES, specOf } from '../../../src/config/options.ts';

describe('schemas/', () => {
  // A stale file fails; `npm run schemas` writes it anew.
  it('options.schema.json is what the table of options says', async () => {
    const text = `${JSON.stringify(optionsJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../schemas/options.schema.json');
  });

  it('describes every option that a file may hold, and no other', () => {
    const properties = optionsJsonSchema()['properties'] as Record<string, { description?: string }>;
    const names = OPTION_NAMES.filter((name) => specOf(name).inFile);
    expect(Object.keys(properties).sort()).toEqual(['$schema', ...names].sort());
    for (const name of names) expect(properties[name]?.description, name).toContain(`--${specOf(name).flag}`);
  });
});
