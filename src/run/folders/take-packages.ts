import { join } from 'node:path';
import type { Parts } from '../../bundle/make/parts.ts';
import { NOTHING_GATHERED, type Gathered } from '../../bundle/make/gathered.ts';
import { pathOfFileUrl } from '../../mirrors/catalogue/hostile.ts';
import type { Lack } from '../../mirrors/images/engine-image.ts';
import { archiveAt } from '../offline/mount-folders.ts';
import {
  APT_REASONS,
  baseReference,
  gatherPackages,
  packagePoints,
  sourcesOf,
  type Sources,
} from '../bundle/gather-apt.ts';
import { FOLDER_WORDS } from '../notes/folder-words.ts';
import { buildArchOf } from '../plan/build-arch.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';
import { engineFacts } from './engine-facts.ts';
import { isReadable } from '../prepare/judge-folders.ts';
import { wholeFolder } from './whole-folder.ts';

type Decided = Omit<Planned, 'command'>;

export interface Taken {
  readonly gathered: Gathered;
  readonly lacks: readonly Lack[];
}

const NOTHING: Taken = { gathered: NOTHING_GATHERED, lacks: [] };

/**
 * The packages that the steps install, out of folders of this machine: those that apt names, each with the checksum of the signed list. Where this machine
 * cannot tell which they are, all of the folder: the apt of the steps chooses, and checks the same.
 *
 * @param parts where they are put together
 */
export async function takePackages(from: Decided, io: Io, parts: Parts): Promise<Taken> {
  const apt = from.folders?.apt ?? new Map<string, string>();
  if (apt.size === 0 || packagePoints(from).length === 0) return NOTHING;
  const sources = sourcesOf(from);
  if (sources === null) return NOTHING;
  const { roots, lacks } = rootsOf(sources, apt);
  if (lacks.length > 0) return { gathered: NOTHING_GATHERED, lacks };
  // A server beside the folder serves the steps by itself.
  const list = sources.list.filter(({ root }) => roots.has(root));
  const isAll = list.length === sources.list.length;
  const image = from.ofEngine.find(
    ({ reference, platform }) => reference === baseReference(from) && platform === `linux/${buildArchOf(from)}`,
  );
  const facts = image === undefined || !isAll ? null : await engineFacts(from, io, image);
  if (facts === null) return wholeArchives(io, { list, roots }, FOLDER_WORDS.imageUnknown);
  const gathered = await gatherPackages(from, io, parts, {
    facts: () => Promise.resolve(facts),
    sources: { list, roots },
  });
  if (gathered.gaps.some(({ reason }) => reason === APT_REASONS.noApt))
    return wholeArchives(io, { list, roots }, FOLDER_WORDS.noApt);
  return {
    gathered,
    lacks: gathered.gaps.map(({ name, reason }) => ({
      kind: 'apt',
      name,
      why: reason,
      supply: FOLDER_WORDS.aptSupply,
    })),
  };
}

/** Where each archive of the sources lies; a suite without its signed list is named. */
function rootsOf(
  { list, roots }: Sources,
  folders: ReadonlyMap<string, string>,
): { readonly roots: Sources['roots']; readonly lacks: readonly Lack[] } {
  const found = new Map<string, { readonly bases: readonly string[]; readonly mirror: string | null }>();
  for (const [root, { mirror }] of roots) {
    const url = folders.get(root);
    if (url !== undefined) found.set(root, { bases: [archiveAt(url) ?? url], mirror });
  }
  const lacks = list.flatMap(({ root, suite }): Lack[] => {
    const base = found.get(root)?.bases[0];
    if (base === undefined) return [];
    const path = join(pathOfFileUrl(base) ?? '', 'dists', suite, 'InRelease');
    const problem = isReadable(path);
    return problem === null
      ? []
      : [{ kind: 'apt', name: suite, why: `${path}: ${problem}`, supply: FOLDER_WORDS.suiteSupply(suite) }];
  });
  return { roots: found, lacks };
}

/** All of what the sources may take; another suite's lists are left out. */
async function wholeArchives(io: Io, { list, roots }: Sources, why: string): Promise<Taken> {
  const files = new Map<string, Gathered['files'] extends ReadonlyMap<string, infer File> ? File : never>();
  for (const [root, { bases }] of roots) {
    const dir = pathOfFileUrl(bases[0] ?? '') ?? '';
    const suites = list.filter((each) => each.root === root).map(({ suite }) => `dists/${suite}/`);
    const whole = await wholeFolder(dir, `apt/${root}`, (path) =>
      path.startsWith('dists/') ? suites.some((suite) => path.startsWith(suite)) : /\.u?deb$/u.test(path),
    );
    if (whole === null)
      return {
        gathered: NOTHING_GATHERED,
        lacks: [{ kind: 'apt', name: dir, why: FOLDER_WORDS.tooLarge(why), supply: FOLDER_WORDS.aptKnown }],
      };
    for (const [path, file] of whole) files.set(path, file);
  }
  io.note({ level: 'info', code: 'local-mirror', message: FOLDER_WORDS.allPackages(why) });
  return { gathered: { ...NOTHING_GATHERED, files }, lacks: [] };
}
