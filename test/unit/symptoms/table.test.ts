import { describe, expect, it } from 'vitest';
import { causesOf, networkFault, symptomOf, symptomsOf, SYMPTOMS, tellsOf } from '../../../src/symptoms/table.ts';
import { faultKind } from '../../../src/symptoms/faults.ts';
import { isTelling } from '../../../src/make/progress/telling-lines.ts';
import { classifyFetchFailure } from '../../../src/transport/fetch-outcome.ts';
import { triesAfter } from '../../../src/transport/transfer-again.ts';

const SAMPLES = SYMPTOMS.flatMap((row) => row.samples.map((sample) => [row.code, sample, row] as const));

describe('the table of symptoms', () => {
  it('has at least 60 rows, each with a code of its own, and words', () => {
    expect(SYMPTOMS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(SYMPTOMS.map(({ code }) => code)).size).toBe(SYMPTOMS.length);
    for (const { code, cause, hint, source } of SYMPTOMS) {
      expect(code).toMatch(/^MB-\d{3}$/u);
      for (const words of [cause, hint, source]) expect(words, code).not.toBe('');
    }
  });

  it.each(SAMPLES)('%s: %s', (code, sample) => {
    expect(symptomsOf(sample)[0]?.code).toBe(code);
  });

  it.each(SAMPLES.filter(([, , { fault }]) => faultKind(fault).what !== null))(
    '%s: %s: is a fault of the network or of what keeps it from being asked',
    (_, sample, { fault }) => {
      const { what, passes } = faultKind(fault);
      expect(networkFault(['Cloning into x...', sample])).toMatchObject({ what, transient: passes });
    },
  );

  it.each(SAMPLES.filter(([, , { fault }]) => faultKind(fault).meaning === 'transport'))(
    '%s: %s: is shown, and has a hint',
    (_, sample) => {
      expect(isTelling(sample)).toBe(true);
      expect(causesOf([sample])).not.toEqual([]);
    },
  );

  it.each(SAMPLES.filter(([, , { fault }]) => fault === 'cut'))('%s: %s: a fetch is tried again', (_, sample) => {
    const failure = classifyFetchFailure(sample, false);
    expect(failure.outcome).toBe('broke-off');
    expect(triesAfter(failure)).toBe(1);
  });

  it.each(SAMPLES.filter(([, , { fault }]) => faultKind(fault).meaning === 'tampered'))(
    '%s: %s: is never tried again at the same mirror',
    (_, sample) => {
      expect(networkFault([sample])?.transient ?? false).toBe(false);
      expect(triesAfter(classifyFetchFailure(sample, false))).toBe(0);
    },
  );

  // Lines of public reports (issue trackers of git, curl, Docker).
  it.each([
    "fatal: unable to access 'https://git.example/x/': OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to git.example:443 ",
    'error: 1370 bytes of body are still expected\nfetch-pack: unexpected disconnect while reading sideband packet',
    'go: github.com/x/y@v1: unrecognized import path "gotest.tools": https fetch: Get "https://gotest.tools?go-get=1": EOF',
    'go: gotest.tools/v3@v3.0.2: unrecognized import path "gotest.tools/v3": reading https://gotest.tools/v3?go-get=1: 502 Bad Gateway',
    "fatal: unable to access 'https://git.example/x/': The requested URL returned error: 504",
    "fatal: unable to access 'https://git.example/x/': The requested URL returned error: 526",
    'E: Failed to fetch http://m.example/debian/dists/bookworm/InRelease  520  unknown [IP: 192.0.2.1 80]',
  ])('%s: passes, for a build and for a fetch', (said) => {
    expect(networkFault(said.split('\n'))?.transient).toBe(true);
    if (/^(?:fatal|error)/u.test(said)) expect(triesAfter(classifyFetchFailure(said, false))).toBeGreaterThan(0);
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
  ])('%s: tells of no fault of transport', (line) => {
    expect(tellsOf(line)).toBe(false);
  });

  it.each([
    'Get:1 http://debian.example buster InRelease [122 kB]',
    'Get:520 http://debian.example buster/main amd64 x amd64 1.0 [503 kB]',
    'Step 3/4 : RUN make',
    'go: downloading github.com/moby/term v0.0.0-20201216013528-df9cb8a40635',
    'go: downloading github.com/hashicorp/go-cleanhttp v0.5.2',
    'Selecting previously unselected package libkilled-dev.',
    'Unpacking libzip4 (1.7.3-1) ...',
    'Setting up ca-certificates (20200601~deb10u2) ...',
    'checking for gzip... not found',
    '#define TIMEOUT 504',
    'CC errors/timeout.o',
    'Receiving objects: 100% (502/502), 504.00 KiB | 5.20 MiB/s, done.',
    '  Compiling EOF',
    '',
  ])('knows nothing of %j', (line) => {
    expect(symptomsOf(line)).toEqual([]);
  });

  it('says the cause before its consequence', () => {
    const lines = ["  Temporary failure resolving 'debian.example'", 'E: Unable to locate package cmake'];
    expect(causesOf(lines).map(({ code }) => code)).toEqual(['MB-170', 'MB-904']);
  });

  it('a wish of make that failed is no cause', () => {
    expect(causesOf(['make: *** [Makefile:132: binary] Error 1'])).toEqual([]);
  });

  it('finds a row by its code, and none for another word', () => {
    expect(symptomOf('mb-101')?.tool).toBe('git');
    expect(symptomOf('MB-000')).toBeUndefined();
  });
});

describe('networkFault', () => {
  it('an old engine is at fault where apt cannot check a signature, not the mirror', () => {
    const lines = [
      'W: GPG error: http://deb.example/debian bookworm InRelease: At least one invalid signature was encountered.',
      "E: The repository 'http://deb.example/debian bookworm InRelease' is not signed.",
    ];
    expect(networkFault(lines)).toMatchObject({ local: true, transient: false });
    expect(causesOf(lines)[0]?.code).toBe('MB-517');
  });

  it('an alteration is never taken for a fault that passes', () => {
    const lines = ['go: x: Get "https://p.example": i/o timeout', 'verifying module: SECURITY ERROR'];
    expect(networkFault(lines)).toMatchObject({ transient: false });
    expect(causesOf(lines)[0]?.code).toBe('MB-401');
  });
});
