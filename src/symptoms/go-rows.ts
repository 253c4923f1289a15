import { NEXT } from '../next-command.ts';
import { symptom, type Symptom } from './symptom.ts';

/** What Go says of the source that it compiles. */
export const GO_ROWS: readonly Symptom[] = [
  symptom(
    'MB-701',
    'go',
    'tree',
    /go\.mod requires go >= (\S+)|requires go >= \S+ \(running go|invalid go version '|note: module requires Go \d/i,
    'Go, cmd/go/internal/gover/toolchain.go and cmd/go/internal/modload',
    [
      'go: go.mod requires go >= 1.26.3 (running go 1.25.10; GOTOOLCHAIN=local)',
      "go: errors parsing go.mod: invalid go version '1.22.0': must match format 1.23",
      'note: module requires Go 1.21',
    ],
    {
      cause: 'A component wants a newer Go than the image of this tree has.',
      hint: 'Build an older version of the component, or name a newer Go image.',
      next: NEXT.image('golang', 'registry.example/library/golang:TAG'),
    },
  ),
  symptom(
    'MB-702',
    'go',
    'tree',
    /package \S+ is not in (?:GOROOT|std)\b|package \S+ is not in std/i,
    'Go, cmd/go/internal/load/pkg.go',
    ['package slices is not in GOROOT (/usr/local/go/src/slices)'],
    {
      cause: 'The source uses a package of a newer Go than the image has.',
      hint: 'Name a newer Go image.',
      next: NEXT.image('golang', 'registry.example/library/golang:TAG'),
    },
  ),
  symptom(
    'MB-705',
    'go',
    'tree',
    /^\S+\.go:\d+:\d+: (?!.*zip:)(?:undefined: |cannot use |syntax error|\S+ redeclared|.*declared and not used|.*imported and not used|too many arguments|not enough arguments|invalid operation|missing return|unknown field)/i,
    'Go, go/types and cmd/compile/internal/syntax',
    ['daemon/config.go:12:4: undefined: foo', 'main.go:3:1: syntax error: unexpected EOF, expecting }'],
    {
      cause: 'The Go compiler refuses a line of the source.',
      hint: 'Where the tree is untouched, the Go of the image is too old or too new for it.',
      next: 'git status --short | head',
    },
  ),
  symptom(
    'MB-711',
    'go',
    'tree',
    /inconsistent vendoring in|is explicitly required in go\.mod, but not marked as explicit in vendor/i,
    'Go, cmd/go/internal/modload/vendor.go',
    ['go: inconsistent vendoring in /go/src/github.com/docker/docker:'],
    {
      cause: 'The folder vendor does not fit go.mod or vendor.mod: the tree was changed, or vendor was cut.',
      hint: 'Take a whole tree.',
      next: 'git status --short | head',
    },
  ),
  symptom(
    'MB-713',
    'go',
    'tree',
    /go: (?:cannot find main module|go\.mod file not found in current directory)|no required module provides package github\.com\/docker\/docker\b|working directory is not part of a module/i,
    'Go, cmd/go/internal/modload/init.go',
    [
      'go: cannot find main module, but found vendor.conf in /go/src/github.com/docker/docker',
      'go: go.mod file not found in current directory or any parent directory; see ‘go help modules’',
    ],
    {
      cause:
        'Go looks for a go.mod, which moby does not have: its source is compiled with GO111MODULE=off, below GOPATH, as its own Dockerfile does.',
      hint: 'Build through the Dockerfile (make binary, or moby-build), not with go build in the tree.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-714',
    'go',
    'tree',
    /cannot find package "[^"]+" in any of/i,
    'Go, cmd/go/internal/load/pkg.go',
    ['cannot find package "github.com/moby/sys/mountinfo" in any of:'],
    {
      cause:
        'Go does not find a package in vendor or below GOPATH: vendor was cut, or the tree does not lie where its import path says.',
      hint: 'Take a whole tree, and build through its Dockerfile.',
      next: 'git status --short | head',
    },
  ),
  symptom(
    'MB-717',
    'moby',
    'tree',
    /missing GOPATH; please see/i,
    'moby, hack/make.sh',
    ['error: missing GOPATH; please see https://golang.org/doc/code.html#GOPATH'],
    {
      cause: 'hack/make.sh ran outside the container that the Dockerfile makes for it.',
      hint: 'Build through the Dockerfile (make binary, or moby-build), not with hack/make.sh on the machine itself.',
      next: NEXT.again(),
    },
  ),
  // The name server, not the host whose name was asked: without this row the words behind it would blame the host.
  symptom(
    'MB-157',
    'go',
    'no-name-server',
    /\blookup \S+(?: on \S+)?: .*(?:no route to host|connection refused|i\/o timeout|network is unreachable|operation not permitted)/i,
    'Go, net/dnsclient_unix.go; the wording behind the last colon is the kernel’s',
    [
      'go: a@v1: Get "https://p.example/a": dial tcp: lookup p.example on 192.0.2.1:53: read udp 172.17.0.2:36832->192.0.2.1:53: read: no route to host',
      'dial tcp: lookup registry.example on 127.0.0.53:53: read udp 127.0.0.1:4->127.0.0.53:53: read: connection refused',
      'dial tcp: lookup registry.example: i/o timeout',
    ],
  ),
  symptom(
    'MB-158',
    'go',
    'silent',
    /Get "https?:\/\/(?:(?!\/sumdb\/)[^"])*\/lookup\/[^"]+@v[^"]*": .*(?:timeout|timed out|deadline|refused|reset|EOF|unreachable|no route)/i,
    'Go, cmd/go/internal/modfetch/sumdb.go; seen in a build on a network that does not reach the database',
    [
      'go: a@v0.2.0/go.mod: verifying module: a@v0.2.0/go.mod: Get "https://sumdb.example/lookup/a@v0.2.0": dial tcp 192.0.2.1:443: i/o timeout',
    ],
    {
      cause:
        'Go asks its checksum database itself, for no module proxy passes it on, and does not reach it from where the build runs.',
      hint: 'Name the same database at its second address, or a module proxy that passes it on. Leave the check on.',
      next: NEXT.mirror('gosumdb', 'sum.golang.google.cn'),
      reason: 'the connection timed out',
    },
  ),
];
