import { EXIT, MobyBuildError } from '../../errors.ts';

/** No mirror's address comes near it; longer ones are refused before anything else looks at them. */
export const MAX_VALUE_CHARACTERS = 1024;

/** How a character is shown to a person: itself in quotes when it can be seen, its code point otherwise. */
export function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code > 0x20 && code < 0x7f ? `"${character}"` : hex;
}

/**
 * Refuses a value of the user's that holds anything but plain characters, for it will stand in a Dockerfile and in shell scripts.
 * @param where the flag or the place in a file that gave the value
 * @param allowed one character class, such as `/[a-z]/`
 * Throws MobyBuildError `hostile-value` (2) that names the character and its place (1-based).
 */
export function refuseHostile(value: string, where: string, allowed: RegExp): void {
  if (value.length > MAX_VALUE_CHARACTERS) {
    throw hostile(where, `is ${String(value.length)} characters long; ${String(MAX_VALUE_CHARACTERS)} are allowed`);
  }
  let position = 0;
  for (const character of value) {
    position += 1;
    if (!allowed.test(character)) {
      throw hostile(
        where,
        `holds ${showCharacter(character)} at character ${String(position)}, which a shell or a Dockerfile could read as more than text`,
      );
    }
  }
}

function hostile(where: string, what: string): MobyBuildError {
  return new MobyBuildError({
    code: 'hostile-value',
    exitCode: EXIT.usage,
    message: `The value of ${where} ${what}.`,
    where,
    hint: 'Only letters, digits and the marks of a plain address are taken: . _ - : / % + = , @ and holes such as {url}.',
  });
}

/** A value that is plain but is not what its kind needs. */
export function badMirror(where: string, message: string, hint?: string): MobyBuildError {
  return new MobyBuildError({ code: 'bad-mirror', exitCode: EXIT.usage, message, where, hint });
}
