import { namesBehind } from '../../seal/sealed-hosts.ts';
import { scan } from '../../egress/scan.ts';
import { contactedHosts } from '../audit/contacted-hosts.ts';
import { scanOptions } from '../plan/make-plan.ts';
import type { Planned } from '../stage/stages.ts';

/** The hosts that a build of the plan contacts: as `audit --hosts` tells them, and those that the user named. Pure. */
export function plannedHosts(planned: Planned): readonly string[] {
  const { scan: before, source, plan, resolutions, options } = planned;
  const after = scan(new Map([...source.files, ...plan.after]), scanOptions(planned));
  // What --allow-uncovered leaves to nobody is no part of it.
  const nobodys = new Set(plan.points.filter(({ via }) => via === 'none').map(({ id }) => id));
  const met = { ...after, points: after.points.filter(({ id }) => !nobodys.has(id)) };
  const uses = contactedHosts(before, met, resolutions, []);
  return namesBehind([...uses.filter(({ contacted }) => contacted).map(({ host }) => host), ...options.sealHosts]);
}
