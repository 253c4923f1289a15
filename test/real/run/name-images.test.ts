import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeIo } from '../../../src/run/stage/io.ts';
import type { Applied } from '../../../src/run/stage/stages.ts';
import { nameImages } from '../../../src/run/offline/name-images.ts';

/** Images of the engine get the names of the patched tree; docker is a stand-in that keeps an id under each name. */
const ID = `sha256:${'a'.repeat(64)}`;
const NAME = `engine.invalid/library/golang:1.16.12-buster-${'a'.repeat(64)}`;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-names-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** @param inspected what the engine says of the name afterwards */
function from(inspected: string): Applied {
  const docker = join(dir, 'docker');
  writeFileSync(
    docker,
    `#!/bin/sh\ncase "$2" in tag) echo "$3 $4" > ${dir}/tagged;; inspect) [ -e ${dir}/tagged ] && ${inspected};; esac\n`,
  );
  chmodSync(docker, 0o755);
  const options = { docker, dockerContext: null };
  return { machine: { is: 'unchecked' }, options, ofEngine: [{ name: NAME, id: ID }] } as unknown as Applied;
}
const io = makeIo({ env: process.env, toolVersion: '0', line: [] }, []);

describe('an image of the engine, before the build', () => {
  it('gets the name that the patched tree has', async () => {
    expect(await nameImages(from(`echo ${ID}`), io)).toEqual(['1 image of the engine']);
    expect(readFileSync(join(dir, 'tagged'), 'utf8')).toBe(`${ID} ${NAME}\n`);
  });

  it.each([`echo sha256:${'b'.repeat(64)}`, 'exit 1'])(
    'that is another one by then (%s) ends the run',
    async (answer) => {
      await expect(nameImages(from(answer), io)).rejects.toMatchObject({ code: 'engine-image-changed', exitCode: 6 });
    },
  );

  it('is asked for only where there is one', async () => {
    expect(await nameImages({ ...from('exit 1'), ofEngine: [] }, io)).toEqual([]);
    expect(existsSync(join(dir, 'tagged'))).toBe(false);
  });
});
