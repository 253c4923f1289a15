import { describe, expect, it } from 'vitest';
import { HINT_IDS, hintsFor } from '../../../src/make/hints/hints.ts';

/** One or more lines for each row, each of which must lead to that row first. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  'no-space': [
    'write /go/pkg: no space left on device',
    "E: You don't have enough free space in /var/cache/apt/archives/.",
  ],
  'out-of-memory': [
    '/usr/local/go/pkg/tool/linux_arm64/link: signal: killed',
    'collect2: fatal error: ld terminated with signal 9 [Killed]',
    'did not complete successfully: exit code: 137',
  ],
  'foreign-architecture': [
    'exec /bin/sh: exec format error',
    'standard_init_linux.go:228: exec user process caused: exec format error',
  ],
  'emulator-crash': ['qemu: uncaught target signal 11 (Segmentation fault) - core dumped'],
  'illegal-instruction': ['Illegal instruction (core dumped)'],
  'no-buildkit': [
    'unknown flag: --output',
    'ERROR: BuildKit is enabled but the buildx component is missing or broken.',
  ],
  'no-engine': ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'],
  'no-permission': [
    'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
  ],
  entitlement: [
    'ERROR: failed to solve: granting entitlement network.host is not allowed by build daemon configuration',
  ],
  'rate-limit': ['toomanyrequests: You have reached your pull rate limit.', 'unexpected status: 429 Too Many Requests'],
  banned: [
    '  403  Forbidden [IP: 198.51.100.7 80]',
    "fatal: unable to access 'https://git.example/': The requested URL returned error: 403",
  ],
  'proxy-login': [
    "fatal: unable to access 'https://git.example/x/': Received HTTP code 407 from proxy after CONNECT",
    'Proxy Authentication Required',
  ],
  login: [
    "fatal: could not read Username for 'https://git.example': No such device or address",
    'E: Failed to fetch https://apt.example/debian/dists/buster/InRelease  401  Unauthorized [IP: 198.51.100.7 443]',
    'go: example.org/x@v1.0.0: reading https://goproxy.example/example.org/x/@v/v1.0.0.info: 401 Unauthorized',
    'failed to resolve source metadata for registry.example/golang:1.16: unexpected status from HEAD request: 401 Unauthorized',
    'no basic auth credentials',
  ],
  'not-valid-yet': [
    'E: Release file for http://debian.example/debian/dists/buster/InRelease is not valid yet (invalid for another 2h 1s).',
  ],
  'release-expired': [
    'E: Release file for http://debian.example/debian/dists/buster/InRelease is expired (invalid since 2d 1s).',
  ],
  'release-gone': [
    "E: The repository 'http://debian.example/debian buster Release' does not have a Release file.",
    '  404  Not Found [IP: 198.51.100.7 80]',
  ],
  'no-pubkey': [
    "The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9",
  ],
  'apt-locked': [
    'E: Could not get lock /var/cache/apt/archives/lock. It is held by process 0',
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 71 (apt-get)',
  ],
  'mirror-in-sync': [
    'E: Failed to fetch http://debian.example/x.deb  Hash Sum mismatch',
    '   File has unexpected size (1 != 2). Mirror sync in progress?',
  ],
  'checksum-database': [
    'go: example.org/x@v1.0.0: verifying module: example.org/x@v1.0.0: Get "https://sum.example/lookup/x": dial tcp: i/o timeout',
    'SECURITY ERROR',
  ],
  'image-damaged': [
    'failed commit on ref "config-sha256:8c0272": unexpected commit digest sha256:3f4c63, expected sha256:8c0272: failed precondition',
  ],
  'module-damaged': [
    'verifying example.org/x@v1.0.0: checksum mismatch',
    '/go/src/x/main.go:6:2: zip: not a valid zip file',
  ],
  'module-proxy': [
    'go: example.org/x@v1.0.0: Get "https://go.example/x/@v/v1.0.0.mod": dial tcp 198.51.100.7:443: i/o timeout',
  ],
  frontend: [
    'failed to solve with frontend dockerfile.v0: failed to solve with frontend gateway.v0: failed to load docker/dockerfile:1.2',
  ],
  'image-source': [
    'ERROR: failed to solve: golang:1.16: failed to resolve source metadata for docker.io/library/golang:1.16: no such host',
    'no match for platform in manifest sha256:ab: not found',
    'failed to solve with frontend dockerfile.v0: failed to create LLB definition: hub.example/djs55/vpnkit:0.5.0: not found',
    'failed to read expected number of bytes: unexpected EOF',
    'encountered unknown type text/html; children may not be fetched',
  ],
  tls: [
    'x509: certificate signed by unknown authority',
    'curl: (60) SSL certificate problem: unable to get local issuer certificate',
  ],
  'git-dumb-http': ['fatal: dumb http transport does not support shallow capabilities'],
  'git-broken-off': ['error: RPC failed; curl 56 Recv failure', 'fatal: early EOF'],
  'git-commit-missing': ['fatal: reference is not a tree: 52b36a2dd837e8462de8e01458bf02cf9eea47dd'],
  'no-such-host': [
    "fatal: unable to access 'https://git.example/x/': Could not resolve host: git.example",
    "  Temporary failure resolving 'debian.example'",
    'dial tcp: lookup registry.example on 198.51.100.53:53: no such host',
  ],
  timeout: [
    'dial tcp 198.51.100.7:443: i/o timeout',
    'net/http: TLS handshake timeout',
    'curl: (7) Failed to connect to git.example port 443',
  ],
  'broken-off': [
    "fatal: unable to access 'https://git.example/x/': gnutls_handshake() failed: Error in the pull function.",
    'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to dl.example:443',
    'curl: (52) Empty reply from server',
  ],
  'server-failed': ["fatal: unable to access 'https://git.example/x/': The requested URL returned error: 504"],
  'no-answer': ['wget: download timed out'],
  'plain-http': [
    'Error response from daemon: Get "https://192.0.2.5:5000/v2/": http: server gave HTTP response to HTTPS client',
  ],
  'api-version': [
    'Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
  ],
  'line-ends': [
    "env: 'bash\\r': No such file or directory",
    '/usr/bin/env: ‘bash\\r’: No such file or directory',
    '/bin/bash^M: bad interpreter: No such file or directory',
  ],
  'not-executable': [
    '/bin/sh: 1: /tmp/install/install.sh: Permission denied',
    '/tmp/install/tini.installer: Permission denied',
  ],
  'package-missing': ['E: Unable to locate package libbtrfs-dev', "E: Package 'cmake' has no installation candidate"],
  dependencies: ['E: Unable to correct problems, you have held broken packages.'],
  'no-git-commit': ['error: .git directory missing and DOCKER_GITCOMMIT not specified'],
  'dubious-ownership': ["fatal: detected dubious ownership in repository at '/src'"],
  'no-make': ["env: 'make': No such file or directory"],
  'no-docker': ['make: docker: No such file or directory', 'bash: docker: command not found'],
};

describe('hintsFor', () => {
  it('has a sample for every row, and a row for every sample', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual([...HINT_IDS].sort());
  });

  it.each(Object.entries(SAMPLES).flatMap(([id, lines]) => lines.map((line) => [id, line] as const)))(
    '%s: %s',
    (id, line) => {
      expect(hintsFor([line])[0]?.id).toBe(id);
    },
  );

  it('says the cause before its consequence', () => {
    const lines = ["  Temporary failure resolving 'debian.example'", 'E: Unable to locate package cmake'];
    expect(hintsFor(lines).map(({ id }) => id)).toEqual(['no-such-host', 'package-missing']);
  });

  it.each([
    'Get:1 http://debian.example buster InRelease [122 kB]',
    'Step 3/4 : RUN make',
    'go: downloading github.com/moby/term v0.0.0-20201216013528-df9cb8a40635',
    'Selecting previously unselected package libkilled-dev.',
    '#define TIMEOUT 504',
    '',
  ])('says nothing of %j', (line) => {
    expect(hintsFor([line])).toEqual([]);
  });
});
