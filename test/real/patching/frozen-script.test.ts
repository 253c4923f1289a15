import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tree } from '../../../src/types.ts';
import { lightTree } from '../../unit/mirrors/fixtures.ts';
import { planFor, treeAfterPlan } from '../../unit/patching/fixtures.ts';
import { selfSigned, startFaulty, type Healthy } from '../mirrors/faulty-mirror.ts';
import { tempDir } from './repository.ts';

const SCRIPT = 'contrib/download-frozen-image-v2.sh';
const run = promisify(execFile);
const closing: (() => Promise<void>)[] = [];
let tree: Tree;

beforeAll(async () => {
  tree = await lightTree();
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

/** A registry that answers every manifest; with a token server of its own where `asksFor` is told. */
function registry(asked: string[], asksFor: string | null): Healthy {
  return (path, { headers }) => {
    asked.push(`${path} ${headers.authorization ?? ''}`.trim());
    if (path.startsWith('/login/here?')) return answer(200, '{"access_token":"abc"}');
    if (asksFor !== null && headers.authorization !== `Bearer ${asksFor}`) {
      const host = headers.host ?? '';
      const challenge = `Bearer realm="https://${host}/login/here",service="mirror"`;
      return { status: 401, headers: { 'www-authenticate': challenge }, body: Buffer.from('{}') };
    }
    return answer(200, '{"schemaVersion":2}');
  };
}

function answer(status: number, body: string) {
  return { status, headers: {}, body: Buffer.from(body) };
}

it.each([
  ['asks for none', null],
  ['sends to a token server of its own', 'abc'],
])('the frozen images come by the script from a mirror that %s', async (_, token) => {
  const dir = tempDir();
  const tls = selfSigned(dir);
  const asked: string[] = [];
  const { url, close } = await startFaulty({ fault: 'none', healthy: registry(asked, token), tls });
  closing.push(close);
  const host = url.replace('https://', '');

  const plan = planFor(tree, 'cn', { all: true, overrides: [{ kind: 'image', value: `${host}/{image}` }] });
  const frozen = plan.points.filter(({ kind }) => kind === 'frozen-image');
  expect(frozen.map(({ via, mirror }) => `${via} ${String(mirror)}`)).toEqual(['mirror flag', 'mirror flag']);

  const script = join(dir, 'script.sh');
  writeFileSync(script, treeAfterPlan(tree, plan).get(SCRIPT)?.text ?? '');
  const out = join(dir, 'out');
  mkdirSync(out);
  const digest = `sha256:${'a'.repeat(64)}`;
  await run('bash', [script, out, `busybox:latest@${digest}`, `hello-world:latest@${digest}`], {
    env: { PATH: process.env.PATH, CURL_CA_BUNDLE: tls.cert, NO_PROXY: '*' },
  });

  expect(readdirSync(out).sort()).toEqual(['busybox.json', 'hello-world.json']);
  const tokens = asked.filter((line) => line.startsWith('/login/'));
  const scope = 'service=mirror&scope=repository:library/busybox:pull';
  expect(tokens[0]).toBe(token === null ? undefined : `/login/here?${scope}`);
  const manifest = `/v2/library/busybox/manifests/${digest} Bearer${token === null ? '' : ` ${token}`}`;
  expect(asked).toContain(manifest);
});
