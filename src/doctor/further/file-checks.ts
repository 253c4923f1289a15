import type { Verdict } from '../context.ts';
import { ownLine } from '../own-line.ts';
import { CouldNotLook, textOf, type Asked, type FurtherCheck } from './asked.ts';

/** File systems that have neither links nor two names that differ in case only (Linux, Documentation/filesystems/vfat). */
const NO_LINKS = ['vfat', 'msdos', 'exfat'];
/** File systems that have them as their server, or the driver's options, decide. */
const DOUBTFUL = ['ntfs', 'ntfs3', 'fuseblk', '9p', 'drvfs', 'cifs', 'smb3', 'hfsplus', 'vboxsf'];

const GIB = 2 ** 30;
/** Lists, patches and logins of a run; the tree of a `patch` run, at worst the whole one. */
const TEMP_LEAST = 200 * 2 ** 20;

/** The places where files go, beyond their space. */
export const FILE_CHECKS: readonly FurtherCheck[] = [
  {
    id: 'work-dir-kind',
    title: "work dir's file system",
    group: 'Files',
    skip: ({ machine }) => (machine.platform === 'linux' ? null : 'only known on Linux'),
    run: judgeKind,
  },
  { id: 'temp-dir', title: 'temporary directory', group: 'Files', skip: () => null, run: judgeTemp },
  { id: 'leftovers', title: 'leftovers of runs', group: 'Files', skip: () => null, run: judgeLeftovers },
];

/** proc(5), mountinfo: field 5 is the mount point, spaces in it as \040; behind the lone hyphen the type. The longest point above a path holds it. */
export function mountOf(path: string, mountinfo: string): { readonly type: string; readonly readOnly: boolean } | null {
  let best: { readonly point: string; readonly type: string; readonly readOnly: boolean } | null = null;
  for (const row of mountinfo.split('\n')) {
    const [left = '', right] = row.split(' - ');
    const fields = left.split(' ');
    const point = (fields[4] ?? '').replaceAll(/\\(\d{3})/gu, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const [type] = (right ?? '').split(' ');
    if (right === undefined || type === undefined || type === '' || point === '') continue;
    const holds = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of two mounts at one point the later one is seen.
    if (holds && point.length >= (best?.point.length ?? 0))
      best = { point, type, readOnly: (fields[5] ?? '').split(',').includes('ro') };
  }
  return best;
}

async function judgeKind(asked: Asked): Promise<Verdict> {
  const { workDir, machine, line } = asked;
  const { path } = await machine.diskFree(workDir);
  const mount = mountOf(await machine.realPath(path), await textOf(asked, '/proc/self/mountinfo'));
  if (mount === null) throw new CouldNotLook(`no mount holds ${path}`);
  const { type, readOnly } = mount;
  const fix = `${ownLine(line, { set: [['--work-dir', 'DIR']] })}   # on another file system`;
  if (readOnly) return { result: 'failed', seen: `${type}, read-only`, fix };
  if (NO_LINKS.includes(type)) return { result: 'failed', seen: `${type} has no symbolic links`, fix };
  if (DOUBTFUL.includes(type))
    return { result: 'warning', seen: `${type} may lack symbolic links, or mix up names by case`, fix };
  return { result: 'ok', seen: type };
}

async function judgeTemp({ tempDir, machine }: Asked): Promise<Verdict> {
  const fix = 'export TMPDIR=DIR   # a folder that you may write';
  if (!(await machine.mayWrite(tempDir)))
    return { result: 'failed', seen: `${tempDir} cannot be written by ${machine.userName}`, fix };
  const { freeBytes } = await machine.diskFree(tempDir);
  if (freeBytes < TEMP_LEAST)
    return { result: 'failed', seen: `${tempDir} has ${String(Math.floor(freeBytes / 2 ** 20))} MiB free`, fix };
  return { result: 'ok', seen: tempDir };
}

async function judgeLeftovers({ look }: Asked): Promise<Verdict> {
  const found = await look.leftovers();
  const running = found.filter(({ usedBy }) => usedBy !== null);
  // A work dir is kept on purpose: the next build of the same release goes on from it.
  const dead = found.filter(({ usedBy, kind }) => usedBy === null && kind !== 'work');
  if (dead.length > 0) {
    const bytes = dead.reduce((sum, each) => sum + each.bytes, 0);
    return {
      result: 'warning',
      seen: `${String(dead.length)} of killed runs, ${(bytes / GIB).toFixed(1)} GiB`,
      fix: ownLine(['clean']),
    };
  }
  if (running.length > 0)
    return { result: 'ok', seen: `none; process ${running.map(({ usedBy }) => String(usedBy)).join(', ')} builds` };
  return { result: 'ok', seen: 'none' };
}
