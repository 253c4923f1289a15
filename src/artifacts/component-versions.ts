import type { ComponentPin } from './component-pins.ts';
import { readVersionText } from './version-text.ts';

/** Which binary tells the version of which component. */
const TOLD_BY: Readonly<Record<string, string>> = {
  CONTAINERD: 'containerd',
  RUNC: 'runc',
  TINI: 'docker-init',
  ROOTLESSKIT: 'rootlesskit',
};

/** A component: what the tree pins, and what the binary says. */
export interface ComponentFacts extends ComponentPin {
  /** The binary's own version, or null where it was not asked or does not say. */
  readonly said: string | null;
  /** Whether the binary's commit or version is the pinned one; null where that cannot be told. */
  readonly agrees: boolean | null;
}

/** Joins pins with the version lines of the binaries (`texts` by name). Pure. */
export function componentFacts(
  pins: readonly ComponentPin[],
  texts: Readonly<Record<string, string | null>>,
): readonly ComponentFacts[] {
  return pins.map((pin) => {
    const text = texts[TOLD_BY[pin.component] ?? ''] ?? null;
    if (text === null) return { ...pin, said: null, agrees: null };
    const { version, commit } = readVersionText(text);
    return { ...pin, said: version, agrees: agrees(pin, version, commit) };
  });
}

function agrees({ pin }: ComponentPin, version: string | null, commit: string | null): boolean | null {
  if (/^[0-9a-f]{40}$/.test(pin)) return commit === null ? null : pin.startsWith(commit) || commit.startsWith(pin);
  if (version === null) return null;
  const bare = (text: string): string => text.replace(/^v/, '');
  return bare(pin) === bare(version);
}
