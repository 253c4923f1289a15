/** Control characters, line and paragraph separators, and the overrides that make a terminal show another text than there is. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text of somebody else's tree as it may be shown: on one line, without escape codes. */
export function visible(text: string): string {
  return text.replace(HIDDEN, '\ufffd');
}
