import { join, sep } from 'node:path';
import { ownLine } from './own-line.ts';
import type { Check, CheckContext, Verdict } from './context.ts';
import { requireEngine, needsClient } from './engine-checks.ts';

/** Where snapd mounts programs, and where it keeps its state. */
const SNAP_PLACES = ['/snap/', '/var/lib/snapd/'];

/** A client from snap runs confined: it sees neither the hidden folders of a home nor the /tmp of others (snapd, interface `home`). */
export const SNAP_CHECK: Check = {
  id: 'docker-snap',
  title: 'docker from snap',
  skip: needsClient,
  run: async (context) => {
    const client = requireEngine(context).clientPath ?? '';
    return judgeSnap(context, [client, await context.machine.realPath(client)]);
  },
};

/** Whether the client is one of snap's: by its path, as it stands on PATH or with links followed. Pure. */
export function isFromSnap(places: readonly string[]): boolean {
  return places.some((place) => SNAP_PLACES.some((snap) => place.startsWith(snap)));
}

/** Pure. @param places the client's path, as it stands on PATH and with links followed */
function judgeSnap(context: CheckContext, places: readonly string[]): Verdict {
  if (!isFromSnap(places)) return { result: 'ok', seen: 'no, it sees all files' };
  const { workDir, clientReads, env, line } = context;
  const home = env['HOME'] ?? '';
  if (isHidden(workDir, home))
    return {
      result: 'failed',
      seen: `yes, and it does not see ${workDir}`,
      fix: `${ownLine(line, { set: [['--work-dir', join(home === '' ? '/home' : home, 'moby-build')]] })}   # a folder that it sees`,
    };
  const hidden = clientReads.find(({ path }) => isHidden(path, home));
  if (hidden === undefined) return { result: 'ok', seen: `yes, and it sees ${workDir}` };
  return {
    result: 'failed',
    seen: `yes, and it does not see ${hidden.path} of ${hidden.option}`,
    fix: `Move ${hidden.path} into a folder of your home whose name does not begin with a dot, or take another client: --docker PATH.`,
  };
}

/** Whether such a client does not see the folder: it is outside the home, or below a hidden folder of it. */
function isHidden(folder: string, home: string): boolean {
  if (home === '' || !folder.startsWith(home + sep)) return true;
  return folder.slice(home.length + 1).startsWith('.');
}
