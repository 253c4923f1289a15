import { COMMAND_NAMES, COMMANDS, environmentName, OPTION_GROUPS } from '../src/config/options/option.ts';
import { commandsOf, OPTION_NAMES, specOf, spelled, type OptionName } from '../src/config/options/options.ts';
import { fallbackWords } from '../src/config/pages/help-page.ts';
import { markdownTable, paragraph } from './markdown.ts';

function flagOf(name: OptionName): string {
  const { placeholder } = specOf(name);
  return `\`${spelled(name)}${placeholder === '' ? '' : ` ${placeholder}`}\``;
}

/** A long list says which commands do not take it. */
function commandWords(name: OptionName): string {
  const taking = commandsOf(name);
  const others = COMMAND_NAMES.filter((each) => !taking.includes(each));
  return others.length < taking.length / 2 ? `all but ${others.join(', ')}` : taking.join(', ');
}

function section(name: OptionName): string {
  const { description, inFile, negated } = specOf(name);
  const fallback = fallbackWords(name);
  return [
    `### ${flagOf(name)}`,
    '',
    paragraph(description),
    '',
    `- commands: ${commandWords(name)}`,
    ...(fallback === null ? [] : [`- default: ${fallback}`]),
    `- variable: \`${environmentName(spelled(name).slice(2))}\``,
    inFile
      ? `- key in a file: \`${name}${negated === true ? ': false' : ''}\``
      : '- not in a file: give it on each run',
    '',
  ].join('\n');
}

/** docs/reference/options.md, made from the table of options. */
export function optionsPage(): string {
  const parts = OPTION_GROUPS.map((group) => {
    const names = OPTION_NAMES.filter((name) => specOf(name).group === group);
    return [`## ${group}`, '', ...names.map(section)].join('\n');
  });
  return [
    '# Options',
    '',
    '<!-- Made by `npm run docs` from src/config. Do not edit. -->',
    '',
    'A flag wins over a variable, a variable over the configuration file, the file over the default. The file is',
    '`moby-build.yaml`, `.yml` or `.json` in the current directory, or the one that `--config` names.',
    '',
    ...markdownTable(
      ['command', 'what it does'],
      COMMAND_NAMES.map((name) => [`\`${name}\``, COMMANDS[name]]),
    ),
    '',
    ...parts,
  ]
    .join('\n')
    .replace(/\n+$/u, '\n');
}
