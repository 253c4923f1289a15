import type { Io } from '../stage/io.ts';
import type { Checked, Requested } from '../stage/stages.ts';

/**
 * Who fetches the components of a build: `--sources` where it is given, whatever the profile. Else this machine, but for profiles
 * that leave the tree as somebody wrote it down (`163`, `direct`), and for a tree that is built in place, where no repositories are
 * put; that is said. A bundle holds what this machine fetched.
 */
export function chooseSources(
  { options: { sources, inPlace }, profile, goal }: Requested & Pick<Checked, 'profile'>,
  io: Io,
): Checked['sourcesBy'] {
  if (goal === 'bundle') return 'host';
  const literal = profile.style !== 'chosen';
  if (sources === null && !literal && inPlace)
    io.note({
      level: 'info',
      code: 'sources-in-place',
      message:
        'Built in place, so the steps of the build fetch the components themselves, as with --sources mirror: no repositories are put into your tree.',
      hint: 'Without --in-place they are fetched and checked beforehand.',
    });
  return sources ?? (literal || inPlace ? 'mirror' : 'host');
}
