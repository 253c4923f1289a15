import type { HintRow } from './hint-row.ts';

/** For engines, clients and trees that are not set up as a build needs them. */
export const SETUP_HINTS: readonly HintRow[] = [
  {
    id: 'plain-http',
    pattern: /server gave HTTP response to HTTPS client/i,
    means:
      'The registry speaks plain http, and the engine asks by https: the engine takes that from hosts that its insecure-registries names.',
    command: 'docker info --format "{{json .RegistryConfig.IndexConfigs}}"',
  },
  {
    id: 'api-version',
    pattern: /client version \S+ is too (?:old|new)/i,
    means:
      'The docker client and the engine are too far apart in age, or DOCKER_API_VERSION asks for a version that the engine lacks.',
    command: 'docker version',
  },
  {
    id: 'line-ends',
    pattern:
      /(?:env|interpreter).*(?:bash|sh)(?:\\r|\r|\^M)|\$'\\r': command not found|(?:bash|sh)\^M: bad interpreter/i,
    means: 'The scripts of the tree have line ends of Windows: git changed them at checkout (core.autocrlf).',
    command: 'git config core.autocrlf false && git rm -rq --cached . && git reset --hard',
  },
  {
    id: 'not-executable',
    pattern: /(?:^|\s)\S+\.(?:sh|installer): Permission denied/i,
    means:
      'A script of the tree may not be executed: its mode was lost, as in an archive or on a file system without modes.',
    command: 'git checkout -- hack',
  },
];
