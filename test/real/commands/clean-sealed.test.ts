import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ARCH, Stage } from './stage.ts';

let stage: Stage;
let workDir: string;
beforeEach(() => {
  stage = new Stage();
  workDir = join(stage.dir, `cache/moby-build/v20.10.12-linux-${ARCH}`);
  mkdirSync(workDir, { recursive: true });
  writeFileSync(join(workDir, 'mirrors.json'), '{}');
});
afterEach(() => {
  stage.remove();
});

const left = (fields: Readonly<Record<string, string | null>>): string => {
  const file = join(workDir, 'sealed-builder.json');
  writeFileSync(file, JSON.stringify({ name: 'mobybuild-seal-0123456789ab', context: null, ...fields }));
  return file;
};

it('clean removes the builder and the network of a sealed build that was killed', async () => {
  const calls = join(stage.dir, 'calls');
  stage.docker(`echo "$*" >> '${calls}'`);
  const file = left({});
  const { status, stderr } = await stage.run(['clean', '--yes']);
  expect(status, stderr).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(readFileSync(calls, 'utf8').split('\n')).toEqual(
    expect.arrayContaining(['buildx rm --force mobybuild-seal-0123456789ab', 'network rm mobybuild-seal-0123456789ab']),
  );
});

it('clean runs no program that a file in a work dir names', async () => {
  const mark = join(stage.dir, 'ran');
  stage.program('evil', `touch '${mark}'`);
  left({ client: join(stage.bin, 'evil') });
  const { status, stderr } = await stage.run(['clean', '--yes']);
  expect(status, stderr).toBe(0);
  expect(existsSync(mark)).toBe(false);
});
