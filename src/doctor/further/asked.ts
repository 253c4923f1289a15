import type { DoctorOnlyCheck } from '../../doctor-check-ids.ts';
import type { CheckContext, Verdict } from '../context.ts';

/** Also what could not be looked at. */
export type Judged = Verdict<'ok' | 'warning' | 'failed' | 'unknown'>;

/** The sections of the report, in the order in which a machine is set up. */
export const GROUPS = ['Request', 'Programs', 'Engine', 'Network', 'Files', 'Kernel'] as const;
export type Group = (typeof GROUPS)[number];

/** What an option or its file is refused for, and what helps. */
export interface Problem {
  readonly message: string;
  readonly fix: string | null;
}

/** What the ref says about the series of moby; null where it names no version. */
export interface SeriesFacts {
  readonly name: string;
  /** For a series that moby maintains no more. */
  readonly ended: { readonly lastRelease: string; readonly date: string } | null;
  /** Whether its daemon can use nftables in place of iptables. */
  readonly nftables: boolean;
}

/** Everything that `doctor` judges: the context of a build's checks, and what only it looks at. */
export interface Asked extends CheckContext {
  readonly ref: string | null;
  readonly series: SeriesFacts | null;
  /** What the options were refused for, by the check that tells it. */
  readonly problems: Readonly<Partial<Record<'source' | 'profile' | 'certificates' | 'ref', Problem>>>;
  readonly sourceDir: string | null;
  readonly profile: string;
  /** `--suite`, or null: the tree's own. */
  readonly suite: string | null;
  /** `--network`, or null. */
  readonly network: string | null;
  /** The file of `--ca`, or null. */
  readonly ca: string | null;
  /** The addresses of the first git servers that moby would be cloned from. */
  readonly mirrors: readonly string[];
  /** Whether the network may be asked: not with `--no-probe`. */
  readonly probe: boolean;
  /** The temporary directory. */
  readonly tempDir: string;
  /** MOBY_BUILD_ variables that mean nothing. */
  readonly strays: readonly { readonly name: string; readonly nearest: string | null }[];
  /** Variables of the environment that would change the build, and are kept out of it. */
  readonly dropped: readonly string[];
  /** Whether the checks of the kernel are wanted. */
  readonly smoke: boolean;
  readonly look: Look;
}

/** What the checks ask of the machine. Plain questions, so that a test answers them without one. What cannot be seen is thrown. */
export interface Look {
  /** null: there is no such file. */
  text(path: string): Promise<string | null>;
  /** null: there is no such folder. */
  names(folder: string): Promise<readonly string[] | null>;
  /** What of the user's settings turns git's check of certificates off, by name. */
  gitUnchecked(): Promise<readonly string[]>;
  /** null: the name has an address; else the code of the failure. */
  nameFault(host: string): Promise<string | null>;
  /** The Date header of a server's answer, and when it came. */
  dateOf(url: string): Promise<{ readonly date: string | null; readonly at: Date }>;
  leftovers(): Promise<readonly { readonly bytes: number; readonly usedBy: number | null; readonly kind: string }[]>;
  /** The options that the kernel was built with, as text: `CONFIG_BRIDGE=m`; null where it does not say. */
  kernelConfig(): Promise<string | null>;
}

/** A check that only `doctor` makes. It changes nothing. What it throws is told as "could not look". */
export interface FurtherCheck {
  readonly id: DoctorOnlyCheck;
  readonly title: string;
  readonly group: Group;
  /** Milliseconds that it may take; `LOCAL_MS` where it does not say. */
  readonly limitMs?: number | undefined;
  readonly skip: (asked: Asked) => string | null;
  readonly run: (asked: Asked) => Promise<Judged> | Judged;
}

/** A check of this machine that takes longer is stuck. */
export const LOCAL_MS = 2_000;
/** A check that asks a server. */
export const NETWORK_MS = 10_000;

/** What a check throws where it cannot see what it has to judge. */
export class CouldNotLook extends Error {}

export function sudo({ machine }: Pick<Asked, 'machine'>): string {
  return machine.isRoot ? '' : 'sudo ';
}

/** The text of a file that must be there. @throws CouldNotLook */
export async function textOf({ look }: Pick<Asked, 'look'>, path: string): Promise<string> {
  const text = await look.text(path);
  if (text === null) throw new CouldNotLook(`${path} is not there`);
  return text;
}
