import { blobPath } from '../../bundle/make/image-layout.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import { run } from '../../system/process/run.ts';

/** Where dpkg keeps what is installed. */
const STATUS = 'var/lib/dpkg/status';
/** Where Debian's keys are: apt's own folder, and the package of the keyring. */
const KEYS = /^(?:\.\/)?(?:etc\/apt\/trusted\.gpg\.d|usr\/share\/keyrings)\/([\w.+-]+\.(?:asc|gpg|pgp))$/u;

/** What an apt in a root of its own needs of an image. */
export interface ImageFacts {
  /** What is installed, as dpkg has it. */
  readonly status: Uint8Array;
  /** By name; an armored one ends with `.asc`, a binary one with `.gpg`. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads dpkg's status and the keys for apt out of the layers of an image. tar writes nothing: it lists, and prints single files.
 *
 * @param layers digests, the lowest first; what a higher one has counts
 * @returns null where no layer has a status: it is no image of Debian
 */
export async function readImage(parts: Parts, layers: readonly string[]): Promise<ImageFacts | null> {
  let status: Uint8Array | null = null;
  const keys = new Map<string, Uint8Array>();
  for (const layer of layers) {
    const blob = parts.at(blobPath(layer));
    const { stdout } = await run({ file: 'tar', args: ['-tf', blob], env: { LC_ALL: 'C' } });
    for (const name of stdout.split('\n')) {
      const [, key] = KEYS.exec(name) ?? [];
      if (name.replace(/^\.\//u, '') === STATUS) status = await print(blob, name);
      else if (key !== undefined) {
        const data = await print(blob, name);
        // A link prints nothing; what it leads to is listed by itself.
        if (data.length > 0) keys.set(keyName(key, data), data);
      }
    }
  }
  return status === null ? null : { status, keys };
}

/** apt takes `.asc` for armored and `.gpg` for binary keys (apt-key(8)). */
export function keyName(name: string, data: Uint8Array): string {
  const armored = Buffer.from(data.subarray(0, 64)).toString('latin1').includes('-----BEGIN PGP');
  return name.replace(/\.\w+$/u, armored ? '.asc' : '.gpg');
}

async function print(blob: string, name: string): Promise<Uint8Array> {
  const { stdout } = await run(
    { file: 'tar', args: ['-xOf', blob, '--no-wildcards', '--', name], env: { LC_ALL: 'C' } },
    { encoding: 'buffer' },
  );
  return stdout;
}
