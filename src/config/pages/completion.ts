import { COMMAND_NAMES, COMMANDS, SHELLS, TAKES_FOLDER, type Shell } from '../options/option.ts';
import { commandsOf, OPTION_NAMES, specOf, spelled } from '../options/options.ts';
import { INSTALL } from './completion-install.ts';
import { actionsOfCommands, flagsOfCommand, flagValues } from './completion-values.ts';

/** A script that completes our lines in a shell: commands, flags, and the values of those that have closed ones. Pure. */
export function completionPage(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

const about = (shell: Shell): string => `# Completion in ${shell}: ${INSTALL[shell]}`;
/** One word for bash, zsh and every other shell of POSIX. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const folderCommands = TAKES_FOLDER.join('|');

/** bash takes `=` for a word of its own; the command is the first word that is one. */
function bash(): string {
  const values = flagValues().map(({ flags, words, files }) => {
    const first = `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;
    // A name before = waits for its value.
    const open = words.some((word) => word.endsWith('=')) ? ['compopt -o nospace'] : [];
    const more = {
      files: ['_moby_build_paths -f "$cur"'],
      directories: ['_moby_build_paths -d "$cur"'],
    };
    return `    ${flags.join('|')}) ${[first, ...open, ...(files === null ? [] : more[files]), 'return'].join('; ')} ;;`;
  });
  const flags = COMMAND_NAMES.map((name) => `    ${name}) words=${quoted(flagsOfCommand(name).join(' '))} ;;`);
  const actions = actionsOfCommands().map(
    ([name, words]) => `    ${name}) COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur")); return ;;`,
  );
  return `${[
    about('bash'),
    // A name may hold spaces.
    '_moby_build_paths() {',
    '  local path',
    '  compopt -o filenames',
    '  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")',
    '}',
    '_moby_build() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i',
    "  local IFS=$' \\t\\n'",
    '  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    case \${COMP_WORDS[i]} in ${COMMAND_NAMES.join('|')}) command=\${COMP_WORDS[i]}; break ;; esac`,
    '  done',
    '  COMPREPLY=()',
    '  case $prev in',
    ...values,
    '  esac',
    '  if [[ $cur == -* ]]; then',
    '    case ${command:-build} in',
    ...flags.map((line) => `  ${line}`),
    '    esac',
    '    COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '    return',
    '  fi',
    '  case $command in',
    ...actions,
    `    ${folderCommands}) _moby_build_paths -d "$cur" ;;`,
    `    '') COMPREPLY=($(compgen -W ${quoted([...COMMAND_NAMES, 'help', 'version'].join(' '))} -- "$cur")) ;;`,
    '  esac',
    '}',
    'complete -F _moby_build moby-build',
  ].join('\n')}\n`;
}

function zsh(): string {
  const values = flagValues().map(({ flags, words, files }) => {
    const open = words.some((word) => word.endsWith('='));
    const first = words.length === 0 ? [] : [`compadd ${open ? "-S '' " : ''}-- ${words.map(quoted).join(' ')}`];
    const more = files === null ? [] : [files === 'files' ? '_files' : '_files -/'];
    return `    (${flags.join('|')}) ${[...first, ...more, 'return'].join('; ')} ;;`;
  });
  const described = (texts: readonly (readonly [string, string])[]): string =>
    texts.map(([name, text]) => quoted(`${name.replaceAll(':', '\\:')}:${text}`)).join(' ');
  const sentences = new Map(OPTION_NAMES.map((name) => [spelled(name), specOf(name).description]));
  const flags = COMMAND_NAMES.map(
    (name) =>
      `    (${name}) found=(${described(flagsOfCommand(name).map((flag) => [flag, sentences.get(flag) ?? '']))}) ;;`,
  );
  const actions = actionsOfCommands().map(
    ([name, words]) => `    (${name}) compadd -- ${words.map(quoted).join(' ')} ;;`,
  );
  return `${[
    '#compdef moby-build',
    about('zsh'),
    '_moby_build() {',
    '  local command= word prev=${words[CURRENT-1]}',
    '  local -a found',
    '  for word in ${words[2,CURRENT-1]}; do',
    `    case $word in (${COMMAND_NAMES.join('|')}) command=$word; break ;; esac`,
    '  done',
    "  if [[ ${words[CURRENT]} == --*=* ]]; then prev=${words[CURRENT]%%=*}; compset -P '*='; fi",
    '  case $prev in',
    ...values,
    '  esac',
    '  if [[ ${words[CURRENT]} == -* ]]; then',
    '    case ${command:-build} in',
    ...flags.map((line) => `  ${line}`),
    '    esac',
    "    _describe -o 'option' found",
    '    return',
    '  fi',
    '  case $command in',
    ...actions,
    `    (${folderCommands}) _files -/ ;;`,
    `    ('') found=(${described(COMMAND_NAMES.map((name) => [name, COMMANDS[name]]))}); _describe 'command' found ;;`,
    '  esac',
    '}',
    'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _moby_build "$@"; else compdef _moby_build moby-build; fi',
  ].join('\n')}\n`;
}

function fish(): string {
  const word = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const complete = (...rest: readonly string[]): string => ['complete -c moby-build', ...rest].join(' ');
  const seen = (names: readonly string[]): string => `__fish_seen_subcommand_from ${names.join(' ')}`;
  const others = COMMAND_NAMES.filter((name) => name !== 'build');
  const commands = COMMAND_NAMES.map((name) =>
    complete('-n', word(`not ${seen(COMMAND_NAMES)}`), '-a', name, '-d', word(COMMANDS[name])),
  );
  const actions = actionsOfCommands().map(([name, words]) =>
    complete('-n', word(`${seen([name])}; and not ${seen(words)}`), '-a', word(words.join(' '))),
  );
  const folders = complete('-n', word(seen(TAKES_FOLDER)), '-a', word('(__fish_complete_directories)'));
  const valued = new Map(flagValues().map((each) => [each.flags[0], each]));
  const options = OPTION_NAMES.flatMap((name) => {
    const { description } = specOf(name);
    const takers = commandsOf(name);
    // Without a command the line is a build.
    const conditions = [
      seen([...takers.filter((taker) => taker !== 'build'), 'config']),
      ...(takers.includes('build') ? [`not ${seen(others)}`] : []),
    ];
    const value = valued.get(`--${specOf(name).flag}`);
    const flags = value === undefined ? [spelled(name)] : value.flags;
    const files = value === undefined || value.files === null ? [] : [value.files === 'files' ? '-F' : ''];
    const given = [
      ...(value?.words ?? []),
      ...(value?.files === 'directories' ? ['(__fish_complete_directories)'] : []),
    ];
    const form =
      value === undefined
        ? []
        : [files.includes('-F') ? '-r -F' : '-x', ...(given.length === 0 ? [] : ['-a', word(given.join(' '))])];
    return flags.map((flag) =>
      complete('-n', word(conditions.join('; or ')), '-l', flag.slice(2), ...form, '-d', word(description)),
    );
  });
  const ours = [
    complete('-s', 'h', '-l', 'help', '-d', word('Help')),
    complete('-s', 'v', '-l', 'version', '-d', word('The version')),
  ];
  return `${[about('fish'), complete('-f'), ...commands, ...actions, folders, ...options, ...ours].join('\n')}\n`;
}

/** Every script by the name of its page. */
export function completionPages(): readonly (readonly [Shell, string])[] {
  return SHELLS.map((shell) => [shell, completionPage(shell)]);
}
