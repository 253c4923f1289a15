/** A part of a bundle, as the list beside it names it. */
export interface ListedPart {
  /** In the folder of the list: `moby.tar.001`. */
  readonly name: string;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** More than any bundle needs; each is open while it is read. */
export const MOST_PARTS = 250;

/** The list of the parts of a bundle, beside them. Pure. */
export function listPath(file: string): string {
  return `${file}.sha256`;
}

/** What part number `index`, from 1 on, is called. Pure. */
export function partPath(file: string, index: number): string {
  return `${file}.${String(index).padStart(3, '0')}`;
}

/** `moby.tar.001` and `moby.tar.sha256` → `moby.tar`; null for another name. Pure. */
export function wholeOf(file: string): string | null {
  return /^(.+)\.(?:\d{3}|sha256)$/u.exec(file)?.[1] ?? null;
}

/** The text of the list, as sha256sum(1) reads it. Pure. */
export function partListText(parts: readonly ListedPart[]): string {
  return parts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}

/**
 * Reads such a list. The names are the only ones that a list of this name may have, in their order, so it leads to no other file. Pure.
 *
 * @param whole name of the whole bundle, without a folder
 * @returns or what is wrong with it, in words that follow its name
 */
export function readPartList(text: string, whole: string): readonly ListedPart[] | string {
  const lines = text.split('\n');
  if (lines.pop() !== '') return 'does not end with a line break';
  if (lines.length === 0 || lines.length > MOST_PARTS) return `lists no parts, or more than ${String(MOST_PARTS)}`;
  const parts: ListedPart[] = [];
  for (const [index, line] of lines.entries()) {
    const name = partPath(whole, index + 1);
    const [, sha256 = '', named] = /^([0-9a-f]{64}) [ *](.+)$/u.exec(line) ?? [];
    if (named !== name) return `has another line ${String(index + 1)} than that of ${name}`;
    parts.push({ name, sha256 });
  }
  return parts;
}

/**
 * What is wrong with a part whose bytes are others than those that the list says. Pure.
 *
 * @param list name of the list
 * @param sha256 of the bytes that are there
 */
export function partFault(
  { name, sha256: expected }: ListedPart,
  sha256: string,
  parts: readonly ListedPart[],
  list: string,
): string {
  const other = parts.find((part) => part.sha256 === sha256);
  if (other !== undefined) return `${name} has the bytes of ${other.name}`;
  return `${name} is damaged, or a part of another bundle: its SHA-256 is ${sha256}, and ${list} says ${expected}`;
}
