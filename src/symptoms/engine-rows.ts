import { NEXT } from '../next-command.ts';
import { symptom, type Symptom } from './symptom.ts';

/** The engine, BuildKit, and the programs that make starts. */
export const ENGINE_ROWS: readonly Symptom[] = [
  symptom(
    'MB-605',
    'engine',
    'engine',
    /error during connect|failed to receive status: rpc error|transport is closing|error reading from server: EOF|code = Unavailable|no such job\b|closing transport due to|unknown service containerd\.services/i,
    'grpc-go, internal/transport/http2_client.go; BuildKit, client/solve.go',
    [
      'failed to receive status: rpc error: code = Unavailable desc = transport is closing',
      'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
      'error during connect: Post "http://docker:2375/v1.41/build": EOF',
    ],
    {
      cause:
        'The engine or its builder went away in the middle of the build: it crashed, was restarted, or was killed for memory.',
      hint: 'Look into its log, and try again: the steps that were done are kept.',
      next: 'journalctl -u docker --since "1 hour ago"',
    },
  ),
  symptom(
    'MB-606',
    'buildkit',
    'engine',
    /granting entitlement \S+ is not allowed|(?:network\.host|security\.insecure) is not allowed/i,
    'BuildKit, util/entitlements/entitlements.go',
    ['ERROR: failed to solve: granting entitlement network.host is not allowed by build daemon configuration'],
    {
      cause: "The builder does not allow --network host; the engine's own builder does.",
      hint: 'Use that builder, or make one that allows it.',
      next: 'docker buildx use default',
    },
  ),
  symptom(
    'MB-608',
    'docker',
    'engine',
    /(?:current context|context) "[^"]*" (?:is not found|does not exist|not found)|unable to resolve docker endpoint/i,
    'docker/cli, cli/context/store/errors.go',
    [
      'unable to resolve docker endpoint: context "farm": context not found: open /root/.docker/contexts/meta/x/meta.json: no such file or directory',
    ],
    {
      cause: 'The docker context that is named does not exist.',
      hint: 'Choose one that does, or none.',
      next: 'docker context ls',
    },
  ),
  symptom(
    'MB-609',
    'buildx',
    'engine',
    /no builder "[^"]*" found|ERROR: no (?:valid )?drivers? found|failed to find driver|could not create a builder instance/i,
    'buildx, store/storeutil and builder/builder.go',
    ['ERROR: no builder "farm" found'],
    { cause: 'The builder that is named does not exist.', hint: 'Choose one that does.', next: 'docker buildx ls' },
  ),
  symptom(
    'MB-610',
    'buildx',
    'engine',
    /expected \d+ replicas to be ready|failed to (?:boot|start) builder|booting buildkit.*(?:error|fail)/i,
    'buildx, driver/kubernetes/driver.go',
    ['ERROR: expected 1 replicas to be ready, got 0'],
    {
      cause: 'The builder did not come up.',
      hint: 'Look at what it says of itself.',
      next: 'docker buildx inspect --bootstrap',
    },
  ),
  symptom(
    'MB-611',
    'buildx',
    'engine',
    /additional privileges requested|BUILDX_BAKE_ENTITLEMENTS_FS|-allow fs\.(?:read|write)/i,
    'buildx, commands/bake.go',
    ['ERROR: additional privileges requested'],
    {
      cause: 'bake wants leave to read or write outside of the tree.',
      hint: 'Build through moby-build, which gives it; or allow it on the line of bake.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-612',
    'buildkit',
    'engine',
    /requested experimental feature \S+ is not supported by build server|requested experimental feature|Unsupported frontend opt|requires (?:at least )?(?:dockerfile frontend|BuildKit)/i,
    'BuildKit, frontend/dockerui and solver/pb/caps.go',
    ['requested experimental feature source.ocilayout is not supported by build server, please update buildkitd'],
    {
      cause: 'The builder is too old for a feature of this build.',
      hint: 'Update the engine, or use a newer builder.',
      next: 'docker buildx ls',
    },
  ),
  symptom(
    'MB-613',
    'make',
    'engine',
    /^env: .?make.?: No such file or directory|(?:^|\s)make: (?:command )?not found$/i,
    'coreutils, env.c; bash, execute_cmd.c',
    ["env: 'make': No such file or directory", 'bash: line 1: make: command not found'],
    { cause: 'make is not installed.', hint: 'The checks of the machine say how to install it.', next: NEXT.doctor() },
  ),
  symptom(
    'MB-614',
    'make',
    'engine',
    /make: docker: (?:No such file|Command not found|Permission denied)|docker: (?:command )?not found/i,
    'GNU make, src/job.c; bash, execute_cmd.c',
    ['make: docker: No such file or directory', 'bash: docker: command not found', '/bin/sh: 1: docker: not found'],
    {
      cause: 'make finds no docker client on PATH.',
      hint: 'The checks before a build say how to install one.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-615',
    'make',
    'tree',
    /make: \*\*\* No rule to make target|make: \*\*\* No targets specified and no makefile found/i,
    'GNU make, src/remake.c and src/main.c',
    [
      "make: *** No rule to make target 'binary'.  Stop.",
      'make: *** No targets specified and no makefile found.  Stop.',
    ],
    {
      cause: 'make was started in a folder that has no such target: it is not the top of a moby tree.',
      hint: 'Go to the top of the tree.',
      next: 'ls Makefile Dockerfile hack',
    },
  ),
  symptom(
    'MB-616',
    'engine',
    'engine',
    /error creating (?:overlay mount|aufs mount)|failed to mount .*overlay|failed to prepare \S+ as \S+: |failed to prepare extraction snapshot|failed to convert whiteout file/i,
    'moby, daemon/graphdriver/overlay2/overlay.go; containerd, snapshots/overlay',
    [
      'error creating overlay mount to /var/lib/docker/overlay2/x/merged: invalid argument',
      'ERROR: failed to solve: failed to prepare sha256:ab as xyz: failed to mount: invalid argument',
    ],
    {
      cause: 'The storage driver of the engine cannot work on its file system.',
      hint: 'Put the data of the engine on ext4 or xfs, or use another storage driver.',
      next: 'docker info --format "{{.Driver}}"',
    },
  ),
  symptom(
    'MB-617',
    'engine',
    'engine',
    /OCI runtime (?:create|exec) failed|runc (?:create|run) failed|failed to create shim task|cgroups?: .*(?:not mounted|no such file|does not exist)/i,
    'moby, daemon/start_unix.go; runc, libcontainer',
    [
      'OCI runtime create failed: runc create failed: unable to start container process: error during container init',
      'docker: Error response from daemon: cgroups: cgroup mountpoint does not exist: unknown.',
    ],
    {
      cause: 'The engine could not start a container for a step.',
      hint: 'Try whether it can start any.',
      next: 'docker run --rm busybox true',
      counts: 'after',
    },
  ),
  symptom(
    'MB-618',
    'docker',
    'engine',
    /(?:Dockerfile|dockerfile) parse error|dockerfile parse error on line \d+|unknown instruction: /i,
    'BuildKit, frontend/dockerfile/parser and instructions/parse.go',
    ['ERROR: failed to solve: dockerfile parse error on line 12: unknown instruction: EOT'],
    {
      cause:
        'The frontend that reads the Dockerfile does not understand a line of it: it is older than the syntax that the tree uses.',
      hint: 'Let the frontend be the one that the tree names on its # syntax line.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-619',
    'buildkit',
    'tree',
    /failed to read dockerfile: .*no such file|failed to (?:compute cache key|calculate checksum of ref).*(?:not found|no such file)|COPY failed: .*(?:not found|no such file|stat )|failed to walk .*no such file/i,
    'BuildKit, solver/edge.go and cache/contenthash/checksum.go; moby, builder/dockerfile/copy.go',
    [
      'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x::y: "/hack/dockerfile/install": not found',
      'ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
      'COPY failed: file not found in build context or excluded by .dockerignore: stat hack/test: file does not exist',
    ],
    {
      cause:
        'The Dockerfile, or a file that it copies, is not in the tree: it was cut away, or .dockerignore hides it.',
      hint: 'Take a whole tree.',
      next: 'git status --short | head',
    },
  ),
  symptom(
    'MB-622',
    'moby',
    'engine',
    /can't initialize iptables table|iptables: No chain\/target\/match by that name|Could not fetch rule set generation id|failed to create NAT chain|iptables not found|failed to find iptables/i,
    'moby, libnetwork/iptables; iptables, iptables/nft.c',
    [
      "iptables v1.8.4 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
      'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    ],
    {
      cause:
        'A daemon could not set up its network: iptables is missing, may not be used here, or the kernel lacks its tables.',
      hint: 'Look with doctor --smoke what of it this machine has; in a container the daemon needs --privileged.',
      next: NEXT.doctor(),
    },
  ),
  symptom(
    'MB-623',
    'engine',
    'engine',
    /failed to create endpoint \S+ on network|could not find bridge \S+|network bridge not found|failed to add the host .{0,40}pair interfaces/i,
    'moby, libnetwork/endpoint.go and drivers/bridge',
    [
      'failed to create endpoint m3k on network bridge: adding interface veth1a to bridge docker0 failed: could not find bridge docker0: route ip+net: no such network interface',
    ],
    {
      cause:
        'The engine could not give a step a network: its bridge is gone, or the kernel lacks what it needs (veth, bridge).',
      hint: 'Restart the engine: it makes its bridge anew. --network host does without it.',
      next: 'systemctl restart docker',
    },
  ),
];
