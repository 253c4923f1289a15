import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sumsOfFolder } from '../../../src/artifacts/sha256sums.ts';
import { checkSealedSums } from '../../../src/signing/check-sums.ts';
import { loadPublicKey, loadSigner } from '../../../src/signing/load-key.ts';
import { sealSums } from '../../../src/signing/seal.ts';
import { failureIn } from '../../support/failure.ts';
import { makeKeys } from '../../support/make-keys.ts';

const PASSPHRASE = 'correct horse';
const SECRET = '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nopaque\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: typeof publicKey) => key.export({ format: 'pem', type: 'spki' });

/**
 * A stand-in of cosign that signs for real: what it is asked for, and by which words, is cosign's (its help, and pkg/cosign/bundle). `old`: as before
 * 2.6, without a list of services and with a bundle of its own form.
 */
const standIn = (form: 'old' | 'new') => `#!${process.execPath}
const { createPrivateKey, createPublicKey, sign } = require('node:crypto');
const fs = require('node:fs');
const args = process.argv.slice(2);
const value = (flag) => args[args.indexOf(flag) + 1];
fs.appendFileSync(__dirname + '/words', JSON.stringify(args) + '\\n');
if (args.includes('--help')) { console.log('      --bundle string\\n${form === 'new' ? '      --signing-config string' : ''}'); process.exit(); }
if (process.env.COSIGN_PASSWORD !== '${PASSPHRASE}') {
  console.error('Error: reading key: decrypt: encrypted: decryption failed');
  process.exit(1);
}
const key = createPrivateKey(fs.readFileSync(__dirname + '/ec.pem'));
if (args[0] === 'public-key') { process.stdout.write(createPublicKey(key).export({ format: 'pem', type: 'spki' })); process.exit(); }
if (value('--signing-config') && args.includes('--signing-config')) fs.copyFileSync(value('--signing-config'), __dirname + '/config');
const signature = sign('sha256', fs.readFileSync(args.at(-1)), key).toString('base64');
fs.writeFileSync(value('--bundle'), JSON.stringify(${
  form === 'new'
    ? "{ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', verificationMaterial: {}, messageSignature: { signature } }"
    : "{ base64Signature: signature, cert: '' }"
}));
`;

let dir: string;
let out: string;
const at = (name: string) => join(dir, name);
const path = process.env['PATH'];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'moby-build-test-cosign-'));
  out = at('out');
  mkdirSync(out);
  mkdirSync(at('bin'));
  writeFileSync(join(out, 'dockerd'), 'x');
  writeFileSync(at('cosign.key'), SECRET);
  writeFileSync(at('cosign.pub'), pem(publicKey));
  writeFileSync(at('bin/ec.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
  process.env['PATH'] = `${at('bin')}:${path ?? ''}`;
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(dir, { recursive: true });
});

const put = (form: 'old' | 'new') => {
  writeFileSync(at('bin/cosign'), standIn(form), { mode: 0o755 });
};
const words = (): string[][] =>
  readFileSync(at('bin/words'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
async function seal(): Promise<void> {
  const signer = await loadSigner(at('cosign.key'), () => Promise.resolve(PASSPHRASE));
  await sealSums(out, await sumsOfFolder(out), { signer, about: 'a test', owner: null });
}
const judged = async (key = at('cosign.pub')) => {
  const { checks, signed } = await checkSealedSums(out, await loadPublicKey(key));
  return { ...checks.find(({ id }) => id === 'signature'), sums: checks[0]?.result, vouched: signed !== null };
};

describe('a list that cosign signs', () => {
  it.each(['old', 'new'] as const)('is checked without it: the %s form', async (form) => {
    put(form);
    await seal();
    rmSync(at('bin/cosign'));
    expect(await judged()).toMatchObject({ result: 'ok', sums: 'ok', vouched: true });
  });

  it.each<['old' | 'new', string[]]>([
    ['old', ['--tlog-upload=false']],
    ['new', ['--signing-config', expect.any(String) as string]],
  ])('is put into no public log: the %s form', async (form, quiet) => {
    put(form);
    await seal();
    const [, , signing = []] = words();
    expect(signing.slice(0, 4 + quiet.length)).toEqual([
      ...['sign-blob', '--yes', '--key', at('cosign.key')],
      ...quiet,
    ]);
    if (form === 'new')
      expect(JSON.parse(readFileSync(at('bin/config'), 'utf8'))).toEqual({
        mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
      });
    // The passphrase is in no argument, and what was signed is not left behind.
    expect(JSON.stringify(words())).not.toContain(PASSPHRASE);
    expect(existsSync(signing.at(-1) ?? '')).toBe(false);
  });

  it('is found changed, or signed by another key', async () => {
    put('new');
    await seal();
    const bundle = join(out, 'SHA256SUMS.sigstore.json');
    const whole = readFileSync(bundle, 'utf8');
    writeFileSync(at('other.pub'), pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey));
    expect(await judged(at('other.pub'))).toMatchObject({ result: 'failed', vouched: false });
    for (const text of ['{', '{}', '{"messageSignature": {"signature": "%"}}', '{"base64Signature": "AAAA"}']) {
      writeFileSync(bundle, text);
      expect(await judged()).toMatchObject({ result: 'failed', vouched: false });
    }
    writeFileSync(bundle, whole);
    writeFileSync(join(out, 'dockerd'), 'y');
    await sealSums(at('out'), await sumsOfFolder(out), { signer: null, about: '', owner: null });
    // A new list takes the signatures of the old one away.
    expect(existsSync(bundle)).toBe(false);
    writeFileSync(bundle, whole);
    expect(await judged()).toMatchObject({ result: 'failed', vouched: false });
  });

  it('may be signed by a key of minisign, too; each key judges its own', async () => {
    put('new');
    await seal();
    const keys = makeKeys('minisign');
    writeFileSync(at('mini.pub'), keys.public);
    expect(await judged(at('mini.pub'))).toMatchObject({
      result: 'failed',
      seen: expect.stringContaining('.minisig') as string,
    });
    copyFileSync(join(out, 'SHA256SUMS.sigstore.json'), at('bundle'));
    writeFileSync(at('mini.key'), keys.secret);
    const signer = await loadSigner(at('mini.key'), () => Promise.resolve(null));
    await sealSums(out, await sumsOfFolder(out), { signer, about: 'a test', owner: null });
    copyFileSync(at('bundle'), join(out, 'SHA256SUMS.sigstore.json'));
    for (const key of ['mini.pub', 'cosign.pub']) expect(await judged(at(key))).toMatchObject({ result: 'ok' });
  });
});

describe('a key of cosign', () => {
  it.each<[string, () => void, string | null, string, number]>([
    [
      'and no passphrase',
      () => {
        put('new');
      },
      null,
      'no-passphrase',
      2,
    ],
    [
      'and another passphrase',
      () => {
        put('new');
      },
      'wrong',
      'wrong-passphrase',
      2,
    ],
    [
      'and no cosign',
      () => {
        process.env['PATH'] = at('bin');
      },
      PASSPHRASE,
      'no-such-program',
      3,
    ],
    [
      'that cosign cannot read',
      () => {
        writeFileSync(at('bin/cosign'), '#!/bin/sh\necho "Error: no key" >&2; exit 1\n', { mode: 0o755 });
      },
      PASSPHRASE,
      'bad-key',
      2,
    ],
  ])('%s', async (_title, prepare, passphrase, code, exitCode) => {
    prepare();
    expect(await failureIn(loadSigner(at('cosign.key'), () => Promise.resolve(passphrase)))).toMatchObject({
      code,
      exitCode,
    });
  });

  it.each([
    ['of another curve', () => pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['of RSA', () => pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)],
    ['that is cut', () => String(pem(publicKey)).replace(/.{20}\n-----END/u, '\n-----END')],
    ['that is the secret one', () => SECRET],
  ])('%s is no public key', async (_title, text) => {
    writeFileSync(at('key'), text());
    expect(await failureIn(loadPublicKey(at('key')))).toMatchObject({ code: 'bad-key', exitCode: 2 });
  });
});
