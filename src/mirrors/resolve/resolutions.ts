import type { Note, Via } from '../../types.ts';

/** One egress point, one mirror: what the place shall contact instead. */
export interface Resolution {
  readonly pointId: string;
  readonly via: Via;
  /** The mirror's id in the catalogue, `flag` for one given by a flag, or null. */
  readonly mirror: string | null;
  /** The new URL, image reference or GOPROXY value (unexpanded text that may stand at the anchor); null when nothing changes or the point goes. */
  readonly to: string | null;
  /** Where no text names the place: what git is told to take from elsewhere, so that it is `to` that is asked. */
  readonly redirect?: { readonly base: string; readonly prefix: string } | undefined;
  /** apt: true where the point's stage gets the sources itself, for it does not stand on base. */
  readonly ownSources?: true | undefined;
  /** Why this one, one sentence; shown to the user. */
  readonly reason: string;
  /** `host`: how it reaches the build. */
  readonly handIn?: HandIn | undefined;
}

/** How a repository that this machine fetched is handed to the steps of a build (docs/sources.md has the table of shapes). */
export interface HandIn {
  /**
   * `folder`: it lies in a folder that the step mounts anyway; `mount`: the step gets a mount of its own; `add`: an ADD that
   * fetches becomes a RUN that clones.
   */
  readonly way: 'folder' | 'mount' | 'add';
  /** The bare repository inside the tree. */
  readonly path: string;
  /** Where the step sees it. */
  readonly at: string;
}

/** The bases of two lists of mirrors: `http://host/debian`, `http://host/debian-security`. */
export interface AptLists {
  readonly debian: readonly string[];
  readonly security: readonly string[];
}

/** Where stage `base` gets its packages from. */
export interface AptChoice {
  readonly via: Via;
  readonly mirror: string | null;
  readonly reason: string;
  /** The text of a sources.list that is the user's own, or whose suites have repositories of their own; null when one is made from the places below. */
  readonly text: string | null;
  /** `recipe`: the eight lines of the recipe; `normal`: release, updates, security. */
  readonly form: 'normal' | 'recipe';
  /** Codename. */
  readonly suite: string;
  /** `http://host/debian`, `http://host/debian-security`; both empty when `text` is given. */
  readonly debian: string;
  readonly security: string;
  /**
   * The mirrors that apt asks one after the other, `debian` and `security` first, each in the order of preference; null: one
   * mirror, or an apt that knows no lists.
   */
  readonly lists: AptLists | null;
  /** `buster/updates`, `bullseye-security`. */
  readonly securitySuite: string;
  /** `buster-backports`, or null where the tree uses none. */
  readonly backportsSuite: string | null;
  /** true: Release files may be past their Valid-Until, so that check is off. Signatures stay on. */
  readonly expired: boolean;
}

/** Everything that is decided for a tree: how each point is met, and the choices that are the whole tree's. */
export interface Resolutions {
  /** One for each point of the scan, in its order. */
  readonly points: readonly Resolution[];
  /** null: stage `base` keeps the sources of its image. */
  readonly apt: AptChoice | null;
  /** Keys for apt as one armored block, or null. */
  readonly keyring: string | null;
  /** `ENV GOPROXY` of stage `base`; null where the tree exports its own, or nothing is to change. */
  readonly goproxy: string | null;
  /** `ENV GOSUMDB` of stage `base`, or null. */
  readonly gosumdb: string | null;
  /** `ENV PIP_INDEX_URL` of stage `base`, or null. */
  readonly pipIndex: string | null;
  /** The move to another Debian release, or null. */
  readonly suite: { readonly from: string; readonly to: string } | null;
  /** true: the base image may hold `debian.sources` instead of `sources.list` (from Debian 12 on, or nobody knows). */
  readonly deb822: boolean;
  /** true: the recipe's own shape (an export before the loop, a line after the APT_MIRROR block). */
  readonly recipe: boolean;
  /** Components that are left out: `vpnkit`. */
  readonly without: readonly string[];
  /** Concerns that the tree meets already and that have no point left to tell it by: `frontend`, `suite`, `vpnkit`. */
  readonly held: readonly string[];
  readonly notes: readonly Note[];
}
