import { PROVENANCE_CHECKS, VERIFY_CHECKS } from '../src/check-codes.ts';
import { ERRORS, EXIT_MEANINGS, NOTES } from '../src/codes.ts';
import { CHECKS as MACHINE_CHECKS } from '../src/doctor/checks.ts';
import { FURTHER_CHECKS } from '../src/doctor/further/run-doctor.ts';
import { faultKind } from '../src/symptoms/faults.ts';
import { SYMPTOMS } from '../src/symptoms/table.ts';
import { listChecks } from '../src/smoke/smoke.ts';
import { markdownTable as table } from './markdown.ts';

/** The text of docs/reference/codes.md, from the tables of the code. Pure. */
export function codesPage(): string {
  return `${[
    '# Codes: exits, errors, notes, checks and symptoms',
    '',
    '<!-- Made by `npm run docs` from src/codes.ts, src/symptoms/ and the lists of checks. Do not edit. -->',
    '',
    'Codes are part of the product, so a program may branch on them. `--json` has them in `error.code`, `error.exitCode`,',
    '`notes[].code`, and the `id` of a check.',
    '',
    '## Exit codes',
    '',
    ...table(['exit code', 'meaning'], EXIT_MEANINGS),
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
    '## Further checks of `doctor`',
    '',
    '`moby-build doctor` makes these and those above. It ends with exit code 3 where one failed, and with 0 where there are',
    'warnings, or checks that could not look (`unknown`).',
    '',
    ...table(
      ['id', 'group', 'checks'],
      FURTHER_CHECKS.map(({ id, group, title }) => [`\`${id}\``, group, title]),
    ),
    '',
    '## Checks of the binaries',
    '',
    'After a build, and by `verify`. A failed one ends the run with exit code 7.',
    '',
    ...table(
      ['id', 'checks'],
      [
        ...Object.entries({ ...VERIFY_CHECKS, ...PROVENANCE_CHECKS }).map(([id, meaning]) => [`\`${id}\``, meaning]),
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
    '',
    '## Symptoms',
    '',
    'What messages of other programs in the log of a build mean. Hints end with the code of the symptom. `transport`: the way',
    'to a server broke, so the build tries again and then takes the next mirror. `refused`: a server says no. `not-there`: it',
    'does not have the object. `tampered`: what came is not what it must be; never tried again at the same mirror. `local`:',
    'this machine, its engine or the tree.',
    '',
    ...table(
      ['code', 'tool', 'meaning', 'what it means', 'an example', 'source of the wording'],
      [...SYMPTOMS]
        .sort((a, b) => a.code.localeCompare(b.code))
        .map(({ code, tool, fault, cause, samples, source }) => [
          `\`${code}\``,
          tool,
          faultKind(fault).meaning,
          cause,
          `\`${samples[0].trim()}\``,
          source,
        ]),
    ),
  ].join('\n')}\n`;
}

function row({ id, title }: { readonly id: string; readonly title: string }): readonly string[] {
  return [`\`${id}\``, title];
}
