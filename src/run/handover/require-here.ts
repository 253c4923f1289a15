import type { HostSource } from '../../handover/host-sources.ts';
import type { Lack } from '../../mirrors/images/engine-image.ts';
import { isDropped } from '../../mirrors/resolve/asked-points.ts';
import { isStored } from '../../store/store.ts';
import { pinFor } from '../../moby/pins.ts';
import type { MetPoint } from '../../types.ts';
import { runGit } from '../../system/git/git.ts';
import { viewOfPlace } from '../../system/git/git-bundle.ts';
import type { CloneCandidate } from '../../transport/transfer.ts';
import { sourceCandidates } from '../source/source-candidates.ts';
import { storeRoot } from '../source/source-store.ts';
import type { Io } from '../stage/io.ts';
import type { Planned } from '../stage/stages.ts';
import { gitLack, offlineLacks } from '../notes/offline-lacks.ts';
import { OFFLINE_WORDS } from '../notes/offline-words.ts';

type Decided = Omit<Planned, 'command'>;

/**
 * Holds the plan of a run without network against what this machine has, before anything is fetched or built.
 *
 * @param ofFolders what folders that stand for mirrors do not have; a run with network lacks it, too
 * @throws MobyBuildError `offline-lacks` (5) that names each object, and what would supply it
 */
export async function requireHere(from: Decided, io: Io, ofFolders: readonly Lack[]): Promise<void> {
  if (from.bundle !== null) return;
  const own = from.options.offline ? [...(await lacksOfGit(from, io)), ...from.lacking, ...lacksOfPoints(from)] : [];
  const lacks = [...own, ...ofFolders];
  if (lacks.length === 0) return;
  const { ref, commit } = from.source;
  // A machine with network gets a tag of moby by its name, and another tree from nobody but the user.
  const hasName = from.options.source.kind === 'url' || (commit !== null && pinFor(ref)?.commit === commit);
  throw offlineLacks(lacks, { ...from.options, ref: hasName ? ref : null });
}

/** Repositories that neither the store nor a `file:` mirror has. */
async function lacksOfGit(from: Decided, io: Io): Promise<readonly Lack[]> {
  const lacks: Lack[] = [];
  for (const source of from.hostSources) {
    const { title, commit } = source.wish;
    if (commit !== null && isStored(storeRoot(from.options), commit)) continue;
    const name = commit === null ? title : `${title} (${commit})`;
    if (!(await isInFolder(sourceCandidates(from, io, source), source))) lacks.push(gitLack(name));
  }
  return lacks;
}

/** Whether a repository of this machine has the commit, or the tag where there is no commit to ask for. */
async function isInFolder(candidates: readonly CloneCandidate[], { wish }: HostSource): Promise<boolean> {
  const wanted = wish.commit ?? `refs/tags/${wish.tag ?? ''}`;
  for (const { url } of candidates) {
    const view = await viewOfPlace(decodeURIComponent(url.replace(/^file:\/\//iu, '')));
    if (view === null) continue;
    const args = ['rev-parse', '--quiet', '--verify', `${wanted}^{commit}`];
    const { exitCode } = await runGit(view.dir, args, { allowFailure: true });
    view.remove();
    if (exitCode === 0) return true;
  }
  return false;
}

/** Points that the steps of the build would meet over a network. */
function lacksOfPoints({ plan, pins, lacking, resolutions, folders }: Decided): readonly Lack[] {
  const suites = resolutions.apt === null ? '' : resolutions.apt.suite;
  const lack = (kind: string, name: string, supply: string): readonly Lack[] => [{ kind, name, why: '', supply }];
  const lacksOf = ({ id, kind, url, module, suite, via }: MetPoint): readonly Lack[] => {
    if (via === 'host') return [];
    switch (kind) {
      case 'image':
      case 'frontend':
        return pins.has(id) || lacking.length > 0 ? [] : lack(kind, plan.becomes.get(id) ?? url, OFFLINE_WORDS.image);
      case 'git':
        return [gitLack(url, OFFLINE_WORDS.gitByHost)];
      case 'gomod':
        return (folders?.go.length ?? 0) > 0 ? [] : lack('gomod', module ?? url, OFFLINE_WORDS.go);
      case 'apt':
      case 'apt-source':
        return (folders?.apt.size ?? 0) > 0 ? [] : lack('apt', suite ?? suites, OFFLINE_WORDS.apt);
      default:
        return lack(kind, url, OFFLINE_WORDS.nothing);
    }
  };
  return plan.points
    .filter(({ id, inClosure, via }) => inClosure && via !== 'dropped' && !isDropped(resolutions, id))
    .flatMap(lacksOf);
}
