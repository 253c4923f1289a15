import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTempDir } from '../system/files/temp-dir.ts';
import { run } from '../system/process/run.ts';
import { badKey, noPassphrase, wrongPassphrase } from './key-errors.ts';
import { readCosignPublicKey } from './cosign-key.ts';
import type { CosignSigner } from './secret-key.ts';

/** Services to ask: none. So nothing is put into a public log, and no network is needed (sigstore, protobuf-specs, `SigningConfig`). */
const NO_SERVICES = '{"mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json"}\n';

/**
 * Signs with the program cosign. Its public half is asked first, so that a passphrase that does not fit is told before anything is built.
 *
 * @param passphrase null: there is nobody to say it
 * @throws MobyBuildError exit 2: `no-passphrase`, `wrong-passphrase`, `bad-key`; 3: `no-such-program`
 */
export async function cosignSigner(path: string, passphrase: string | null): Promise<CosignSigner> {
  if (passphrase === null) throw noPassphrase(path);
  // The variable that cosign reads in place of a terminal; no other program sees it.
  const env = { COSIGN_PASSWORD: passphrase };
  const asked = await run({ file: 'cosign', args: ['public-key', '--key', path], env }, { allowFailure: true });
  const id = asked.exitCode === 0 ? (readCosignPublicKey(asked.stdout)?.id ?? null) : null;
  if (id === null) {
    if (/decrypt/iu.test(asked.stderr)) throw wrongPassphrase(path);
    const said = asked.stderr.split('\n').find((line) => line !== '') ?? 'it made no key of ECDSA P-256 of it';
    throw badKey(path, `${path} cannot sign: cosign says: ${said}`, 'cosign generate-key-pair makes a pair of keys.');
  }
  return { scheme: 'cosign', id, bundleOf: (bytes) => bundleOf(path, env, bytes) };
}

/** cosign 2.6 and later take a list of services to ask; to earlier ones the one service that a key would use is forbidden. */
async function bundleOf(path: string, env: Readonly<Record<string, string>>, bytes: Uint8Array): Promise<string> {
  const temp = makeTempDir('cosign');
  const [blob, bundle, config] = ['blob', 'bundle', 'config'].map((name) => join(temp.path, name)) as [
    string,
    string,
    string,
  ];
  try {
    await writeFile(blob, bytes);
    await writeFile(config, NO_SERVICES);
    const help = await run({ file: 'cosign', args: ['sign-blob', '--help'], env: {} }, { allowFailure: true });
    const quiet = /--signing-config\b/u.test(`${help.stdout}${help.stderr}`)
      ? ['--signing-config', config]
      : ['--tlog-upload=false'];
    await run({ file: 'cosign', args: ['sign-blob', '--yes', '--key', path, ...quiet, '--bundle', bundle, blob], env });
    return await readFile(bundle, 'utf8');
  } finally {
    temp.remove();
  }
}
