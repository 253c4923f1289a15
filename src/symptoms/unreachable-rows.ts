import { NEXT } from '../next-command.ts';
import { symptom, type Symptom } from './symptom.ts';

const CURL = 'curl, lib/connect.c and lib/strerror.c; seen in a run of curl 7.88';
const STATUS = { reason: 'HTTP status $1' } as const;
const TIMED_OUT = { reason: 'the connection timed out' } as const;

/** A server that failed, nothing in time, no name, nobody there. 52x: Cloudflare's own numbers, which have no words of their own. */
export const UNREACHABLE_ROWS: readonly Symptom[] = [
  symptom(
    'MB-140',
    'git',
    'server-failed',
    /RPC failed; HTTP (50[0234]|52[0-6])\b/i,
    'git, remote-curl.c',
    ['error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504'],
    STATUS,
  ),
  symptom(
    'MB-141',
    'curl',
    'server-failed',
    /returned error: (?:HTTP\/[\d.]+ )?(50[0234]|52[0-6])\b/i,
    'curl, lib/http.c; busybox, networking/wget.c; seen in a run of git 2.39 and curl 7.88',
    [
      'curl: (22) The requested URL returned error: 504',
      "fatal: unable to access 'https://git.example/x/': The requested URL returned error: 522",
      'wget: server returned error: HTTP/1.1 504 Gateway Time-out',
    ],
    STATUS,
  ),
  symptom(
    'MB-142',
    'wget',
    'server-failed',
    /\bERROR (50[0234]|52[0-6]): /i,
    'GNU wget, src/http.c; seen in a run of wget',
    ['2021-01-01 10:00:00 ERROR 504: Gateway Time-out.', '2026-11-30 01:03:56 ERROR 520: unknown.'],
    STATUS,
  ),
  symptom(
    'MB-143',
    'go',
    'server-failed',
    /unrecognized import path .*\b(50[0234]|52[0-6])\b/i,
    'Go, cmd/go/internal/vcs/vcs.go',
    [
      'go: gotest.tools/v3@v3.0.2: unrecognized import path "gotest.tools/v3": reading https://gotest.tools/v3?go-get=1: 502 Bad Gateway',
    ],
    {
      cause:
        'The server behind an import path of Go failed for a moment. Go asks it itself where no module proxy is used.',
      hint: 'Try again, or name a module proxy, which knows the path without it.',
      next: NEXT.mirror('gomod', 'https://PROXY'),
    },
  ),
  symptom(
    'MB-144',
    'apt',
    'server-failed',
    /(?:^|\s)(?:50[0234]|52[0-6])\s{2}\S.*\[IP|Failed to fetch \S+\s+(?:50[0234]|52[0-6])\b/i,
    'apt, methods/basehttp.cc; seen in a run of apt 2.6',
    ['  503  Service Unavailable [IP: 192.0.2.1 80]', '  520  unknown [IP: 192.0.2.1 80]'],
  ),
  symptom(
    'MB-145',
    'engine',
    'server-failed',
    /\b50[0234]\s+(?:Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)|\b52[0-6]\s+(?:<none>|unknown\b)/i,
    'Go, net/http/status.go; seen in a run of go 1.26',
    [
      'go: reading https://proxy.example/x/@v/v1.info: 504 Gateway Timeout',
      'unexpected status from GET request to https://hub.example/v2/: 504 Gateway Timeout',
      'go: example.org/x@v1.0.0: reading https://p.example/example.org/x/@v/v1.0.0.info: 522 unknown',
      'unexpected status from HEAD request to https://hub.example/v2/x/manifests/1: 521 <none>',
    ],
  ),
  symptom(
    'MB-146',
    'engine',
    'server-failed',
    /(?:unexpected (?:HTTP )?status|HTTP status|status code)\b.{0,100}\b(?:50[0234]|52[0-6])\b|: (?:Bad Gateway|Gateway Timeout|Service Unavailable)$/i,
    'containerd, core/remotes/docker/fetcher.go; Go, net/http/transport.go; seen in a run of go behind a proxy',
    [
      'failed to copy: httpReadSeeker: failed open: unexpected status code https://hub.example/v2/x/blobs/sha256:ab: 503',
      'go: example.org/x@v1.0.0: Get "https://p.example/example.org/x/@v/v1.0.0.info": Bad Gateway',
    ],
  ),
  symptom(
    'MB-147',
    'curl',
    'server-failed',
    /CONNECT tunnel failed, response (50\d)|Received HTTP code (50\d) from proxy after CONNECT/i,
    'curl, lib/cf-h1-proxy.c; seen in a run of git 2.39',
    ["fatal: unable to access 'https://g.example/o/r/': CONNECT tunnel failed, response 502"],
    { cause: 'The proxy could not reach the host, or failed for a moment.', ...STATUS },
  ),
  symptom(
    'MB-150',
    'git',
    'slow',
    /Operation too slow/i,
    'curl, lib/speedcheck.c',
    ['error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec transferred the last 60 seconds'],
    { reason: 'less than 1000 bytes a second for a minute' },
  ),
  symptom(
    'MB-151',
    'go',
    'silent',
    /TLS handshake timeout/i,
    'Go, net/http/transport.go; seen in a run of go 1.26',
    [
      'net/http: TLS handshake timeout',
      'go: example.org/x@v1.0.0: Get "https://p.example/example.org/x/@v/v1.0.0.info": net/http: TLS handshake timeout',
    ],
    {
      cause:
        'The connection stood, and TLS got no answer. Where other hosts are silent too, large packets are lost on the way: the MTU of the bridge of the engine is larger than that of the route.',
      ...TIMED_OUT,
    },
  ),
  symptom(
    'MB-152',
    'go',
    'silent',
    /i\/o timeout|context deadline exceeded|net\/http: request canceled|Client\.Timeout exceeded/i,
    'Go, net/net.go, context/context.go and net/http/client.go',
    [
      'go: x@v1: Get "https://proxy.example/x": dial tcp 192.0.2.1:443: i/o timeout',
      'Error response from daemon: Get "https://registry.example/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    ],
    TIMED_OUT,
  ),
  symptom(
    'MB-155',
    'apt',
    'silent',
    /Data socket timed out|Could not connect to \S+ \([\d.:a-f]+\), connection timed out|Could not wait for server fd/i,
    'apt, methods/connect.cc and methods/http.cc; seen in a run of apt 2.6',
    [
      'Could not connect to apt.example:80 (192.0.2.1), connection timed out',
      '  Could not wait for server fd - select (11: Resource temporarily unavailable) [IP: 192.0.2.1 443]',
    ],
    TIMED_OUT,
  ),
  symptom(
    'MB-153',
    'curl',
    'silent',
    /Connection timed out|Operation timed out|Timeout was reached|SSL connection timeout|Connection timeout after|Resolving timed out/i,
    CURL,
    [
      'curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received',
      'curl: (28) Connection timed out after 4005 milliseconds',
    ],
    TIMED_OUT,
  ),
  symptom(
    'MB-154',
    'wget',
    'silent',
    /wget: download timed out|Read error at byte \d+\/\d+ \(Connection timed out\)/i,
    'busybox, networking/wget.c; GNU wget, src/retr.c',
    ['wget: download timed out'],
    TIMED_OUT,
  ),
  symptom(
    'MB-156',
    'node',
    'silent',
    /\bETIMEDOUT\b|npm (?:ERR!|error) network timeout/i,
    'Node.js, lib/net.js',
    ['npm ERR! code ETIMEDOUT'],
    TIMED_OUT,
  ),
  symptom(
    'MB-170',
    'apt',
    'no-name-server',
    /Temporary failure (?:in name resolution|resolving)|server misbehaving|\bEAI_AGAIN\b/i,
    'glibc, resolv/gai_strerror.c; Go, net/dnsclient.go',
    [
      "  Temporary failure resolving 'debian.example'",
      'dial tcp: lookup proxy.example on 127.0.0.53:53: server misbehaving',
      'npm ERR! request failed, reason: getaddrinfo EAI_AGAIN registry.example',
    ],
  ),
  symptom(
    'MB-171',
    'git',
    'no-name',
    /no such host|Could not resolve (?:host|proxy|hostname)?:? ?'?([^\s']*)|Name or service not known|unable to resolve host|getaddrinfo ENOTFOUND/i,
    'curl, lib/hostip.c; Go, net/net.go; seen in a run of git, curl, wget and go',
    [
      "fatal: unable to access 'https://git.example/x/': Could not resolve host: git.example",
      'dial tcp: lookup registry.example on 198.51.100.53:53: no such host',
      "wget: unable to resolve host address 'dl.example'",
    ],
    { reason: 'the name $1 does not resolve' },
  ),
  symptom(
    'MB-174',
    'engine',
    'proxy-gone',
    /proxyconnect tcp: dial tcp .*(?:refused|no route|unreachable)/i,
    'Go, net/http/transport.go; seen in a run of docker and go behind a dead proxy',
    ['Get "https://hub.example/v2/": proxyconnect tcp: dial tcp 127.0.0.1:1080: connect: connection refused'],
  ),
  symptom(
    'MB-175',
    'curl',
    'nobody',
    /(?:Failed|Could not|Unable) (?:to )?connect to \[?(?:127\.\d+\.\d+\.\d+|localhost|::1)(?:[\]:]|\s+port\b)/i,
    'curl, lib/connect.c; apt, methods/connect.cc; seen in a run of apt, git and curl behind a dead proxy',
    [
      '  Could not connect to 127.0.0.1:7890 (127.0.0.1). - connect (111: Connection refused)',
      "fatal: unable to access 'https://git.example/x/': Failed to connect to 127.0.0.1 port 7890 after 0 ms: Couldn't connect to server",
    ],
    {
      cause:
        'Nobody takes the connection at a loopback address: the proxy or the server there does not run, or a container asks, for which 127.0.0.1 is itself.',
      hint: 'Start it; let it listen at an address that containers reach, and name that one in the proxy variables; or build with --network host.',
      reason: 'no connection to it',
    },
  ),
  symptom(
    'MB-172',
    'curl',
    'nobody',
    /Failed to connect to (?:\S+) port \d+|Connection refused|Couldn't connect to server|Could not connect to|Unable to connect to|\bECONNREFUSED\b/i,
    'curl, lib/connect.c; apt, methods/connect.cc; seen in a run of git, curl, wget, apt and go',
    [
      "curl: (7) Failed to connect to git.example port 443 after 2 ms: Couldn't connect to server",
      'dial tcp 192.0.2.1:443: connect: connection refused',
      '  Could not connect to apt.example:80 (192.0.2.1). - connect (111: Connection refused)',
    ],
    { reason: 'no connection to it' },
  ),
  symptom(
    'MB-173',
    'kernel',
    'nobody',
    /no route to host|network is unreachable|cannot assign requested address|\b(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)\b/i,
    'Linux, EHOSTUNREACH, ENETUNREACH and EADDRNOTAVAIL',
    [
      'dial tcp 192.0.2.1:443: connect: no route to host',
      'connect: network is unreachable',
      'dial tcp [2001:db8::1]:443: connect: cannot assign requested address',
    ],
    {
      cause: 'There is no way to the host from where the build runs.',
      hint: 'Is the network up there? An IPv6 address on a machine without IPv6 looks like this, too.',
      reason: 'no connection to it',
    },
  ),
  symptom(
    'MB-180',
    'apt',
    'syncing',
    /Hash Sum mismatch|File has unexpected size|Mirror sync in progress/i,
    'apt, apt-pkg/acquire-item.cc',
    [
      'E: Failed to fetch http://debian.example/x.deb  Hash Sum mismatch',
      '   File has unexpected size (1 != 2). Mirror sync in progress?',
    ],
  ),
];
