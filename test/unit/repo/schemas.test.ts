import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { lockSchema } from '../../../src/lockfile/lock-file.ts';
import { wantFileSchema } from '../../../src/bundle/want/want.ts';
import { matrixFileSchema } from '../../../src/matrix/matrix-file.ts';
import { planDocument } from '../../../src/commands/patch/document.ts';
import { optionsJsonSchema } from '../../../src/config/layers/json-schema.ts';
import { OPTION_NAMES, specOf, spelled } from '../../../src/config/options/options.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { DOCUMENT_SCHEMAS } from '../../../scripts/document-schemas.ts';
import { errorDocument } from '../../../src/ui/errors.ts';
import { plan, point } from '../ui/plan-fixture.ts';

// A stale file fails; `npm run schemas` writes it anew.
const file = (name: string) => `../../../schemas/${name}.schema.json`;
const written = (schema: unknown) => `${JSON.stringify(schema, null, 2)}\n`;

describe('schemas/', () => {
  it('options.schema.json is what the table of options says', async () => {
    await expect(written(optionsJsonSchema())).toMatchFileSnapshot(file('options'));
  });

  it.each(Object.entries(DOCUMENT_SCHEMAS))('%s.schema.json is what src/commands says', async (name, schema) => {
    await expect(written(z.toJSONSchema(schema))).toMatchFileSnapshot(file(name));
  });

  it('want.schema.json is what src/bundle says', async () => {
    await expect(written(z.toJSONSchema(wantFileSchema, { io: 'input' }))).toMatchFileSnapshot(file('want'));
  });

  it('matrix-file.schema.json is what src/matrix says', async () => {
    await expect(written(z.toJSONSchema(matrixFileSchema, { io: 'input' }))).toMatchFileSnapshot(file('matrix-file'));
  });

  it('lock.schema.json is what src/artifacts says', async () => {
    await expect(written(z.toJSONSchema(lockSchema))).toMatchFileSnapshot(file('lock'));
  });

  it('describes every option that a file may hold, and no other', () => {
    const properties = optionsJsonSchema()['properties'] as Record<string, { description?: string }>;
    const names = OPTION_NAMES.filter((name) => specOf(name).inFile);
    expect(Object.keys(properties).sort()).toEqual(['$schema', ...names].sort());
    for (const name of names) expect(properties[name]?.description, name).toContain(spelled(name));
  });
});

describe('the documents fit their schemas', () => {
  const made = planDocument(
    plan([point({}), point({ platform: 'arm64', via: 'none', mirror: null, note: 'n' })], {
      notes: [{ level: 'info', code: 'next-mirror', message: 'm', hint: undefined }],
      patches: [{ name: '0001-a.patch', subject: 's', reason: 'r', changes: [] }],
    }),
    [{ file: 'Dockerfile', line: 1, stage: 'base', inClosure: true, text: 'x', reason: 'y' }],
    { spec: { file: 'make', args: ['binary'], env: { A: 'b' } }, notes: [], stamped: { version: '1', gitCommit: 'a' } },
  );
  const document = JSON.parse(JSON.stringify(made)) as Record<string, unknown>;
  const error = errorDocument(new MobyBuildError({ code: 'build-failed', exitCode: 6, message: 'm' }), []);

  it('patch', () => {
    expect(DOCUMENT_SCHEMAS.patch.safeParse(document).error).toBeUndefined();
  });

  it('one that failed early, late, or before anything', () => {
    for (const part of [{ ...document, error }, { ref: 'v20.10.12', error }, { error }]) {
      expect(DOCUMENT_SCHEMAS.patch.safeParse(part).error).toBeUndefined();
    }
    expect(DOCUMENT_SCHEMAS.verify.safeParse({ error }).success).toBe(true);
  });

  it('but not one with a field more, a field less, or a wrong one', () => {
    const { totals: _totals, ...less } = document;
    for (const wrong of [{ ...document, more: 1 }, less, { ...document, ref: null }, { error: { code: 'x' } }]) {
      expect(DOCUMENT_SCHEMAS.patch.safeParse(wrong).success).toBe(false);
    }
  });
});
