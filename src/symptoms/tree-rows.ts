import { NEXT } from '../next-command.ts';
import { symptom, type Symptom } from './symptom.ts';

/** The source itself, and the programs that work on it. */
export const TREE_ROWS: readonly Symptom[] = [
  symptom(
    'MB-703',
    'compiler',
    'tree',
    /^(?:\S+ )?fatal error: \S+\.h: No such file or directory|: fatal error: \S+\.h: No such file or directory|Package \S+ was not found in the pkg-config search path|No package '\S+' found/i,
    'gcc, libcpp/errors.c; pkg-config, pkg.c',
    [
      'btrfs.go:8:10: fatal error: btrfs/ioctl.h: No such file or directory',
      'Package libsystemd was not found in the pkg-config search path.',
    ],
    {
      cause:
        'A header of a C library is not in the image: its development package was not installed, or has moved in this Debian release.',
      hint: 'Build on the suite of the tree, or leave the part out with DOCKER_BUILDTAGS.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-704',
    'compiler',
    'tree',
    /undefined reference to [`']|cannot find -l\S+|ld: .*unrecognized option|relocation .* can not be used when making/i,
    'GNU ld, ld/ldmain.c and ld/ldfile.c',
    [
      "(.text+0x2e): undefined reference to `seccomp_init'",
      '/usr/bin/ld: cannot find -lseccomp: No such file or directory',
    ],
    {
      cause: 'The linker does not find a library, or another version of it than the source wants.',
      hint: 'Build on the suite of the tree.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-706',
    'compiler',
    'tree',
    /^\S+\.(?:c|cc|cpp|h):\d+:(?:\d+:)? (?:fatal )?error: (?!.*No such file)/i,
    'gcc, gcc/diagnostic.cc; clang',
    ["src/tini.c:150:9: error: implicit declaration of function 'basename'"],
    {
      cause: 'The C compiler refuses a line of the source.',
      hint: 'Where the tree is untouched, the compiler of the image is too new for it: build on the suite of the tree.',
      next: 'git status --short | head',
    },
  ),
  symptom(
    'MB-707',
    'moby',
    'tree',
    /CMake Error|-- Configuring incomplete, errors occurred/i,
    'CMake, Source/cmMessenger.cxx',
    ['CMake Error at CMakeLists.txt:1 (cmake_minimum_required):'],
    {
      cause: 'CMake refuses to configure a component.',
      hint: 'The CMake of the image is too old or too new for it.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-708',
    'apt',
    'tree',
    /unmet dependencies|held broken packages/i,
    'apt, apt-pkg/algorithms.cc',
    [
      'E: Unable to correct problems, you have held broken packages.',
      'The following packages have unmet dependencies:',
    ],
    {
      cause: 'Packages of different Debian releases met: the base image and the sources are not of one suite.',
      hint: 'Take the suite of the image.',
      next: NEXT.suite('bookworm'),
    },
  ),
  symptom(
    'MB-709',
    'shell',
    'tree',
    /^\S*(?:sh|bash): (?:line )?\d+: (?!make|docker)(\S+): (?:command )?not found$|^\S+: line \d+: (?!make|docker)\S+: command not found$|^env: .(?!make|bash)\S+.: No such file or directory|exec: "[^"]+": executable file not found in \$PATH/i,
    'dash, exec.c; bash, execute_cmd.c; Go, os/exec',
    [
      '/bin/sh: 1: cmake: not found',
      'hack/make.sh: line 12: jq: command not found',
      'exec: "git": executable file not found in $PATH',
    ],
    {
      cause: 'A program that a step calls is not in the image.',
      hint: 'Look whether the step before, which installs it, has really done so.',
      next: null,
      counts: 'after',
    },
  ),
  symptom(
    'MB-710',
    'git',
    'tree',
    /not a git repository \(or any|fatal: not a git repository/i,
    'git, setup.c',
    ['fatal: not a git repository (or any of the parent directories): .git'],
    {
      cause: 'A script asks git for the commit, and the tree is no clone.',
      hint: 'Build through moby-build, which hands the commit over, or take a clone.',
      next: NEXT.again(),
      counts: 'after',
    },
  ),
  symptom(
    'MB-712',
    'go',
    'tree',
    /^panic: |^fatal error: all goroutines are asleep|^SIGSEGV: segmentation violation|^Segmentation fault/i,
    'Go, runtime/panic.go; Linux, SIGSEGV',
    ['panic: runtime error: invalid memory address or nil pointer dereference', 'Segmentation fault (core dumped)'],
    {
      cause: 'A program of the build crashed.',
      hint: 'Under an emulator this comes and goes: build on a machine of that architecture. Else report it to the program.',
      next: null,
      counts: 'after',
    },
  ),
  symptom(
    'MB-715',
    'shell',
    'tree',
    /error while loading shared libraries: \S+/i,
    'glibc, elf/dl-load.c',
    [
      'dockerd: error while loading shared libraries: libsystemd.so.0: cannot open shared object file: No such file or directory',
    ],
    {
      cause: 'A program is linked with a library that this machine or this image does not have.',
      hint: 'Install the library, build on the release of Debian that the program will run on, or build it static (target binary).',
      next: NEXT.target('binary'),
    },
  ),
  symptom(
    'MB-716',
    'apt',
    'tree',
    /post-installation script subprocess returned error exit status 1(?:3[2-9]|4\d)\b/i,
    'dpkg, src/main/help.c',
    ['installed libc-bin package post-installation script subprocess returned error exit status 139'],
    {
      cause: 'A program crashed while a package was set up. Under an emulator that is its fault, not the package’s.',
      hint: 'Bring the emulator up to date (binfmt, qemu), build without it (no --emulate), or on a machine of that architecture.',
      next: NEXT.again(),
      counts: 'after',
    },
  ),
];

/** Mostly a consequence: it counts where nothing else is told. */
export const LATE_ROWS: readonly Symptom[] = [
  symptom(
    'MB-901',
    'buildkit',
    'outcome',
    /failed to solve with frontend (?:gateway|dockerfile)\.v\d+.*(?:docker\/dockerfile|frontend)|resolve image config for \S*docker\/dockerfile|failed to load .*frontend|frontend (?!dockerfile\.v0: failed to create LLB).*(?:not found|grpc)/i,
    'BuildKit, frontend/gateway/gateway.go',
    [
      'failed to solve with frontend dockerfile.v0: failed to solve with frontend gateway.v0: failed to load docker/dockerfile:1.2',
    ],
    {
      cause: 'The image that the `# syntax` line names could not be had.',
      hint: "The engine's own frontend may do, or a mirror of the image.",
      next: NEXT.frontendBuiltin(),
      counts: 'after',
    },
  ),
  symptom(
    'MB-902',
    'engine',
    'outcome',
    /failed to resolve source metadata|failed to (?:do request|copy|authorize|fetch (?:anonymous|oauth) token)|pulling from host \S+ failed with status/i,
    'BuildKit, client/llb/sourceresolver; containerd, core/remotes/docker',
    [
      'pulling from host registry.example failed with status code [manifests 1.16]',
      'failed to authorize: failed to fetch anonymous token',
    ],
    {
      cause: 'An image could not be had from its registry, or not whole.',
      hint: 'Is the network of the engine up? Then name another registry.',
      next: NEXT.mirror('image', 'REGISTRY'),
      counts: 'after',
    },
  ),
  symptom(
    'MB-903',
    'go',
    'outcome',
    /reading https?:\/\/\S+\/@v\/|(?:sumdb|\/lookup\/|verifying module).*\b(?:timeout|timed out|deadline)\b/i,
    'Go, cmd/go/internal/modfetch',
    ['go: example.org/x@v1.0.0: reading https://p.example/example.org/x/@v/v1.0.0.zip: stopped'],
    {
      cause: 'Go could not load a module from its module proxy.',
      hint: 'Name another one.',
      next: NEXT.mirror('gomod', 'https://PROXY'),
      counts: 'after',
    },
  ),
  symptom(
    'MB-904',
    'apt',
    'no-package',
    /E: Unable to locate package|has no installation candidate|E: Version '.+' for '.+' was not found/i,
    'apt, apt-private/private-cacheset.cc',
    ['E: Unable to locate package libbtrfs-dev', "E: Package 'cmake' has no installation candidate"],
    { counts: 'after' },
  ),
  symptom(
    'MB-905',
    'apt',
    'outcome',
    /The repository '.*' is not signed\.|is not signed\.$/i,
    'apt, apt-pkg/acquire-item.cc; seen in a run of apt 2.6 after any failure of the first file',
    ["E: The repository 'http://m.example/debian bookworm InRelease' is not signed."],
    {
      cause:
        'apt has no signed list of this suite. Mostly the line before says why: the file did not come, or its signature could not be checked.',
      hint: 'Never turn signatures off. Name another mirror.',
      next: NEXT.mirror('apt', 'http://MIRROR'),
      counts: 'after',
    },
  ),
  symptom(
    'MB-990',
    'make',
    'outcome',
    /make(?:\[\d+\])?: \*\*\* \[.*\] Error \d+/,
    'GNU make, src/job.c',
    ['make: *** [Makefile:132: binary] Error 1'],
    { counts: 'never' },
  ),
  symptom(
    'MB-991',
    'buildkit',
    'outcome',
    /did not complete successfully: exit code: \d+|executor failed running|returned a non-zero code: \d+/i,
    'BuildKit, solver/llbsolver/ops/exec.go; moby, builder/dockerfile/internals.go',
    [
      'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
      "The command '/bin/sh -c apt-get update' returned a non-zero code: 100",
      'executor failed running [/bin/sh -c make]: exit code: 2',
    ],
    { counts: 'never' },
  ),
  symptom(
    'MB-992',
    'buildkit',
    'outcome',
    /failed to solve(?: with frontend \S+)?:|target \S+: failed to solve|^ERROR: |Process completed with exit code \d+|Job failed: exit/i,
    'BuildKit, client/solve.go; buildx, commands/bake.go; runners of GitHub and GitLab',
    [
      'ERROR: target binary: failed to solve: x',
      'Error: Process completed with exit code 2.',
      'ERROR: Job failed: exit code 1',
    ],
    { counts: 'never' },
  ),
];
