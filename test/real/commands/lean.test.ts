import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofTree, Stage } from './stage.ts';

/** A tree with a program for Windows resources, which a build for Linux loads and does not use. */
let stage: Stage;
beforeAll(() => {
  stage = new Stage();
  const dockerfile = join(stage.tree, 'Dockerfile');
  const text = readFileSync(dockerfile, 'utf8').replace(
    'FROM runtime-dev AS binary-base\n',
    `FROM base AS gowinres
RUN go install github.com/tc-hib/go-winres@v0.3.1

FROM runtime-dev AS binary-base
COPY --from=gowinres /build/ /usr/local/bin/
`,
  );
  writeFileSync(dockerfile, text);
});
afterAll(() => {
  stage.remove();
});

/** Whether go-winres is loaded for the target. */
async function loads(command: string, ...words: readonly string[]): Promise<boolean> {
  const { status, stdout, stderr } = await stage.run([command, ...ofTree(stage), ...words, '--json']);
  expect(status, stderr).toBe(0);
  const { points } = JSON.parse(stdout) as { points: { stage: string; inClosure: boolean }[] };
  return points.some((point) => point.inClosure && point.stage === 'gowinres');
}

describe('what a Linux build does not use', () => {
  it('is left out of a patch set, unless the user says otherwise', async () => {
    expect(await loads('patch')).toBe(false);
    expect(await loads('patch', '--no-lean')).toBe(true);
  });

  it('is in an audit, whatever a configuration file says of builds', async () => {
    expect(await loads('audit')).toBe(true);
    const config = join(stage.dir, 'lean.yaml');
    writeFileSync(config, 'lean: true\n');
    expect(await loads('audit', '--config', config)).toBe(true);
  });
});
