import { NEXT } from '../next-command.ts';
import { symptom, type Symptom } from './symptom.ts';

/** The docker client, and its way to the engine. */
export const CLIENT_ROWS: readonly Symptom[] = [
  symptom(
    'MB-601',
    'docker',
    'engine',
    /unknown flag: --(?:output|mount|target|platform|progress|secret|load|build-context|allow|set|print|metadata-file|provenance|attest|builder|cache-from|cache-to)\b|unknown shorthand flag: 'f' in -f|Unknown flag: mount|the --(?:mount|chmod|chown) option requires BuildKit|buildx component is missing or broken|BuildKit is enabled but|docker: 'buildx' is not a docker command|unknown (?:docker )?command: (?:docker )?buildx/i,
    'docker/cli, cmd/docker/builder.go; moby, builder/dockerfile/parser',
    [
      'unknown flag: --output',
      'unknown flag: --allow',
      'ERROR: BuildKit is enabled but the buildx component is missing or broken.',
      'Error response from daemon: Dockerfile parse error line 13: Unknown flag: mount',
      "docker: 'buildx' is not a docker command.",
      "unknown shorthand flag: 'f' in -f",
    ],
    {
      cause: 'This docker client cannot build with BuildKit, or its buildx is missing or too old.',
      hint: 'The checks before a build say how to install what is missing.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-602',
    'docker',
    'permission',
    /permission denied while trying to connect to the Docker (?:daemon|API)|dial unix \S+: connect: permission denied/i,
    'moby, client/request.go',
    [
      'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'permission denied while trying to connect to the Docker API at unix:///var/run/docker.sock',
    ],
    {
      cause: 'This user may not talk to the engine.',
      hint: 'Run as root, or as a member of the group docker.',
      next: NEXT.doctor(),
    },
  ),
  symptom(
    'MB-603',
    'docker',
    'engine',
    /client version \S+ is too (?:old|new)|M(?:inimum|aximum) supported API version is/i,
    'moby, api/server/middleware/version.go',
    [
      'Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
      'Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41',
    ],
    {
      cause:
        'The docker client and the engine are too far apart in age, or DOCKER_API_VERSION asks for a version that the engine lacks.',
      hint: 'Unset DOCKER_API_VERSION, or bring the older of the two up to date.',
      next: 'docker version',
    },
  ),
  symptom(
    'MB-604',
    'docker',
    'engine',
    /Cannot connect to the Docker daemon|docker_engine: The system cannot find the file|Is the docker daemon running|failed to connect to the docker API at/i,
    'moby, client/errors.go; seen in a run of docker 28.2.2',
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'ERROR: Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?',
    ],
    { cause: 'The engine is not there, or went away.', hint: 'Start it, and try again.', next: NEXT.doctor() },
  ),
  symptom(
    'MB-607',
    'docker',
    'engine',
    /unable to evaluate symlinks in Dockerfile path: lstat \/var\/lib\/snapd|\/var\/lib\/snapd\/void|snap-confine|\/snap\/docker\/.*permission denied/i,
    'docker/cli, cli/command/image/build/context.go',
    [
      'unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /var/lib/snapd/void/Dockerfile: no such file or directory',
    ],
    {
      cause:
        'This docker client is from snap: it reads the home folder only, and in it no folder whose name begins with a dot.',
      hint: 'Put the work dir where it may read (--work-dir), or install another client.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-620',
    'docker',
    'engine',
    /error getting credentials - err:|docker-credential-\S+(?:": executable file not found| not installed or not available)/i,
    'docker/cli, cli/config/credentials and docker-credential-helpers, client/client.go',
    [
      'ERROR: failed to solve: golang:1.21: error getting credentials - err: exec: "docker-credential-desktop.exe": executable file not found in $PATH, out: ``',
      'ERROR: failed to solve: error getting credentials - err: exit status 1, out: `no usernames for https://index.docker.io/v1/`',
    ],
    {
      cause: 'The docker client asks a program for its logins, and that program is not there or fails.',
      hint: 'Take credsStore or credHelpers out of the configuration of docker, or install the program. Public images need no login.',
      next: 'grep -n cred ~/.docker/config.json',
    },
  ),
  symptom(
    'MB-621',
    'buildx',
    'engine',
    /Multi-platform build is not supported for the docker driver|multiple platforms feature is currently not supported for docker driver|docker exporter does not (?:currently )?support exporting manifest lists/i,
    'buildx, driver/docker/driver.go and build/build.go',
    [
      'ERROR: Multi-platform build is not supported for the docker driver.',
      'ERROR: docker exporter does not currently support exporting manifest lists',
    ],
    {
      cause: 'Several architectures were asked of one build, which this builder or the way out of it cannot do.',
      hint: 'Build each architecture by itself; moby-build matrix does that for a list.',
      next: NEXT.help('matrix'),
    },
  ),
];
