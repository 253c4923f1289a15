import type { BundleObject, Contents } from '../format/contents.ts';

/** How two bundles differ, by their objects. */
export interface Compared {
  readonly added: readonly BundleObject[];
  readonly removed: readonly BundleObject[];
  /** The same kind and name with another digest. */
  readonly changed: readonly { readonly before: BundleObject; readonly after: BundleObject }[];
  readonly same: number;
}

/**
 * What the second bundle has that the first lacks, and the other way round. Who served an object makes no difference: its digest says what it is. Pure.
 */
export function compareContents(before: Contents, after: Contents): Compared {
  const whole = (object: BundleObject): string => `${nameOf(object)} ${object.digest}`;
  const old = new Set(before.objects.map(whole));
  const now = new Set(after.objects.map(whole));
  const gone = before.objects.filter((object) => !now.has(whole(object)));
  const fresh = after.objects.filter((object) => !old.has(whole(object)));
  const changed: { before: BundleObject; after: BundleObject }[] = [];
  const removed = gone.filter((object) => {
    const at = fresh.findIndex((other) => nameOf(other) === nameOf(object));
    const [successor] = at < 0 ? [] : fresh.splice(at, 1);
    if (successor !== undefined) changed.push({ before: object, after: successor });
    return successor === undefined;
  });
  return { added: fresh, removed, changed, same: now.size - fresh.length - changed.length };
}

function nameOf({ kind, name }: BundleObject): string {
  return `${kind} ${name}`;
}
