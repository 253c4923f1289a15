import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programsOnPath } from '../../../src/make/engine/programs-on-path.ts';
import { SUMS_NAME } from '../../../src/artifacts/sha256sums.ts';
import { hasFailed } from '../../../src/artifacts/verify.ts';
import { checkSealedSums } from '../../../src/signing/check-sums.ts';
import { readPublicKey } from '../../../src/signing/key-file.ts';
import { askSecret } from '../../../src/system/process/ask.ts';
import { unseenChanges } from '../../support/change-bytes.ts';
import { makeKeys } from '../../support/make-keys.ts';
import { ARCH, ofTree, Stage } from '../commands/stage.ts';

const PASSPHRASE = 'correct horse';
const keys = makeKeys('minisign', PASSPHRASE);
const others = makeKeys('minisign', undefined, Buffer.from('1112131415161718', 'hex'));
const has = (name: string) => programsOnPath(name, process.env['PATH'] ?? '').length > 0;

let stage: Stage;
let out: string;
let packed: string;
const at = (name: string) => join(stage.dir, name);
const checksOf = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout) as { checks: { id: string; result: string; seen: string }[] }).checks.map(
      ({ id, result, seen }) => [id, { result, seen }],
    ),
  );
const failedIn = (stdout: string) =>
  Object.entries(checksOf(stdout)).flatMap(([id, { result }]) => (result === 'failed' ? [id] : []));

beforeAll(async () => {
  stage = new Stage();
  out = join(stage.cwd, `moby-v20.10.12-linux-${ARCH}`);
  packed = `${out}-packages`;
  writeFileSync(at('key'), keys.secret);
  writeFileSync(at('key.pub'), keys.public);
  writeFileSync(at('other.pub'), others.public);
  writeFileSync(at('passphrase'), `${PASSPHRASE}\n`);
  const signed = ['--sign', at('key'), '--passphrase-file', at('passphrase')];
  const built = await stage.run([...ofTree(stage), ...signed, '--pack', 'tgz']);
  expect(built.status, built.stderr).toBe(0);
  const first = [SUMS_NAME, `${SUMS_NAME}.minisig`].map((name) => readFileSync(join(packed, name), 'utf8'));
  const pack = await stage.run(['pack', out, '--sign', at('key')], { MOBY_BUILD_SIGN_PASSPHRASE: PASSPHRASE });
  expect(pack.status, pack.stderr).toBe(0);
  // The same build, key and format: the same bytes, whoever packs.
  expect([SUMS_NAME, `${SUMS_NAME}.minisig`].map((name) => readFileSync(join(packed, name), 'utf8'))).toEqual(first);
  // A variable of ours that nobody has to wonder about.
  expect(pack.stderr).not.toContain('MOBY_BUILD_SIGN');
});
afterAll(() => {
  stage.remove();
});

describe('what a build and its packages are signed with', () => {
  it('is checked by sha256sum, and by minisign where it is', () => {
    for (const dir of [out, packed]) {
      execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: dir });
      const listed = readFileSync(join(dir, 'SHA256SUMS'), 'utf8')
        .split('\n')
        .map((line) => line.slice(66));
      const there = readdirSync(dir).filter((name) => !name.startsWith('SHA256SUMS'));
      expect(there.filter((name) => !listed.includes(name))).toEqual(dir === out ? ['dockerd'] : []);
      if (has('minisign'))
        execFileSync('minisign', ['-Vm', 'SHA256SUMS', '-p', at('key.pub')], { cwd: dir, stdio: 'pipe' });
    }
  });

  // The tree of the stage is none of upstream's: that alone fails.
  it('vouches offline for files, patches and builder', async () => {
    const ran = await stage.run([
      ...['verify', out, '--key', at('key.pub'), '--provenance', join(out, 'provenance.json'), '--json'],
    ]);
    expect(failedIn(ran.stdout), ran.stderr).toEqual(['provenance-upstream']);
    expect(ran.status).toBe(7);
    expect(checksOf(ran.stdout)).toMatchObject({
      sums: { result: 'ok' },
      signature: { result: 'ok', seen: expect.stringContaining(`moby v20.10.12 linux/${ARCH}`) as string },
      'provenance-subjects': { result: 'ok' },
      'provenance-plan': { result: 'ok' },
      'provenance-builder': { result: 'ok', seen: expect.stringContaining('key 102030405060708') as string },
    });
  });

  it.each([
    ['an archive', 'docker-20.10.12.tgz', 'its own', 'ok'],
    ['an archive', 'docker-20.10.12.tgz', "the build's", 'skipped'],
    ['all of them', '', 'its own', 'ok'],
    ['all of them', '', "the build's", 'skipped'],
  ] as const)('vouches for packages: %s %s, by %s statement', async (_, name, whose, builder) => {
    const own = join(packed, `moby-v20.10.12-linux-${ARCH}.provenance.json`);
    const statement = whose === 'its own' ? own : join(out, 'provenance.json');
    const path = name === '' ? packed : join(packed, name);
    const ran = await stage.run(['verify', path, '--key', keys.text, '--provenance', statement, '--json']);
    expect(failedIn(ran.stdout), ran.stderr).toEqual(['provenance-upstream']);
    expect(checksOf(ran.stdout)).toMatchObject({
      signature: { result: 'ok' },
      'provenance-builder': { result: builder },
    });
  });

  it('finds a changed byte in each file of a build and of its packages', async () => {
    for (const dir of [out, packed]) {
      const copy = at('changed');
      rmSync(copy, { recursive: true, force: true });
      cpSync(dir, copy, { recursive: true, verbatimSymlinks: true });
      const found = await unseenChanges(copy, async () =>
        hasFailed((await checkSealedSums(copy, readPublicKey(keys.public))).checks),
      );
      expect(found).toEqual([]);
    }
  });

  it.each<[string, () => string[], number, string]>([
    ['another key', () => ['verify', out, '--key', at('other.pub')], 7, 'not by 1817161514131211'],
    ['a secret key', () => ['verify', out, '--key', at('key')], 2, 'is no public key'],
    ['no key', () => ['verify', out, '--key', at('nothing')], 2, 'is not a file'],
    ['signing without a passphrase', () => ['sign', out, '--key', at('key')], 2, '--passphrase-file'],
    ['signing with a public key', () => ['sign', out, '--key', at('key.pub')], 2, 'signing needs the secret one'],
    ['signing without a key', () => ['sign', out], 2, '--key FILE'],
    [
      'signing what is no build',
      () => ['sign', stage.tree, '--key', at('key'), '--passphrase-file', at('passphrase')],
      2,
      'neither',
    ],
  ])('%s: exit code and words', async (_title, words, status, said) => {
    const ran = await stage.run(words());
    expect([ran.status, ran.stderr]).toEqual([status, expect.stringContaining(said)]);
  });

  it('is renewed by sign, which refuses what has changed', async () => {
    const copy = at('again');
    cpSync(out, copy, { recursive: true, verbatimSymlinks: true });
    writeFileSync(at('other.key'), others.secret);
    const words = ['sign', copy, '--key', at('other.key')];
    expect((await stage.run(words)).stdout).toBe(`${copy}/SHA256SUMS.minisig\n`);
    expect((await stage.run(['verify', copy, '--key', at('other.pub')])).status).toBe(0);
    // What else lies there is told, without its escape codes, and is not signed.
    writeFileSync(join(copy, 'note\u001b[2J.txt'), '');
    expect((await stage.run(words)).stderr).toContain('so not signed: note\ufffd[2J.txt.');
    appendFileSync(join(copy, 'tree-files.json'), ' ');
    const refused = await stage.run(words);
    expect([refused.status, refused.stderr]).toEqual([7, expect.stringContaining('tree-files.json has other bytes')]);
  });

  it('stands nowhere: no log, document or file has the passphrase or the seed', () => {
    const seed = Buffer.from(others.secret.split('\n')[1] ?? '', 'base64').subarray(62, 94);
    const cache = join(stage.dir, 'cache');
    for (const dir of [out, packed, existsSync(cache) ? cache : out]) {
      const found = [PASSPHRASE, seed.toString('base64')].flatMap((secret) =>
        execFileSync('sh', ['-c', 'grep -rlF -e "$1" "$2" || true', 'sh', secret, dir], { encoding: 'utf8' }),
      );
      expect(found.join('')).toBe('');
    }
  });
});

it('a passphrase is asked on a terminal and not shown; without one nobody is asked', async () => {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const [input, output] = [terminal(), terminal()];
  const answer = askSecret('Passphrase: ', input, output);
  input.write('geheim\r');
  expect(await answer).toBe('geheim');
  expect(String(output.read())).toBe('Passphrase: \n');
  expect(await askSecret('?', new PassThrough(), output)).toBeNull();
});
