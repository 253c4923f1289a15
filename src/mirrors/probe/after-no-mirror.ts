import type { MirrorKind } from '../../names.ts';
import { NEXT, type NextCommand } from '../../next-command.ts';
import type { Outcome } from '../requests/outcome.ts';

/** Nobody answered as a mirror of anything: this machine or its network is at fault. */
const NOBODY: readonly Outcome[] = ['no-such-name', 'refused', 'timed-out', 'too-slow', 'not-asked'];
const SLOW: readonly Outcome[] = ['timed-out', 'too-slow'];

/** How a mirror of each kind is given. */
const TEMPLATE: Readonly<Record<MirrorKind, string>> = {
  apt: 'https://MIRROR/debian',
  'apt-security': 'https://MIRROR/debian-security',
  git: 'https://MIRROR/{url}',
  gomod: 'https://MIRROR',
  gosumdb: 'https://MIRROR',
  image: 'MIRROR',
  frontend: 'MIRROR',
  pip: 'https://MIRROR/simple',
  http: 'https://MIRROR',
};

interface Asked {
  readonly need: { readonly kind: MirrorKind };
  readonly ranked: readonly { readonly finding: { readonly outcome: Outcome } }[];
}

/**
 * The command after no mirror had an object. It follows from what the mirrors said, so that it is not the line that just failed: a longer
 * wait where somebody was too slow, a look at this machine where nobody was there, a mirror of the user's own where all said no.
 *
 * @param without the objects that nobody has, with what each mirror said
 * @param canWait whether a longer wait was not tried yet
 */
export function nextAfterNoMirror(without: readonly Asked[], canWait: boolean): NextCommand {
  const said = without.flatMap(({ ranked }) => ranked.map(({ finding }) => finding.outcome));
  if (canWait && said.some((outcome) => SLOW.includes(outcome))) return NEXT.longerProbe();
  const refused = without.find(({ ranked }) => ranked.some(({ finding }) => !NOBODY.includes(finding.outcome)));
  if (refused === undefined) return NEXT.doctor();
  return NEXT.mirror(refused.need.kind, TEMPLATE[refused.need.kind]);
}
