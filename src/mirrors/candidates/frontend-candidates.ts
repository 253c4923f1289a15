import type { Candidate } from './candidates.ts';
import { badMirror, refuseHostile } from '../catalogue/hostile.ts';
import { isImageReference } from '../../image-reference.ts';

/**
 * Who serves the frontend: `--frontend` alone where it is given, else the profile's.
 * @param frontend `builtin` or a reference
 * Throws MobyBuildError (2): `hostile-value`, `bad-mirror`.
 */
export function frontendCandidates(
  frontend: string | undefined,
  fromLists: readonly Candidate[],
): readonly Candidate[] {
  if (frontend === undefined) return fromLists;
  if (frontend === 'builtin') return [{ id: null, via: 'dropped', template: null, entry: null, byFlag: true }];
  refuseHostile(frontend, '--frontend', /^[A-Za-z0-9._:/@-]$/);
  if (!isImageReference(frontend))
    throw badMirror(
      '--frontend',
      `--frontend is not an image reference: ${frontend}`,
      'Give builtin or a reference such as docker/dockerfile:1.2',
    );
  return [{ id: 'flag', via: 'mirror', template: { kind: 'frontend', text: frontend }, entry: null, byFlag: true }];
}
