/**
 * How a program says that the network, and not the tree, is what failed. One table: the hints and the fail-over of a build, the lines
 * that are shown of a failed step, and the fetches of this machine all read it.
 */
export type TransportFault =
  /** A connection that was there broke off: in TLS, in the head of the answer, or in the middle of it. It may hold the next time. */
  | 'cut'
  /** The server, or a gateway before it, says that it failed (RFC 9110, 15.6). It may work the next time. */
  | 'server-failed'
  /** Nothing came in time. */
  | 'silent';

export interface Symptom {
  /** Who prints it. */
  readonly tool: 'git' | 'curl' | 'wget' | 'apt' | 'go' | 'engine' | 'ssh';
  readonly fault: TransportFault;
  readonly pattern: RegExp;
  /** Where the wording is from. */
  readonly source: string;
  /** A line as it is printed. */
  readonly sample: string;
}

const GTLS = 'curl, lib/vtls/gtls.c, and GnuTLS, lib/errors.c';
const OPENSSL = 'curl, lib/vtls/openssl.c';
const CURL = 'curl, lib/strerror.c and lib/transfer.c';
const WGET = 'GNU wget, src/retr.c, src/http.c, src/gnutls.c';
const BUSYBOX = 'busybox, networking/wget.c';
const APT = 'apt, methods/connect.cc, methods/http.cc';
const GO = 'Go, net/http, crypto/tls';
const GIT = 'git, remote-curl.c, fetch-pack.c, pkt-line.c';

export const SYMPTOMS: readonly Symptom[] = [
  // git and curl with GnuTLS (Debian's git).
  cut(
    'git',
    /gnutls_handshake\(\) failed: (?:Error in the p(?:ull|ush) function|The TLS connection was non-properly terminated|A TLS packet with unexpected length was received|The operation timed out|Resource temporarily unavailable)/i,
    GTLS,
    "fatal: unable to access 'https://git.example/x/': gnutls_handshake() failed: Error in the pull function.",
  ),
  cut(
    'git',
    /GnuTLS (?:recv|send) error \(-?\d+\)/i,
    GTLS,
    'error: RPC failed; curl 56 GnuTLS recv error (-110): The TLS connection was non-properly terminated.',
  ),
  cut(
    'git',
    /The TLS connection was non-properly terminated|Error in the p(?:ull|ush) function/i,
    GTLS,
    'Err:1 https://apt.example/debian buster InRelease Could not handshake: Error in the pull function. [IP: 192.0.2.1 443]',
  ),
  // git and curl with OpenSSL.
  cut(
    'curl',
    /SSL_ERROR_(?:SYSCALL|ZERO_RETURN)/i,
    OPENSSL,
    'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to dl.example:443',
  ),
  cut(
    'curl',
    /unexpected eof while reading/i,
    'OpenSSL 3, ssl/record/rec_layer_s3.c',
    'curl: (56) OpenSSL SSL_read: error:0A000126:SSL routines::unexpected eof while reading, errno 0',
  ),
  cut(
    'curl',
    /OpenSSL SSL_(?:connect|read|write): (?:Connection reset|Broken pipe|Connection closed)/i,
    OPENSSL,
    'curl: (35) OpenSSL SSL_connect: Connection reset by peer in connection to dl.example:443',
  ),
  cut(
    'curl',
    /SSL_read\(\) (?:failed|returned error)|TLS connect error: .*unexpected eof/i,
    OPENSSL,
    'curl: (35) TLS connect error: error:0A000126:SSL routines::unexpected eof while reading',
  ),
  cut('curl', /Empty reply from server|Server returned nothing/i, CURL, 'curl: (52) Empty reply from server'),
  cut(
    'curl',
    /transfer closed with (?:\S+ bytes remaining|outstanding read data)|end of response with \d+ bytes missing/i,
    CURL,
    'curl: (18) transfer closed with 1048576 bytes remaining to read',
  ),
  cut(
    'curl',
    /\bcurl:? \(?(?:16|18|52|55|56|92|95)\)?(?!\d)/i,
    'libcurl-errors(3)',
    'curl: (92) HTTP/2 stream 0 was not closed cleanly: INTERNAL_ERROR (err 2)',
  ),
  cut(
    'curl',
    /HTTP\/[23] stream \d+ was (?:not closed cleanly|reset)|Error in the HTTP[23] (?:framing )?layer/i,
    'curl, lib/http2.c',
    'error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)',
  ),
  cut(
    'curl',
    /(?:Recv|Send) failure:? |Failure when receiving data from the peer|Failed sending data to the peer/i,
    CURL,
    'curl: (56) Recv failure: Connection reset by peer',
  ),
  cut('curl', /Proxy CONNECT aborted/i, 'curl, lib/cf-h1-proxy.c', 'curl: (56) Proxy CONNECT aborted'),
  // git's own words.
  cut(
    'git',
    /RPC failed(?!; HTTP [45])|early EOF|unexpected disconnect|hung up unexpectedly|expected flush after|bad pack header|unable to read (?:askpass )?sideband/i,
    GIT,
    'fatal: the remote end hung up unexpectedly',
  ),
  cut(
    'ssh',
    /kex_exchange_identification: (?:Connection closed|read: Connection reset)|ssh_exchange_identification: |Connection closed by \S+ port \d+/i,
    'OpenSSH, kex.c, packet.c',
    'kex_exchange_identification: Connection closed by remote host',
  ),
  // wget.
  cut(
    'wget',
    /Read error at byte \d+|Read error \(.*\) in headers|Unable to establish SSL connection|No data received\.|Connection closed at byte \d+/i,
    WGET,
    'Unable to establish SSL connection.',
  ),
  cut(
    'wget',
    /wget: (?:error getting response|connection closed prematurely|short read)/i,
    BUSYBOX,
    'wget: connection closed prematurely',
  ),
  // apt.
  cut(
    'apt',
    /Connection failed \[IP|Error reading from server|Error writing to (?:file|server|socket)|Undetermined Error \[IP|Could not handshake: /i,
    APT,
    'E: Failed to fetch http://apt.example/x.deb  Error reading from server. Remote end closed connection [IP: 192.0.2.1 80]',
  ),
  // Go, and what is written in it: the engine, BuildKit, containerd.
  cut(
    'go',
    /connection reset by peer|Connection reset\b|broken pipe/i,
    GO,
    'read tcp 192.0.2.1:5->192.0.2.2:443: read: connection reset by peer',
  ),
  cut(
    'go',
    /(?<!syntax error: )unexpected EOF\s*$|: EOF\s*$/i,
    GO,
    'go: example.org/x@v1.0.0: Get "https://goproxy.example/example.org/x/@v/v1.0.0.mod": EOF',
  ),
  cut(
    'go',
    /http2: (?:server sent GOAWAY|client connection lost|client connection force closed|timeout awaiting response headers)|stream error: stream ID \d+; (?:INTERNAL_ERROR|PROTOCOL_ERROR|REFUSED_STREAM|CANCEL)|http: server closed idle connection|tls: (?:bad record MAC|unexpected message|use of closed connection)|use of closed network connection/i,
    GO,
    'go: downloading example.org/x v1.0.0: stream error: stream ID 41; INTERNAL_ERROR; received from peer',
  ),
  cut(
    'engine',
    /short read: expected \d+ bytes but got \d+|failed to read expected number of bytes|httpReadSeeker: failed (?:open|read):.*EOF/i,
    'containerd, core/remotes/docker',
    'failed to copy: short read: expected 1048576 bytes but got 4096: unexpected EOF',
  ),
  // A server, or a gateway before it. 52x: Cloudflare's own numbers.
  failed(
    'engine',
    /\b50[0234]\s+(?:Internal Server Error|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)|\b52[0-6]\s+<none>/i,
    'RFC 9110, 15.6',
    'go: gotest.tools/v3@v3.0.2: unrecognized import path "gotest.tools/v3": reading https://gotest.tools/v3?go-get=1: 502 Bad Gateway',
  ),
  failed(
    'curl',
    /returned error: (?:HTTP\/[\d.]+ )?(?:50[0234]|52[0-6])\b/i,
    'curl, lib/http.c; busybox, networking/wget.c',
    'curl: (22) The requested URL returned error: 504',
  ),
  failed('wget', /\bERROR (?:50[0234]|52[0-6]): /i, WGET, '2021-01-01 10:00:00 ERROR 504: Gateway Time-out.'),
  failed(
    'engine',
    /(?:unexpected (?:HTTP )?status|HTTP status|status code)\b.{0,100}\b(?:50[0234]|52[0-6])\b/i,
    'containerd, core/remotes/docker/fetcher.go',
    'unexpected status from GET request to https://hub.example/v2/: 504 Gateway Timeout',
  ),
  failed(
    'git',
    /RPC failed; HTTP (?:50[0234]|52[0-6])\b/i,
    GIT,
    'error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504',
  ),
  // Nothing came.
  silent(
    'go',
    /TLS handshake timeout|i\/o timeout|context deadline exceeded|net\/http: request canceled|Client\.Timeout exceeded/i,
    GO,
    'net/http: TLS handshake timeout',
  ),
  silent(
    'curl',
    /Connection timed out|Operation timed out|Operation too slow|Timeout was reached|SSL connection timeout|Connection timeout after|Resolving timed out/i,
    CURL,
    'curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received',
  ),
  silent(
    'wget',
    /wget: download timed out|Read error at byte \d+\/\d+ \(Connection timed out\)/i,
    BUSYBOX,
    'wget: download timed out',
  ),
  silent(
    'apt',
    /Data socket timed out|Could not connect to \S+ \([\d.:a-f]+\), connection timed out/i,
    APT,
    'Could not connect to apt.example:80 (192.0.2.1), connection timed out',
  ),
];

type Make = (tool: Symptom['tool'], pattern: RegExp, source: string, sample: string) => Symptom;

function cut(...[tool, pattern, source, sample]: Parameters<Make>): Symptom {
  return { tool, fault: 'cut', pattern, source, sample };
}

function failed(...[tool, pattern, source, sample]: Parameters<Make>): Symptom {
  return { tool, fault: 'server-failed', pattern, source, sample };
}

function silent(...[tool, pattern, source, sample]: Parameters<Make>): Symptom {
  return { tool, fault: 'silent', pattern, source, sample };
}

/** Whether a text tells of this fault, or of any where none is named. Pure. */
export function tellsOf(text: string, fault?: TransportFault): boolean {
  return SYMPTOMS.some((row) => (fault === undefined || row.fault === fault) && row.pattern.test(text));
}
