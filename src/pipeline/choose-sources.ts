import { addNotes, known, type RunState } from './state.ts';

/**
 * Who fetches the components of a build: `--sources` where it is given, whatever the profile. Else this machine, but for profiles
 * that leave the tree as somebody wrote it down (`163`, `direct`), and for a tree that is built in place, where no repositories are
 * put; that is said. Fills in `state.sourcesBy`.
 */
export function chooseSources(state: RunState): void {
  const { sources, inPlace } = state.options;
  const literal = known(state, 'profile').style !== 'chosen';
  state.sourcesBy = sources ?? (literal || inPlace ? 'mirror' : 'host');
  if (sources !== null || literal || !inPlace) return;
  addNotes(state, [
    {
      level: 'info',
      code: 'sources-in-place',
      message:
        'Built in place, so the steps of the build fetch the components themselves, as with --sources mirror: no repositories are put into your tree.',
      hint: 'Without --in-place they are fetched and checked beforehand.',
    },
  ]);
}
