import { describe, expect, it } from 'vitest';
import { hintsFor } from '../../../src/make/hints/hints.ts';
import { networkFault } from '../../../src/make/hints/network-fault.ts';
import { isTelling } from '../../../src/make/progress/telling-lines.ts';
import { classifyFetchFailure } from '../../../src/transport/fetch-outcome.ts';
import { triesAfter } from '../../../src/transport/transfer-again.ts';
import { SYMPTOMS, tellsOf } from '../../../src/system/symptoms.ts';

const ROWS = SYMPTOMS.map((row) => [`${row.tool}, ${row.fault}: ${row.sample}`, row] as const);
const WORDS = {
  cut: 'the connection broke off',
  'server-failed': 'the server failed',
  silent: 'no answer in time',
} as const;

describe('the table of symptoms', () => {
  it.each(ROWS)('%s: is shown, tried again, and has a hint', (_, { pattern, fault, sample }) => {
    expect(pattern.test(sample)).toBe(true);
    expect(isTelling(sample)).toBe(true);
    expect(networkFault(['Cloning into x...', sample])).toEqual({ what: WORDS[fault], transient: true });
    expect(hintsFor([sample])).not.toEqual([]);
  });

  it.each(ROWS.filter(([, { fault }]) => fault === 'cut'))('%s: a fetch is tried again', (_, { sample }) => {
    const failure = classifyFetchFailure(sample, false);
    expect(failure.outcome).toBe('broke-off');
    expect(triesAfter(failure)).toBe(1);
  });

  // Lines of public reports (issue trackers of git, curl, Docker).
  it.each([
    "fatal: unable to access 'https://git.example/x/': gnutls_handshake() failed: The TLS connection was non-properly terminated.",
    "fatal: unable to access 'https://git.example/x/': OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to git.example:443 ",
    "fatal: unable to access 'https://git.example/x/': OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104",
    "fatal: unable to access 'https://git.example/x/': Empty reply from server",
    "fatal: unable to access 'https://git.example/x/': Recv failure: Connection reset by peer",
    "fatal: unable to access 'https://git.example/x/': Proxy CONNECT aborted",
    'error: 1370 bytes of body are still expected\nfetch-pack: unexpected disconnect while reading sideband packet',
    "fatal: unable to access 'https://git.example/x/': The requested URL returned error: 504",
    'go: github.com/x/y@v1: unrecognized import path "gotest.tools": https fetch: Get "https://gotest.tools?go-get=1": EOF',
    'wget: server returned error: HTTP/1.1 504 Gateway Time-out',
  ])('%s: passes, for a build and for a fetch', (said) => {
    expect(networkFault(said.split('\n'))?.transient).toBe(true);
    if (said.startsWith('fatal') || said.startsWith('error'))
      expect(triesAfter(classifyFetchFailure(said, false))).toBeGreaterThan(0);
  });

  it.each([
    "fatal: unable to access 'https://git.example/x/': SSL certificate problem: unable to get local issuer certificate",
    'bash: line 3: syntax error: unexpected EOF while looking for matching',
    'main.go:3:1: syntax error: unexpected EOF, expecting }',
    'make: *** [Makefile:504: binary] Error 1',
    'CC ssl_read.o',
    'curl (7.88.1-10) is already the newest version',
    'Setting up curl (7.64.0-4+deb10u2) ...',
    'Get:18 http://apt.example/debian buster/main amd64 curl amd64 7.64.0 [265 kB]',
    'Unpacking libcurl4 (56.1) ...',
  ])('%s: is none of them', (line) => {
    expect(tellsOf(line)).toBe(false);
  });

  it('one server that failed for good goes before a cut', () => {
    expect(networkFault(['curl: (52) Empty reply from server', 'x509: certificate has expired'])?.transient).toBe(
      false,
    );
  });
});
