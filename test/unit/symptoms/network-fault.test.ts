import { describe, expect, it } from 'vitest';
import { networkFault } from '../../../src/symptoms/table.ts';

describe('networkFault', () => {
  it.each<[string, string, boolean]>([
    ['toomanyrequests: You have reached your unauthenticated pull rate limit.', 'too many requests', true],
    [
      'failed to copy: httpReadSeeker: failed open: unexpected status code https://m.example/v2/: 429 Too Many Requests',
      'too many requests',
      true,
    ],
    ["fatal: unable to access 'https://m.example/': The requested URL returned error: 429", 'too many requests', true],
    [
      'Err:1 http://m.example/debian buster InRelease 429  Too Many Requests [IP: 192.0.2.1 80]',
      'too many requests',
      true,
    ],
    ["fatal: unable to access 'https://m.example/': The requested URL returned error: 502", 'the server failed', true],
    ['  503  Service Unavailable [IP: 192.0.2.1 80]', 'the server failed', true],
    ['go: reading https://proxy.example/x/@v/v1.info: 504 Gateway Timeout', 'the server failed', true],
    [
      'error: RPC failed; curl 18 transfer closed with outstanding read data remaining',
      'the connection broke off',
      true,
    ],
    ['fatal: early EOF', 'the connection broke off', true],
    ['read tcp 192.0.2.1:5->192.0.2.2:443: read: connection reset by peer', 'the connection broke off', true],
    ['failed to copy: unexpected EOF', 'the connection broke off', true],
    [
      'E: Failed to fetch http://m.example/x.deb  Connection failed [IP: 192.0.2.1 80]',
      'the connection broke off',
      true,
    ],
    ['go: x@v1: Get "https://proxy.example/x": dial tcp 192.0.2.1:443: i/o timeout', 'no answer in time', true],
    ['net/http: TLS handshake timeout', 'no answer in time', true],
    ["  Temporary failure resolving 'm.example'", 'no name server answers', true],
    ['E: Failed to fetch http://m.example/x  Hash Sum mismatch', 'the mirror was being synchronised', true],
    [
      'failed to resolve source metadata for m.example/library/golang:1: m.example/library/golang:1: not found',
      'it is not there',
      false,
    ],
    ['manifest for m.example/x:1 not found: manifest unknown', 'it is not there', false],
    [
      'unexpected status from HEAD request to https://m.example/v2/x/manifests/1: 403 Forbidden',
      'the mirror refuses',
      false,
    ],
    ['E: Failed to fetch http://m.example/x.deb  404  Not Found [IP: 192.0.2.1 80]', 'the mirror refuses', false],
    ['x509: certificate signed by unknown authority', 'a certificate is not trusted', false],
    [
      "  Clearsigned file isn't valid, got 'NOSPLIT' (does the network require authentication?)",
      'a page instead of what was asked for',
      false,
    ],
    ['verifying github.com/x/y@v1.0.0: checksum mismatch', 'a signature or a checksum that does not fit', false],
    ["fatal: unable to access 'https://m.example/': Could not resolve host: m.example", 'nobody is there', false],
    ['dial tcp 192.0.2.1:443: connect: connection refused', 'nobody is there', false],
    ['fatal: reference is not a tree: 52b36a2dd837', 'it has no such commit', false],
    ['E: Unable to locate package libseccomp-dev', 'apt has no list with this package', false],
  ])('%s', (line, what, transient) => {
    expect(networkFault(['Cloning into x...', line])).toMatchObject({ what, transient });
  });

  it.each([
    'undefined reference to `seccomp_init`',
    'bash: line 3: syntax error: unexpected EOF while looking for matching',
    'main.go:3:1: syntax error: unexpected EOF, expecting }',
    '/bin/sh: 1: cmake: not found',
    'make: *** [Makefile:404: binary] Error 1',
    'collect2: fatal error: ld terminated with signal 9 [Killed]',
    'exec format error',
  ])('is no word on the network: %s', (line) => {
    expect(networkFault([line])).toBeNull();
  });

  it('a step that still holds apt’s cache passes, and is no mirror’s fault', () => {
    const line = 'E: Could not get lock /var/cache/apt/archives/lock. It is held by process 0';
    expect(networkFault([line])).toMatchObject({
      what: 'a step of an earlier build still runs',
      transient: true,
      local: true,
    });
  });

  it('takes what stays wrong before what passes', () => {
    for (const passes of ['i/o timeout', 'curl: (52) Empty reply from server'])
      expect(networkFault([passes, 'x509: certificate has expired'])?.transient).toBe(false);
  });
});
