import { ERRORS, NOTES, VERIFY_CHECKS } from '../src/codes.ts';
import { CHECKS as MACHINE_CHECKS } from '../src/doctor/checks.ts';
import { listChecks } from '../src/smoke/smoke.ts';

/** The text of docs/reference/codes.md, from the tables of the code. Pure. */
export function codesPage(): string {
  return `${[
    '# Codes of errors, notes and checks',
    '',
    'This page is generated: `npm run docs` writes it from `src/codes.ts` and the lists of checks. Codes are part of the product, so a program may',
    'branch on them. `--json` has them in `error.code`, `notes[].code`, and the `id` of a check.',
    '',
    '## Errors',
    '',
    ...table(
      ['code', 'exit code', 'meaning'],
      Object.entries(ERRORS).map(([code, [exit, meaning]]) => [`\`${code}\``, [exit].flat().join(', '), meaning]),
    ),
    '',
    '## Notes',
    '',
    'A note never changes the exit code.',
    '',
    ...table(
      ['code', 'meaning'],
      Object.entries(NOTES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    '',
    '## Checks of this machine',
    '',
    'Before a build. A failed one ends the run with exit code 3.',
    '',
    ...table(['id', 'checks'], MACHINE_CHECKS.map(row)),
    '',
    '## Checks of the binaries',
    '',
    'After a build, and by `verify`. A failed one ends the run with exit code 7.',
    '',
    ...table(
      ['id', 'checks'],
      [
        ...Object.entries(VERIFY_CHECKS).map(([id, meaning]) => [`\`${id}\``, meaning]),
        ['`binary:NAME`', 'One binary: its format, CPU architecture, linkage, version and checksum.'],
        ['`component:NAME`', 'A component has the version that --component asked for.'],
      ],
    ),
    '',
    '## Checks of the daemon',
    '',
    'By `smoke`, and by `build --smoke`. A failed one ends the run with exit code 7.',
    '',
    ...table(['id', 'checks'], listChecks().map(row)),
  ].join('\n')}\n`;
}

function row({ id, title }: { readonly id: string; readonly title: string }): readonly string[] {
  return [`\`${id}\``, title];
}

/** Markdown rows; a bar inside a cell is escaped. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}
