/**
 * The name of a step as people read it: its stage, and its own command without flags of RUN, numbers of steps, platforms and digests.
 * `[base 2/6] RUN --mount=type=cache,target=/x apt-get update` → `[base] apt-get update`. A here-document is its first line (BuildKit
 * shows the rest in brackets behind it). What is no step of a Dockerfile stays as BuildKit says it. Pure.
 */
export function stepWords(name: string): string {
  const flat = name.replace(/\s+/gu, ' ').trim();
  const [, prefix, command] = /^\[([^\]]*?) +\d+\/\d+\] (.*)$/u.exec(flat) ?? [];
  if (prefix === undefined || command === undefined) return withoutDigests(flat);
  const stage = prefix.split(' ').at(-1) ?? prefix;
  return `[${stage}] ${withoutDigests(commandWords(command))}`;
}

/** `RUN` is what most steps are, and says nothing; FROM, COPY, ADD and WORKDIR tell the steps apart. */
function commandWords(command: string): string {
  const run = /^RUN (.*)$/u.exec(command)?.[1];
  return run === undefined ? command : run.replace(/^(?:--(?:mount|network|security|device)=\S+ )+/u, '');
}

function withoutDigests(text: string): string {
  return text.replace(/@sha256:[0-9a-f]{64}\b/gu, '');
}
