import semver from 'semver';
import { versionOfRef } from './series.ts';

/**
 * The least Dockerfile frontend that a tag's Dockerfile needs, known before anything is cloned; null for a ref that says nothing.
 * Here-documents from v23.0.0 on, `ADD …?ref=` from docker-v29.4.1 on (Dockerfile in these tags).
 */
export function frontendOfRef(ref: string): { readonly version: string; readonly because: string } | null {
  const version = versionOfRef(ref);
  if (version === null) return null;
  if (semver.gte(version, '29.4.1')) return { version: '1.18', because: `ADD of a git URL with ?ref= in ${ref}` };
  if (semver.gte(version, '23.0.0')) return { version: '1.4', because: `here-documents in ${ref}` };
  return null;
}
