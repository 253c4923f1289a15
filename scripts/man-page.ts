import { EXIT_MEANINGS } from '../src/codes.ts';
import { COMMAND_NAMES, COMMANDS, environmentName, OPTION_GROUPS } from '../src/config/options/option.ts';
import { flagsOf, OPTION_NAMES, specOf, spelled, type OptionName } from '../src/config/options/options.ts';
import { EXAMPLES } from '../src/config/pages/examples.ts';
import { fallbackWords, usageWords } from '../src/config/pages/help-page.ts';
import { commandLine } from '../src/system/command-line.ts';

/** A text as man(7) shows it unchanged: a hyphen that may be pasted, no backslash, and no line that begins with a request. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '\\&...')
    .replaceAll('’', "'")
    .replace(/^([.'])/u, '\\&$1');
}

const bold = (text: string): string => `\\fB${roff(text)}\\fR`;
const italic = (text: string): string => `\\fI${roff(text)}\\fR`;

function option(name: OptionName): readonly string[] {
  const { placeholder, description, commands, inFile, form } = specOf(name);
  const fallback = fallbackWords(name);
  const flags = [
    spelled(name),
    ...flagsOf(name)
      .slice(1)
      .map((flag) => `--${flag}`),
  ]
    .map(bold)
    .join(', ');
  const about = [
    ...(commands.length === COMMAND_NAMES.length ? [] : [`Commands: ${commands.join(', ')}.`]),
    ...(fallback === null ? [] : [`Default: ${fallback}.`]),
    `Variable: ${environmentName(spelled(name).slice(2))}.`,
    ...(inFile ? [`Key in a file: ${name}.`] : []),
  ];
  return [
    '.TP',
    placeholder === '' ? flags : `${flags} ${italic(placeholder)}`,
    roff(description),
    '.br',
    roff(about.join(' ')),
    ...(form === 'value' ? [] : []),
  ];
}

/** man/moby-build.1, from the table of options. Pure. */
export function manPage(version: string): string {
  return `${[
    '.\\" Made by `npm run docs` from src/config. Do not edit.',
    `.TH MOBY\\-BUILD 1 "" "moby\\-build ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'moby\\-build \\- compile Docker Engine (moby) from source where the network is slow, filtered or absent',
    '.SH SYNOPSIS',
    ...[null, ...COMMAND_NAMES].flatMap((name, index) => [
      ...(index === 0 ? [] : ['.br']),
      `${bold('moby-build')} ${roff(usageWords(name))}`,
    ]),
    '.SH COMMANDS',
    ...COMMAND_NAMES.flatMap((name) => ['.TP', bold(name), roff(`${COMMANDS[name]}.`)]),
    '.SH OPTIONS',
    roff('A flag wins over a variable, a variable over the configuration file, the file over the default.'),
    ...OPTION_GROUPS.flatMap((group) => [
      `.SS ${group}`,
      ...OPTION_NAMES.filter((name) => specOf(name).group === group).flatMap(option),
    ]),
    '.SH EXIT STATUS',
    ...EXIT_MEANINGS.flatMap(([code, meaning]) => ['.TP', bold(code), roff(meaning)]),
    '.SH FILES',
    '.TP',
    bold('moby-build.yaml, moby-build.yml, moby-build.json'),
    'The configuration file; the first of these that the current directory has.',
    '.SH EXAMPLES',
    ...COMMAND_NAMES.flatMap((name) => EXAMPLES[name]).flatMap(({ words, does }) => [
      '.TP',
      bold(commandLine({ file: 'moby-build', args: words })),
      roff(does),
    ]),
  ].join('\n')}\n`;
}
