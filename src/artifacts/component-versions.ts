import semver from 'semver';
import type { ComponentPin } from '../components/effective-pins.ts';
import type { CheckResult } from '../types.ts';
import { readVersionText } from './version-text.ts';

/** Which binary tells the version of which component; docker-proxy, of libnetwork, tells nothing. */
const TOLD_BY: Readonly<Partial<Record<string, string>>> = {
  containerd: 'containerd',
  runc: 'runc',
  tini: 'docker-init',
  rootlesskit: 'rootlesskit',
};

/** A pin as far as a binary can be held against it. */
export type PinnedComponent = Pick<ComponentPin, 'component' | 'pin'>;

/** A component: what is pinned, and what the binary says. */
export interface ComponentFacts extends ComponentPin {
  /** The binary's own version, or null where it was not asked or does not say. */
  readonly said: string | null;
  /** Whether the binary's commit or version is the pinned one; null where that cannot be told. */
  readonly agrees: boolean | null;
}

/** Joins pins with what the binaries print (whole texts by name). Pure. */
export function componentFacts(
  pins: readonly ComponentPin[],
  texts: Readonly<Record<string, string>>,
): readonly ComponentFacts[] {
  return pins.map((pin) => {
    const { said, agrees } = hold(pin, texts);
    return { ...pin, said, agrees };
  });
}

/**
 * Holds the binaries against the components that were asked for by name, one check each. Failed only where the binary contradicts: it
 * names another commit than the id that was asked for, or another release than the tag. Pure.
 */
export function componentChecks(
  asked: readonly PinnedComponent[],
  texts: Readonly<Record<string, string>>,
): readonly CheckResult[] {
  return asked.map((pin): CheckResult => {
    const { said, agrees, commit } = hold(pin, texts);
    const binary = TOLD_BY[pin.component];
    const words = [said, commit].filter((word) => word !== null).join(', commit ');
    const [result, seen] =
      agrees === true
        ? (['ok', `it says ${words}`] as const)
        : agrees === false
          ? (['failed', `it says ${words}, not ${pin.pin}`] as const)
          : ([
              'skipped',
              binary === undefined
                ? 'its binary does not say what it is'
                : words === ''
                  ? `${binary} was not run here`
                  : `it says ${words}, which does not tell whether it is ${pin.pin}`,
            ] as const);
    return {
      id: `component:${pin.component}`,
      title: `${pin.component} is ${pin.pin}, as asked`,
      result,
      seen,
      fix: null,
      seconds: 0,
    };
  });
}

interface Held {
  readonly said: string | null;
  readonly commit: string | null;
  readonly agrees: boolean | null;
}

function hold({ component, pin }: PinnedComponent, texts: Readonly<Record<string, string>>): Held {
  const text = texts[TOLD_BY[component] ?? ''];
  if (text === undefined) return { said: null, commit: null, agrees: null };
  const { version, commit } = readVersionText(text);
  return { said: version, commit, agrees: agrees(pin, version, commit) };
}

function agrees(pin: string, version: string | null, commit: string | null): boolean | null {
  if (/^[0-9a-f]{7,40}$/.test(pin)) {
    return commit === null ? null : pin.startsWith(commit) || commit.startsWith(pin);
  }
  // A branch has no version, and a clone without tags none that is a number.
  const [wanted, said] = [semver.parse(pin), semver.parse(version?.replace(/\.m$/, '') ?? null)];
  if (wanted === null || said === null) return null;
  if (wanted.compareMain(said) !== 0) return false;
  // Debian's `1.6.20~ds1` and the like say more than a tag does; git describes a tag that shares its commit by the other's name.
  return wanted.compare(said) === 0 ? true : null;
}
