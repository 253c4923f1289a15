import { suiteFacts } from '../../mirrors/catalogue/suites.ts';
import { NOTE_WORDS } from './note-words.ts';
import type { Note, Tree } from '../../types.ts';

/** Those that moby-build was built for and tried on. */
const TESTED = new Set(['amd64', 'arm64']);

/** The first release of Debian, and so of golang's images, that has a port (release notes of trixie, 2.1). */
const FIRST_SUITE: Readonly<Record<string, string>> = { riscv64: 'trixie' };

/**
 * What is known of an architecture that no build of ours was tried for: whether moby's own list of platforms has it, and Debian the images; null: it
 * is a tested one. Pure.
 *
 * @param suite codename of the base image as it is built, or null
 */
export function untestedArchNote(arch: string, files: Tree, suite: string | null): Note | null {
  if (TESTED.has(arch)) return null;
  const bake = files.get('docker-bake.hcl')?.text ?? '';
  const listed = new RegExp(String.raw`"linux/${arch}(?:/v7)?"`, 'u').test(bake);
  const first = FIRST_SUITE[arch];
  const old =
    first !== undefined && suite !== null && (suiteFacts(suite)?.version ?? 0) < (suiteFacts(first)?.version ?? 0);
  return { level: 'warning', code: 'untested-arch', ...NOTE_WORDS.untestedArch(arch, listed, old ? first : null) };
}
