import { faultKind, type Meaning } from '../src/symptoms/faults.ts';
import type { Tool } from '../src/symptoms/symptom.ts';
import { SYMPTOMS } from '../src/symptoms/table.ts';
import { markdownTable as table } from './markdown.ts';

/** The tools of a build that ask the network, and what each row of theirs is from. */
const TOOLS: readonly (readonly [title: string, tools: readonly Tool[]])[] = [
  ['git and ssh', ['git', 'ssh']],
  ['curl and wget', ['curl', 'wget']],
  ['apt', ['apt']],
  ['go', ['go']],
  ['The engine, BuildKit and their clients', ['docker', 'buildx', 'buildkit', 'engine']],
];

/** What a message means for whoever has to act on it, in the order of the pages. */
const MEANINGS: readonly (readonly [Exclude<Meaning, 'local'>, string])[] = [
  ['transport', 'The way to a server broke, or the server failed for a moment: tried again, then the next mirror.'],
  ['refused', 'A server or a proxy says no: the next mirror; after a time where it counts requests.'],
  ['not-there', 'A server answers, and does not have it: the next mirror.'],
  ['tampered', 'What came cannot be what was asked for: never tried again at the same mirror.'],
];

/** The text of docs/reference/messages.md, from the one table of messages that the program goes by. Pure. */
export function messagesPage(): string {
  const sections = TOOLS.flatMap(([title, tools]) => [
    `## ${title}`,
    '',
    ...table(
      ['meaning', 'message', 'code', 'again', 'from'],
      MEANINGS.flatMap(([meaning]) =>
        SYMPTOMS.filter(({ tool, fault }) => tools.includes(tool) && faultKind(fault).meaning === meaning).flatMap(
          ({ code, fault, samples, source }) =>
            samples.map((sample) => [
              meaning,
              `\`${sample.replaceAll('`', "'").replaceAll('\n', ' ')}\``,
              `\`${code}\``,
              faultKind(fault).passes ? 'yes' : 'no',
              source,
            ]),
        ),
      ),
    ),
    '',
  ]);
  return `${[
    '# What the messages of tools mean',
    '',
    '<!-- Made by `npm run docs` from src/symptoms/. Do not edit. -->',
    '',
    'The messages that a build, a fetch of this machine and `moby-build explain` go by, as each tool prints them; the program',
    'has one table of them. “Again”: it may be gone the next time, so the same server is tried once more.',
    '',
    ...table(['meaning', 'what is done'], MEANINGS),
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()}\n`;
}
