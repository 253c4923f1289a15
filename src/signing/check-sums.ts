import { join } from 'node:path';
import {
  checkFolderSums,
  SIGNATURE_SUFFIXES,
  SUMS_NAME,
  type CheckedSums,
  type Sums,
} from '../artifacts/sha256sums.ts';
import type { VERIFY_CHECKS } from '../check-codes.ts';
import { textIfThere } from '../system/files/if-there.ts';
import type { CheckResult } from '../types.ts';
import type { PublicKey } from './key-file.ts';
import { judgeSignature, type Judged } from './signature.ts';

/** What a list of checksums and its signature come to. */
export interface SumsVerdict {
  readonly checks: readonly CheckResult[];
  /** The list, where its signature fits the key; else null. */
  readonly signed: Sums | null;
}

/**
 * Holds files against the SHA256SUMS beside them, and that against its signature. Asks nobody. Throws as `toFileError` says.
 *
 * @param key null: no signature is judged, and a file that the list does not name is a warning only
 * @param only the one file to look at, in a folder where others may lie
 */
export async function checkSealedSums(dir: string, key: PublicKey | null, only?: string): Promise<SumsVerdict> {
  const read = await checkFolderSums(dir, only);
  const signatures = await signaturesIn(dir, key?.kind ?? null);
  const sums = check('sums', ...sumsResult(read, only, key !== null));
  if (key === null) {
    const seen = 'there is one; --key PUB checks it';
    return { checks: [sums, ...(signatures.size === 0 ? [] : [check('signature', 'skipped', seen)])], signed: null };
  }
  const [result, seen] = signatureResult(read, signatures, key);
  return {
    checks: [sums, check('signature', result, seen)],
    signed: result === 'ok' && read.is === 'read' ? read.sums : null,
  };
}

type Finding = readonly [CheckResult['result'], string];

/** What nobody listed is nobody's: under a signature it fails. */
function sumsResult(read: CheckedSums, only: string | undefined, signed: boolean): Finding {
  if (read.is === 'none') return ['skipped', `there is no ${SUMS_NAME}`];
  if (read.is === 'broken')
    return ['failed', 'it is no list of sha256sum, or it names a path twice or outside the folder'];
  const wrong = [
    ...read.changed.map((path) => `other bytes: ${path}`),
    ...read.missing.map((path) => `missing: ${path}`),
    ...read.outside.map((path) => `a link out of the folder: ${path}`),
  ];
  const unlisted = read.unlisted.map((path) => `not in it: ${path}`);
  if (wrong.length > 0) return ['failed', [...wrong, ...unlisted].join('; ')];
  if (unlisted.length > 0) return [only === undefined && !signed ? 'warning' : 'failed', unlisted.join('; ')];
  const { size } = read.sums;
  return ['ok', only ?? (size === 1 ? '1 file matches' : `${String(size)} files match`)];
}

/** One that fits is enough; one of the same key that does not is a forgery or damage. */
function signatureResult(read: CheckedSums, signatures: ReadonlyMap<string, string>, key: PublicKey): Finding {
  if (read.is !== 'read') return ['failed', `there is no ${SUMS_NAME} that could be signed`];
  const names = suffixesOf(key.kind).map((suffix) => `${SUMS_NAME}${suffix}`);
  if (signatures.size === 0) return ['failed', `there is no ${names.join(' and no ')}`];
  const judged = [...signatures].map(([name, text]) => ({ name, ...judgeSignature(text, read.bytes, key) }));
  const found = (is: Judged['is']) => judged.find((each) => each.is === is);
  const bad = found('bad') ?? found('unreadable');
  const good = judged.find((each) => each.is === 'good');
  if (bad?.is === 'bad')
    return ['failed', `${bad.name} does not fit: it or ${SUMS_NAME} was changed after key ${key.id} signed`];
  if (good !== undefined)
    return ['ok', `by key ${key.id}${good.trusted === null ? '' : ` (${good.trusted.replaceAll('\t', ', ')})`}`];
  if (bad !== undefined)
    return ['failed', `${bad.name} is no signature of ${key.kind === 'cosign' ? 'cosign' : 'minisign or signify'}`];
  const other = judged.flatMap((each) => (each.is === 'other-key' ? [each.id] : []));
  return ['failed', `it is signed by key ${other.join(' and ')}, not by ${key.id}`];
}

/** Whether a file beside another signs it with the key: `FILE.minisig`, `FILE.sig` or `FILE.sigstore.json`. Throws as `toFileError` says. */
export async function isSignedBeside(path: string, bytes: Uint8Array, key: PublicKey): Promise<boolean> {
  const texts = await Promise.all(suffixesOf(key.kind).map((suffix) => textIfThere(`${path}${suffix}`)));
  return texts.some((text) => text !== null && judgeSignature(text, bytes, key).is === 'good');
}

/** The signatures that a kind of key can judge; null: all. */
function suffixesOf(kind: PublicKey['kind'] | null): readonly string[] {
  const { minisign, signify, cosign } = SIGNATURE_SUFFIXES;
  if (kind === null) return [minisign, signify, cosign];
  return kind === 'cosign' ? [cosign] : [minisign, signify];
}

async function signaturesIn(dir: string, kind: PublicKey['kind'] | null): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const suffix of suffixesOf(kind)) {
    const name = `${SUMS_NAME}${suffix}`;
    const text = await textIfThere(join(dir, name));
    if (text !== null) found.set(name, text);
  }
  return found;
}

const TITLES: Readonly<Record<'sums' | 'signature', string>> = {
  sums: 'the files are those of SHA256SUMS',
  signature: 'SHA256SUMS is signed by the key',
};

function check(id: keyof typeof VERIFY_CHECKS & keyof typeof TITLES, result: CheckResult['result'], seen: string) {
  return { id, title: TITLES[id], result, seen, fix: null, seconds: 0 };
}
