import type { EgressPoint } from '../../types.ts';
import type { Candidate } from '../candidates/candidates.ts';
import { none, type Decision } from './resolve-named.ts';

/**
 * The index of Python packages. The catalogue knows no mirror of it, so it is the official one or the user's.
 * @param onBase whether the point's stage stands on base, whose environment says it
 */
export function decidePip(
  point: EgressPoint,
  [first]: readonly Candidate[],
  untouched: boolean,
  onBase: boolean,
): Decision {
  if (first === undefined || first.template === null) {
    return untouched || first !== undefined
      ? { via: 'upstream', mirror: null, to: null, reason: 'left as the tree has it' }
      : none('no mirror is known for pip; --mirror pip=URL gives one');
  }
  if (point.anchor === null && !onBase) return none('its stage does not stand on base, where PIP_INDEX_URL is set');
  const reason = first.byFlag ? 'given by a flag' : `profile ${first.id ?? ''} says so`;
  return { via: 'mirror', mirror: first.id, to: first.template.text, reason };
}

/** The value of PIP_INDEX_URL that stage base needs: where a point has a mirror, and no text of the tree names the index. */
export function pipIndexOf(points: readonly EgressPoint[], decided: ReadonlyMap<string, Decision>): string | null {
  const needy = points.find(
    ({ id, kind, anchor }) => kind === 'pip' && anchor === null && decided.get(id)?.via === 'mirror',
  );
  return needy === undefined ? null : (decided.get(needy.id)?.to ?? null);
}
