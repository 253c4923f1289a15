import { isCommitId } from '../components/check-version.ts';
import type { ComponentPin } from '../components/effective-pins.ts';
import { VERSION_BY_GIT } from '../components/version-by-git.ts';
import { repositoryName } from '../egress/world/repositories.ts';
import { componentCommit } from '../moby/component-pins.ts';
import type { ComponentWish } from '../source/fetch-component.ts';
import { SOURCE_NAMES, type EgressPoint, type SourceName } from '../types.ts';

/** What a git point of the closure fetches, and which commit of it. */
export interface GitWish {
  readonly point: EgressPoint;
  readonly component: SourceName;
  /** `owner/name` of its repository, lower case. */
  readonly name: string;
  /** The repository's URL, without the query that says what to take of it. */
  readonly upstream: string;
  readonly wish: ComponentWish;
}

/**
 * What has to be fetched for the git points of the closure. A point is left out where the repository is none that is known, or where
 * nothing says which commit or tag of it is built. Pure.
 *
 * @param pins of what is built
 * @param commitOf the table that says which commit a tag is
 */
export function gitWishes(
  points: readonly EgressPoint[],
  pins: readonly ComponentPin[],
  commitOf: typeof componentCommit = componentCommit,
): readonly GitWish[] {
  return points.flatMap((point): GitWish[] => {
    if (point.kind !== 'git' || !point.inClosure || point.anchor === null) return [];
    const name = repositoryName(point.url);
    const component = SOURCE_NAMES.find((known) => VERSION_BY_GIT[known].repositories.includes(name));
    if (component === undefined) return [];
    const wish = wishFor(component, name, pinOf(point, component, pins), commitOf);
    return wish === null ? [] : [{ point, component, name, upstream: point.url.replace(/[?#].*$/, ''), wish }];
  });
}

interface Pin {
  /** A commit id, a tag, or a name of another kind. */
  readonly pin: string;
  /** The tag that the tree gives a commit. */
  readonly note: string | null;
}

/** An ADD names the version in its URL; elsewhere it stands where the tree pins it. */
function pinOf({ url, file }: EgressPoint, component: SourceName, pins: readonly ComponentPin[]): Pin | null {
  const [, named] = /[?&](?:ref|commit)=([^&#]+)/.exec(url) ?? [];
  if (named !== undefined) return { pin: named, note: null };
  return pins.find((pin) => pin.file === file && pin.component === component) ?? null;
}

const TAG = /^v\d[\w.+-]*$/;

function wishFor(
  component: SourceName,
  name: string,
  pinned: Pin | null,
  commitOf: typeof componentCommit,
): ComponentWish | null {
  if (pinned === null) return null;
  const { pin, note } = pinned;
  const { described } = VERSION_BY_GIT[component];
  if (/^[0-9a-f]{40}$/.test(pin)) {
    const tag = note !== null && TAG.test(note) ? note : null;
    return { title: `${component} ${tag ?? pin.slice(0, 12)}`, commit: pin, tag, described };
  }
  if (isCommitId(pin) || !TAG.test(pin)) return null;
  return { title: `${component} ${pin}`, commit: commitOf(name, pin), tag: pin, described };
}
