import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLog, type LogVerdict } from '../../../src/explain/judge-log.ts';
import { LogReader } from '../../../src/explain/log-reader.ts';
import { SYMPTOMS } from '../../../src/symptoms/table.ts';
import { logLines, NotText } from '../../../src/system/files/log-lines.ts';

const LOGS = join(import.meta.dirname, 'logs');

async function judged(source: string | Readable): Promise<LogVerdict> {
  const reader = new LogReader();
  for await (const line of logLines(source)) reader.feed(line);
  return judgeLog(reader.end());
}

function judgedText(text: string): LogVerdict {
  const reader = new LogReader();
  for (const line of text.split('\n')) reader.feed(line);
  return judgeLog(reader.end());
}

interface Expected {
  readonly codes: readonly string[];
  readonly outcome?: LogVerdict['outcome'];
  readonly first?: Record<string, unknown>;
}

const CASES: Readonly<Record<string, Expected>> = {
  'bake-go-tls-timeout.log': {
    codes: ['MB-151'],
    first: {
      stage: 'gowinres',
      place: { file: 'Dockerfile', line: 157 },
      line: expect.objectContaining({ number: 18 }),
    },
  },
  'buildkit-git-gnutls.log': { codes: ['MB-101'], first: { stage: 'runc', place: null } },
  // As people paste it: from the middle of a step on.
  'part-of-a-log.log': {
    codes: ['MB-102'],
    first: { stage: 'containerd', step: '[containerd 2/2] RUN PREFIX=/build /tmp/install/install.sh containerd' },
  },
  'legacy-apt-404.log': {
    codes: ['MB-301'],
    first: { step: 'RUN apt-get update && apt-get install -y libseccomp-dev' },
  },
  'github-retry-then-killed.log': { codes: ['MB-503'], first: { stage: 'build' } },
  'gitlab-no-space.log': { codes: ['MB-501', 'MB-102'] },
  'rawjson-apt-520.log': { codes: ['MB-144'], first: { stage: 'base', url: 'http://apt.example/debian' } },
  'snap.log': { codes: ['MB-607'], first: { step: null } },
  'old-engine-apt.log': { codes: ['MB-517'], first: { stage: 'base' } },
  'image-name-does-not-resolve.log': { codes: ['MB-171'] },
  'plain-http-registry.log': { codes: ['MB-209'] },
  'engine-went-away.log': { codes: ['MB-605'] },
  'component-newer-go.log': { codes: ['MB-701'] },
  'go-security-error.log': { codes: ['MB-401', 'MB-152'] },
  'line-ends.log': { codes: ['MB-511'] },
  'missing-header.log': {
    codes: ['MB-703', 'MB-110'],
    first: { place: { file: 'daemon/graphdriver/btrfs/btrfs.go', line: 8 } },
  },
  'two-tries-ok.log': { codes: [], outcome: 'no-failure' },
  'unknown.log': { codes: [], outcome: 'not-known' },
  'make-only.log': { codes: [], outcome: 'not-known' },
  'terminal.log': { codes: ['MB-104'], first: { stage: 'runc', place: { file: 'Dockerfile', line: 88 } } },
  'docker-permission.log': { codes: ['MB-602'] },
  'powershell-utf16.log': { codes: ['MB-180'] },
};

describe('whole logs', () => {
  it('are all expected', () => {
    expect(readdirSync(LOGS).sort()).toEqual(Object.keys(CASES).sort());
  });

  it.each(Object.entries(CASES))('%s', async (name, { codes, outcome = 'explained', first }) => {
    const verdict = await judged(join(LOGS, name));
    expect(verdict.causes.map(({ row }) => row.code)).toEqual(codes);
    expect(verdict.outcome).toBe(outcome);
    if (first !== undefined) expect(verdict.causes[0]).toMatchObject(first);
  });

  it.each([
    [
      'a transfer cut in TLS is no damage, though git could not unpack the half of it',
      "Cloning into 'runc'...\nerror: RPC failed; curl 56 GnuTLS recv error (-9): Error decoding the received TLS packet.\nfatal: early EOF\nfatal: index-pack failed",
      ['MB-102'],
    ],
    [
      'a pack that does not fit its checksums is damage',
      'error: inflate: data stream error (incorrect data check)\nfatal: pack has bad object at offset 12345: inflate returned -3\nfatal: index-pack failed',
      ['MB-408'],
    ],
    [
      'the proxy at 127.0.0.1, before the package that apt has no list of',
      '#9 1.1   Could not connect to 127.0.0.1:7890 (127.0.0.1). - connect (111: Connection refused)\n#9 1.2 E: Unable to locate package make',
      ['MB-175'],
    ],
    [
      'a tag that the registry does not have',
      'ERROR: failed to solve: golang:1.18.7-bullseye: hub.example/library/golang:1.18.7-bullseye: not found',
      ['MB-303'],
    ],
    [
      'what CMake looked for and does without is no fault',
      '-- Could NOT find Git (missing: GIT_EXECUTABLE)\n-- Configuring done\nERROR: failed to create endpoint m3k on network bridge: adding interface veth1a to bridge docker0 failed: could not find bridge docker0',
      ['MB-623'],
    ],
    [
      'a module proxy that passes the checksum database on and does not answer',
      'go: a@v0.2.0/go.mod: verifying module: a@v0.2.0/go.mod: Get "https://goproxy.example/sumdb/sum.example/lookup/a@v0.2.0": dial tcp 192.0.2.1:443: i/o timeout',
      ['MB-152'],
    ],
    ['the outcome of make alone', 'make: *** [Makefile:155: binary] Error 1', []],
  ])('%s', (_, text, codes) => {
    expect(judgedText(text).causes.map(({ row }) => row.code)).toEqual(codes);
  });

  it('not known: the telling lines are shown with their numbers', async () => {
    const { telling } = await judged(join(LOGS, 'unknown.log'));
    expect(telling.map(({ text }) => text)).toContain('frobnicate: the wibble is not in the wobble');
    expect(telling.every(({ number }) => number > 0)).toBe(true);
  });
});

const MEANT = SYMPTOMS.filter(({ counts }) => counts !== 'never');
const NOISE = [
  'Get:1 http://debian.example buster InRelease [122 kB]',
  'Selecting previously unselected package libkilled-dev.',
  'go: downloading github.com/moby/term v0.0.0-20201216013528-df9cb8a40635',
  '  CC       src/errors/timeout.o',
  '+ make -C /go/src/x BUILDTAGS=netgo',
  '',
  'checking for gzip... yes',
  '####### 12.4%',
  '你好，世界',
];

describe('a symptom in a log', () => {
  it.each(MEANT.flatMap(({ code, samples }) => samples.map((sample) => [code, sample] as const)))(
    '%s alone: %s',
    (code, sample) => {
      const { causes } = judgedText(sample);
      expect(causes.map(({ row }) => row.code)).toEqual([code]);
    },
  );

  it('noise before and after it, in a step that failed, changes nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MEANT),
        fc.array(fc.constantFrom(...NOISE), { maxLength: 40 }),
        fc.array(fc.constantFrom(...NOISE.slice(1)), { maxLength: 40 }),
        fc.constantFrom('', '2026-11-30T01:00:00.1234567Z ', '2024-05-22T12:43:46.962646Z 01O '),
        fc.constantFrom('', '\r'),
        (row, before, after, prefix, end) => {
          const step = [...before, row.samples[0], ...after].map((text, index) => `#7 ${String(index)}.100 ${text}`);
          const log = [
            '#7 [base 3/9] RUN something',
            ...step,
            '#7 ERROR: process "/bin/sh -c something" did not complete successfully: exit code: 1',
            'ERROR: failed to solve: process "/bin/sh -c something" did not complete successfully: exit code: 1',
            'make: *** [Makefile:142: binary] Error 1',
          ].map((line) => prefix + line + end);
          const { causes } = judgedText(log.join('\n'));
          expect(causes.map(({ row: each }) => each.code)).toEqual([row.code]);
          expect(causes[0]?.line.number).toBe(before.length + 2);
        },
      ),
    );
  });

  it('a transport fault of a step that was done afterwards is no cause', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MEANT), (row) => {
        const log = ['#7 [base 3/9] RUN x', `#7 0.100 ${row.samples[0]}`, '#7 DONE 3.0s'];
        expect(judgedText(log.join('\n'))).toMatchObject({ outcome: 'no-failure', causes: [] });
      }),
    );
  });

  it('a clone that failed once and was done the second time is no cause of what came after it', () => {
    const log = [
      '#7 [runc 1/2] RUN x',
      "#7 0.1 fatal: unable to access 'https://git.example/x/': Empty reply from server",
      '#7 0.2 Receiving objects: 100% (3/3), done.',
      '#7 9.9 frobnicate failed',
      '#7 ERROR: process "x" did not complete successfully: exit code: 1',
    ];
    expect(judgedText(log.join('\n'))).toMatchObject({ outcome: 'not-known', causes: [] });
  });

  it('any text at all is judged', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 })), (lines) => {
        const { causes, telling } = judgedText(lines.join('\n'));
        expect(causes.length).toBeLessThanOrEqual(3);
        expect(telling.length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe('logLines', () => {
  const read = async (...parts: Buffer[]) => {
    const lines: string[] = [];
    for await (const line of logLines(Readable.from(parts))) lines.push(line);
    return lines;
  };

  it.each([
    ['gzip', [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]],
    ['zip', [0x50, 0x4b, 3, 4, 0, 0, 0, 0]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]],
    ['binary', [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]],
  ])('refuses %s', async (kind, bytes) => {
    await expect(read(Buffer.from(bytes))).rejects.toThrow(NotText);
    await expect(read(Buffer.from(bytes))).rejects.toMatchObject({ kind });
  });

  it.each(['utf-16le', 'utf8'] as const)(
    'reads %s, with and without a mark, in pieces of any size',
    async (encoding) => {
      const text = 'make: *** [x] Error 1\nzwei – 二\n';
      for (const mark of ['', '\uFEFF']) {
        const bytes = Buffer.from(mark + text, encoding);
        const pieces = [...bytes].map((byte) => Buffer.from([byte]));
        expect(await read(...pieces)).toEqual(text.trimEnd().split('\n'));
        expect(await read(bytes)).toEqual(text.trimEnd().split('\n'));
      }
    },
  );

  it('a line without an end takes no memory', async () => {
    const pieces = Array.from({ length: 200 }, () => Buffer.alloc(64 * 1024, 'x'));
    const lines = await read(...pieces, Buffer.from('\nlast\n'));
    expect(lines.at(-1)).toBe('last');
    expect(lines[0]?.length).toBeLessThan(2 * 1024 * 1024);
  });

  it('nothing has no lines', async () => {
    expect(await read()).toEqual([]);
    expect(await read(Buffer.from('x'))).toEqual(['x']);
  });
});
